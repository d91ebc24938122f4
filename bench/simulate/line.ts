import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { memoryLog, openDispatcher } from 'rxjs-clocked-dispatch/log';
import { connect, serve, socketLine, type Connection, type Line } from 'rxjs-clocked-dispatch/port';
import { WebSocket, WebSocketServer } from 'ws';
import type { Report } from '../log/contenders.js';
import { cpuTime } from '../scenario.js';
import { shareOfPosting } from './posting.js';

/** What lines over WebSockets take: milliseconds of a processor. */
export interface LineConstants {
  /** One message to a process, of many, and on its side. */
  readonly feed: number;
  readonly take: number;
  /** A message, or a tick, to a page, alone in its frame: on the side of the server. */
  readonly deliver: number;
  readonly tick: number;
}

const ENTRIES = 20_000;
const PAGES = 50;
const TICKS = 200;
const REPORT: Report = { flight: 1_234_567, gate: 'B12' };

/** Both sides are in this process; what they take together is parted as it is with bare frames of the same kind. */
export async function measureLine(): Promise<LineConstants> {
  const dispatcher = await openDispatcher<Report>(memoryLog());
  const sender = dispatcher.sender('sender', 'board');
  for (let i = 0; i < ENTRIES; i += 1000) {
    await Promise.all(Array.from({ length: 1000 }, (_, n) => sender.send({ flight: i + n, gate: 'B12' })));
  }
  const served = serve(dispatcher);
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(sockets, 'listening');
  const url = `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`;
  const dial = (): Line => socketLine(new WebSocket(url));

  const shares = await sharesOver(sockets, dial);
  sockets.on('connection', (socket) => served.accept(socketLine(socket)));
  const followed = await best(4, async () => {
    const connection = connect<Report>(dial);
    await reached(connection, 'follower', { from: 0, addressedTo: 'board' }, ENTRIES);
    connection.close();
  });
  const pages = Array.from({ length: PAGES }, () => connect<Report>(dial));
  const told = (ts: number): Promise<unknown> => Promise.all(waiting.map((wait) => wait(ts)));
  const waiting = pages.map((page, i) => clockOf(page, `page ${i}`));
  while (served.stats().receivers < PAGES) await setTimeout(1);
  const ticked = await best(4, async () => {
    for (let i = 0; i < TICKS; i++) await told(await sender.send(REPORT));
  });
  for (const page of pages) page.close();
  served.close();
  sockets.close();
  await dispatcher.close();
  const [item, tick] = [followed / ENTRIES, (ticked / TICKS / PAGES) * shares.one];
  return { feed: item * shares.many, take: item * (1 - shares.many), deliver: tick, tick };
}

/** Which part is that of the server, with many items in a frame and with one. */
async function sharesOver(sockets: WebSocketServer, dial: () => Line): Promise<{ many: number; one: number }> {
  const client = dial();
  const [socket] = (await once(sockets, 'connection')) as [WebSocket];
  const server = socketLine(socket);
  const items = Array.from({ length: 256 }, (_, i): Report => ({ ...REPORT, flight: i }));
  const many = await shareOfPosting(server, client, ['items', 12, items, items.map((_, i) => i)], 100);
  const one = await shareOfPosting(server, client, ['items', 12, [null], [1_234_567]], 1000);
  client.close();
  return { many, one };
}

/** Milliseconds of the processors; what disturbs only ever adds. */
async function best(rounds: number, work: () => Promise<void>): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < rounds; i++) {
    const began = cpuTime();
    await work();
    least = Math.min(least, (cpuTime() - began) / 1e6);
  }
  return least;
}

type Options = NonNullable<Parameters<Connection<Report>['receiver']>[1]>;

function reached(connection: Connection<Report>, name: string, options: Options, last: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = ([, ts]: readonly [unknown, number]): void => {
      if (ts >= last) resolve();
    };
    connection.receiver(name, options).subscribe({ next, error: reject });
  });
}

/** Resolves when the page has been told that time is at least so far. */
function clockOf(page: Connection<Report>, name: string): (ts: number) => Promise<void> {
  let clock = -Infinity;
  let wake = (): void => undefined;
  page.receiver(name).subscribe(([, ts]) => {
    clock = ts;
    wake();
  });
  return async (ts) => {
    while (clock < ts) await new Promise<void>((resolve) => (wake = resolve));
  };
}
