/**
 * Three writers and three readers over WebSockets, lines that are broken and stopped at random, a server that is killed and
 * started again on its log: nothing is lost, nothing comes twice, and the order is one (law 61).
 *
 *     npm run chaos                     # writes for five minutes
 *     npm run chaos -- --seconds 60     # as long as you like; never less than 40,000 messages
 *     npm run chaos -- --seed 7         # the same choices again
 *
 * Readers that were stopped take about a quarter longer. About 0.7 GB for 600,000 messages: all are compared at the end.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Patience } from './patience.js';
import { readers } from './reader.js';
import { ServerProcess } from './server-process.js';
import { Sockets } from './sockets.js';
import { verify } from './verify.js';
import { type Acknowledged, write } from './writer.js';

const WRITERS = 3;
/** So many messages are written, also where that takes longer. */
const LEAST = 40_000;
/** A server lives for so many messages, on average: however fast the machine is, it is killed. */
const LIFE = 4_500;

const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' } } });
const seconds = Number(values.seconds ?? 300);
if (!(seconds >= 0)) throw new RangeError(`--seconds: '${values.seconds}' is no number of seconds`);
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
const isOver = (): boolean =>
  faults.length > 0 || (performance.now() - began >= seconds * 1000 && acknowledged.size >= LEAST);
const progress = { done: false };
const written = Promise.all(
  Array.from({ length: WRITERS }, (_, writer) => write(dial, writer, isOver, acknowledged, faults)),
).then(() => (progress.done = true));

const patience = new Patience();
let killAt = random() * LIFE;
while (!progress.done && faults.length === 0) {
  await Promise.race([pause(20 + random() * 80), written]);
  if (patience.isOver(acknowledged.size)) faults.push('nothing more is acknowledged');
  sockets.disturb();
  if (acknowledged.size < killAt) continue;
  killAt = acknowledged.size + LIFE * (0.5 + random());
  await server.killAndRestart();
}
const writtenAfter = performance.now() - began;

const last = [...acknowledged.values()].reduce((a, b) => Math.max(a, b), 0);
const isBehind = (): boolean => reading.some(({ clock }) => clock < last);
while (faults.length === 0 && isBehind()) {
  await pause(20);
  if (patience.isOver(reading.reduce((sum, { items }) => sum + items.length, 0))) break;
}
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
// Writers that have met a fault still wait for their answers.
process.exit(faults.length > 0 || acknowledged.size < LEAST || kills < 3 || broken < 10 ? 1 : 0);
