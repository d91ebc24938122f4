/**
 * `npm run bench:receivers`: a thousand receivers over fifty sockets, server and clients in one process: what each holds in
 * memory, and how long a message takes from `send` to its receiver, while all others are told the time. With `-- --seconds 1`
 * for a short run, as `npm run bench:port -- --check` has it. Only what never arrives fails: nothing that is timed.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createDispatcher, serialize } from 'rxjs-clocked-dispatch';
import { connect, serve, socketLine } from 'rxjs-clocked-dispatch/port';
import { WebSocket, WebSocketServer } from 'ws';
import { cpuTime } from '../scenario.js';

const SOCKETS = 50;
const EACH = 20;
const A_SECOND = 500;

const { values: options } = parseArgs({ options: { seconds: { type: 'string', default: '5' } } });
const seconds = Number(options.seconds);
if (!(seconds > 0)) throw new RangeError(`--seconds: '${options.seconds}' is no number of seconds`);

interface Note {
  readonly at: number;
}

const dispatcher = createDispatcher<Note>(serialize());
const server = serve(dispatcher);
const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 });
sockets.on('connection', (socket) => server.accept(socketLine(socket)));
await once(sockets, 'listening');
const url = `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`;

const before = heap();
const delays: number[] = [];
const clocks = new Float64Array(SOCKETS * EACH).fill(-1);
let items = 0;
const connections = Array.from({ length: SOCKETS }, () => connect<Note>(() => socketLine(new WebSocket(url))));
connections.forEach((connection, socket) => {
  for (let i = 0; i < EACH; i++) {
    const receiver = socket * EACH + i;
    connection.receiver(`receiver ${receiver}`).subscribe(([note, ts]) => {
      items++;
      clocks[receiver] = ts;
      if (note !== null) delays.push(performance.now() - note.at);
    });
  }
});
await until(() => dispatcher.stats().receivers.length === SOCKETS * EACH);
const opened = heap();

const senders = Array.from({ length: SOCKETS * EACH }, (_, i) => dispatcher.sender(`sender ${i}`, `receiver ${i}`));
const began = performance.now();
const cpu = cpuTime();
let sent = 0;
while (performance.now() - began < seconds * 1000) {
  const due = ((performance.now() - began) / 1000) * A_SECOND;
  for (; sent < due; sent++) senders[(sent * 7) % senders.length]!.next({ at: performance.now() });
  await pause(1);
}
await until(() => delays.length === sent && clocks.every((ts) => ts === sent));
const spent = cpuTime() - cpu;
const after = heap();

delays.sort((a, b) => a - b);
const at = (part: number): string => `${delays[Math.floor((delays.length - 1) * part)]!.toFixed(1)} ms`;
console.log({
  receivers: SOCKETS * EACH,
  sockets: SOCKETS,
  kBForEachReceiver: Math.round((opened - before) / SOCKETS / EACH / 1024),
  kBForEachReceiverAfterwards: Math.round((after - before) / SOCKETS / EACH / 1024),
  messages: sent,
  aSecond: A_SECOND,
  notificationsForEachMessage: Math.round(items / sent),
  processor: `${Math.round((spent / 1e9 / ((performance.now() - began) / 1000)) * 100)} %`,
  median: at(0.5),
  ninetyNinePercent: at(0.99),
  longest: at(1),
});
for (const connection of connections) connection.close();
server.close();
sockets.close();

function heap(): number {
  global.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function until(holds: () => boolean): Promise<void> {
  const limit = performance.now() + 60_000;
  while (!holds()) {
    if (performance.now() > limit) throw new Error(`it did not come to be: ${String(holds)}`);
    await pause(5);
  }
}
