/**
 * Three writers and three readers over WebSockets, lines that are broken and stopped at random, a server that is killed and
 * started again on its log: nothing is lost, nothing comes twice, and the order is one (law 61). `npm run chaos`; with
 * `-- --messages 1000000` for longer, and `-- --seed 7` for the same choices.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readers } from './reader.js';
import { ServerProcess } from './server-process.js';
import { Sockets } from './sockets.js';
import { verify } from './verify.js';
import { type Acknowledged, write } from './writer.js';

const WRITERS = 3;
/** Milliseconds that readers may take when all is written. */
const PATIENCE = 60_000;

const { values } = parseArgs({ options: { messages: { type: 'string' }, seed: { type: 'string' } } });
const messages = Number(values.messages ?? 45_000);
const seed = Number(values.seed ?? Date.now() % 100_000);
let state = seed + 1;
const random = (): number => (state = Math.imul(state, 48_271) >>> 0) / 2 ** 32;

const faults: string[] = [];
const began = performance.now();
const server = new ServerProcess();
await server.open();
const sockets = new Sockets(random);
const dial = (): ReturnType<Sockets['dial']> => sockets.dial(server.url);

const acknowledged: Acknowledged = new Map();
const reading = readers(dial, random, faults);
const progress = { done: false };
const written = Promise.all(
  Array.from({ length: WRITERS }, (_, writer) => write(dial, writer, messages / WRITERS, acknowledged, faults)),
).then(() => (progress.done = true));

/** The server is killed as messages come in, not as time goes by: a fast machine is done before that. */
const killing = { every: messages / 10, at: (random() * messages) / 10 };
while (!progress.done && faults.length === 0) {
  await Promise.race([pause(20 + random() * 80), written]);
  sockets.disturb();
  if (acknowledged.size < killing.at) continue;
  killing.at = acknowledged.size + killing.every * (0.5 + random());
  await server.killAndRestart();
}
const writtenAfter = performance.now() - began;

const last = Math.max(...acknowledged.values());
const limit = performance.now() + PATIENCE;
while (faults.length === 0 && reading.some(({ clock }) => clock < last) && performance.now() < limit) await pause(20);
faults.push(...verify(reading, acknowledged));

for (const reader of reading) reader.close();
await server.close();
const { broken, stopped, dials } = sockets;
const { kills } = server;
console.log({
  seed,
  acknowledged: acknowledged.size,
  last,
  kills,
  broken,
  stopped,
  dials,
  seconds: Number(((performance.now() - began) / 1000).toFixed(1)),
  writing: Number((writtenAfter / 1000).toFixed(1)),
  faults: faults.slice(0, 20),
});
if (faults.length > 0 || acknowledged.size < messages || kills < 3 || broken < 10) process.exitCode = 1;
