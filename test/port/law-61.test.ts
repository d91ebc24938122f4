import { fc } from '../support/fast-check.js';
import type { Subscription } from 'rxjs';
import { memoryLog, openDispatcher, type DurableDispatcher } from 'rxjs-clocked-dispatch/log';
import { connect, type Connection, type Line, serve, type Server } from 'rxjs-clocked-dispatch/port';
import { describe, expect, test } from 'vitest';
import { FlakyDial, type LineStep, lineSteps } from './support/line-steps.js';
import { stored } from './support/stored.js';
import { VirtualTime } from './support/virtual-time.js';

/*
 * Law 61: after a reconnect nothing is lost and nothing comes twice, in both directions, also when the server was killed;
 * answers come before the items that they answer.
 *
 * The model is the log: whatever happens to lines and servers, in the end each message of each client is in it once, in
 * the order in which its sender sent it, and each receiver was told exactly what the log has for it, in order.
 */

type Step =
  | LineStep
  | { readonly do: 'send'; readonly client: number; readonly to: readonly string[]; readonly count: number }
  | { readonly do: 'transact'; readonly count: number }
  | { readonly do: 'kill' }
  | { readonly do: 'read'; readonly client: number; readonly items: number };

const NAMES = ['a', 'b'];
const CLIENTS = 2;

const client = fc.nat(CLIENTS - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      client,
      to: fc.subarray(NAMES, { minLength: 1 }),
      count: fc.integer({ min: 1, max: 5 }),
    }),
  },
  ...lineSteps(client),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('kill' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('transact' as const), count: fc.integer({ min: 1, max: 6 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('read' as const), client, items: fc.integer({ min: 1, max: 6 }) }),
  },
);

/** A client with one sender, one receiver that subscribes and one that reads by and by, and what they have seen. */
class Client {
  readonly connection: Connection<string>;
  readonly dial: FlakyDial;
  readonly seen: string[] = [];
  readonly read: string[] = [];
  readonly sent: string[] = [];
  readonly answered = new Map<string, number>();
  readonly early: string[] = [];
  readonly failures: unknown[] = [];
  readonly done: Promise<unknown>[] = [];
  readonly subscription: Subscription;
  readonly #slow;
  readonly #senders = new Map<string, ReturnType<Connection<string>['sender']>>();
  readonly #name: string;

  constructor(name: string, accept: (line: Line) => void, time: VirtualTime) {
    this.#name = name;
    this.dial = new FlakyDial(accept, time);
    this.connection = connect<string>(this.dial.dial, { retry: 0, maxRetry: 1, window: 8, scheduler: time });
    const all = this.connection.receiver(`${name}-all`, { from: 0, addressedTo: NAMES });
    this.subscription = all.subscribe({
      next: ([value]) => {
        if (value === null) return;
        this.seen.push(value);
        if (value.startsWith(name) && !this.answered.has(value)) this.early.push(value);
      },
      error: (error: unknown) => this.failures.push(error),
    });
    this.#slow = this.connection.receiver(`${name}-slow`, { from: 0, addressedTo: 'a', bound: 3 });
  }

  send(to: readonly string[]): void {
    const key = to.join();
    let sender = this.#senders.get(key);
    if (sender === undefined) this.#senders.set(key, (sender = this.connection.sender(`${this.#name}-${key}`, to)));
    const value = `${this.#name}.${key}.${this.sent.length}`;
    this.sent.push(value);
    const onTimestamp = (ts: number): unknown => this.answered.set(value, ts);
    this.done.push(
      sender.send(value, { onTimestamp } as object).then((ts) => expect(this.answered.get(value)).toBe(ts)),
    );
  }

  readSome(items: number): void {
    for (let i = 0; i < items; i++) {
      const item = this.#slow.tryReceive();
      if (item !== undefined && item[0] !== null) this.read.push(item[0]);
    }
  }
}

async function run(steps: readonly Step[]): Promise<void> {
  const time = new VirtualTime();
  const log = memoryLog();
  let dispatcher: DurableDispatcher<string> = await openDispatcher<string>(log);
  let server: Server = serve(dispatcher, { scheduler: time });
  let transactions = 0;
  const clients = Array.from({ length: CLIENTS }, (_, i) => new Client(`c${i}`, (line) => server.accept(line), time));
  for (const { dial } of clients) await dial.flow();
  for (const next of steps) {
    if (next.do === 'kill') {
      // Killed: its lines are lost, and what it was doing with them.
      for (const { dial } of clients) for (const line of dial.lines) line.break();
      server.close();
      void dispatcher.close();
      dispatcher = await openDispatcher<string>(log);
      server = serve(dispatcher, { scheduler: time });
    } else if (next.do === 'transact') {
      // Several messages at one timestamp: a line may break between them.
      const senders = NAMES.map((name) => dispatcher.sender(`own-${name}-${transactions}`, name));
      for (let i = 0; i < next.count; i++) {
        const n = transactions++;
        void dispatcher.transact(senders.map((sender, j) => [sender, `t.${n}.${NAMES[j]!}`] as const));
      }
      for (const sender of senders) sender.complete();
    } else {
      const one = clients[next.client]!;
      if (next.do === 'send') for (let i = 0; i < next.count; i++) one.send(next.to);
      else if (next.do === 'read') one.readSome(next.items);
      else await one.dial.take(next);
    }
    await time.pass(1);
  }
  // Now everything goes well.
  const wanted = async (): Promise<[number, number]> => [
    (await stored(log, NAMES)).length,
    (await stored(log, ['a'])).length,
  ];
  const end = { isReached: false };
  const answered = Promise.all(clients.flatMap(({ done }) => done)).then(() => (end.isReached = true));
  for (let i = 0; i < 2000; i++) {
    for (const one of clients) {
      one.dial.line?.deliver();
      one.readSome(10);
    }
    await time.pass(1);
    if (!end.isReached) continue;
    const [all, slow] = await wanted();
    if (clients.every(({ seen, read }) => seen.length >= all && read.length >= slow)) break;
  }
  expect(end.isReached, 'each message has its answer').toBe(true);
  await answered;

  const all = await stored(log, NAMES);
  const positions = new Map(all);
  expect(positions.size, 'messages that were stored twice').toBe(all.length);
  for (const { sent, seen, read, early, answered: answers, failures } of clients) {
    expect(failures).toEqual([]);
    expect(seen).toEqual(all.map(([value]) => value));
    expect(read).toEqual((await stored(log, ['a'])).map(([value]) => value));
    expect(early, 'told before they were answered').toEqual([]);
    for (const value of sent) expect(answers.get(value), value).toBe(positions.get(value));
    // Each sender's own order.
    const order = new Map<string, number>();
    for (const value of sent) {
      const key = value.split('.')[1]!;
      expect(positions.get(value)!).toBeGreaterThan(order.get(key) ?? 0);
      order.set(key, positions.get(value)!);
    }
  }
  for (const { connection } of clients) connection.close();
  server.close();
  await dispatcher.close();
}

describe('law 61: nothing is lost, and nothing comes twice', () => {
  test('over lines that delay and break, and servers that are killed', async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 80, size: 'max' }), run), { numRuns: 150 });
  });
});
