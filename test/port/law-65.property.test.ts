import { fc } from '../support/fast-check.js';
import { createDispatcher, serialize } from 'rxjs-clocked-dispatch';
import { connect, type Connection, type Line, serve } from 'rxjs-clocked-dispatch/port';
import { describe, expect, test } from 'vitest';
import { FlakyDial, type LineStep, lineSteps } from './support/line-steps.js';
import { VirtualTime } from './support/virtual-time.js';

/*
 * Law 65: a peer that is gone without a word is noticed in bounded time, and what was kept for it is let go.
 *
 * Clients with receivers and senders come and go; some are gone without a word, in the middle of anything. What is kept of
 * one that is there stays; of one that is gone, its receivers are gone after `silence` and a quarter, its senders and what
 * of them waits `linger` later, and whoever waited for it goes on.
 */

type Step =
  | LineStep
  | { readonly do: 'send'; readonly client: number; readonly to: string; readonly count: number }
  | { readonly do: 'complete'; readonly client: number; readonly to: string }
  | { readonly do: 'publish'; readonly to: string }
  | { readonly do: 'read'; readonly client: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'vanish'; readonly client: number };

const CLIENTS = 3;
const SILENCE = 40;
const LINGER = 60;
/** A quarter more, and what is due at the same moment. */
const NOTICED = SILENCE * 1.25 + 2;

const client = fc.nat(CLIENTS - 1);
/** Each client has a receiver of its number; nobody reads the dispatcher's own. */
const to = fc.constantFrom('0', '1', '2', 'own');
const step: fc.Arbitrary<Step> = fc.oneof(
  ...lineSteps(client),
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('send' as const), client, to, count: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('complete' as const), client, to }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('publish' as const), to }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('read' as const), client }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: SILENCE }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('vanish' as const), client }) },
);

/** A client with a receiver and a sender; it may be gone without a word. */
class Client {
  readonly connection: Connection<string>;
  readonly dial: FlakyDial;
  readonly name: string;
  isGone = false;
  #made = 0;
  readonly #receiver;
  readonly #senders = new Map<string, ReturnType<Connection<string>['sender']>>();

  constructor(name: string, accept: (line: Line) => void, time: VirtualTime) {
    this.name = name;
    this.dial = new FlakyDial((line) => accept(line), time);
    // One that is gone dials no more: nobody hears of it.
    const dial = (): Line | PromiseLike<Line> => (this.isGone ? new Promise(() => undefined) : this.dial.dial());
    this.connection = connect<string>(dial, { retry: 0, maxRetry: 1, silence: SILENCE, scheduler: time });
    this.#receiver = this.connection.receiver(name, { bound: 2, onGone: 'now' });
  }

  send(to: string, count: number): void {
    let sender = this.#senders.get(to);
    if (sender === undefined || sender.closed) {
      this.#senders.set(to, (sender = this.connection.sender(`${this.name} to ${to} ${++this.#made}`, to)));
    }
    for (let i = 0; i < count; i++) sender.send(`${this.name} to ${to}`).catch(() => undefined);
  }

  complete(to: string): void {
    this.#senders.get(to)?.complete();
  }

  read(): void {
    while (this.#receiver.tryReceive() !== undefined);
  }

  vanish(): void {
    this.isGone = true;
    for (const line of this.dial.lines) line.cut();
  }
}

async function run(steps: readonly Step[]): Promise<void> {
  const time = new VirtualTime();
  const dispatcher = createDispatcher<string>(serialize(), { bound: 2 });
  dispatcher.broadcaster('keeper');
  const own = dispatcher.receiver('own');
  const server = serve(dispatcher, { silence: SILENCE, linger: LINGER, scheduler: time });
  const clients = Array.from({ length: CLIENTS }, (_, i) => new Client(`${i}`, (line) => server.accept(line), time));
  const isThere = (name: string): boolean => dispatcher.stats().receivers.some((receiver) => receiver.name === name);
  let published = 0;
  let waiting = 0;
  const publish = (to: string): void => {
    if (!isThere(to)) return;
    const sender = dispatcher.sender(`own ${++published}`, to);
    waiting++;
    void Promise.allSettled([sender.send('x')]).then(() => {
      waiting--;
      sender.complete();
    });
  };
  /** Everything arrives, each millisecond. */
  const pass = async (ms: number): Promise<void> => {
    for (let i = 0; i < ms; i++) {
      await time.pass(1);
      for (const { dial } of clients) for (const line of dial.lines) line.deliver();
    }
  };

  for (const { dial } of clients) await dial.flow();
  for (const next of steps) {
    if (next.do === 'publish') publish(next.to);
    else if (next.do === 'pass') await pass(next.ms);
    else {
      const one = clients[next.client]!;
      if (one.isGone) continue;
      if (next.do === 'send') one.send(next.to, next.count);
      else if (next.do === 'complete') one.complete(next.to);
      else if (next.do === 'read') one.read();
      else if (next.do === 'vanish') one.vanish();
      else await one.dial.take(next);
    }
    await time.pass(1);
  }

  // Whoever is not gone is there, and stays.
  await pass(10);
  const there = clients.filter(({ isGone }) => !isGone);
  const gone = clients.filter(({ isGone }) => isGone);
  await pass(NOTICED);
  const names = ['own', ...there.map(({ name }) => name)];
  expect(server.stats()).toMatchObject({ lines: there.length, receivers: there.length });
  expect(
    dispatcher
      .stats()
      .receivers.map(({ name }) => name)
      .sort(),
  ).toEqual([...names].sort());
  expect(there.map(({ connection }) => connection.stats().state)).toEqual(there.map(() => 'open'));
  for (const { connection } of gone) expect(connection.stats().state, 'as one that is gone sees it').not.toBe('open');

  await pass(LINGER);
  const senders = there.reduce((sum, { connection }) => sum + connection.stats().senders.length, 0);
  expect(server.stats()).toMatchObject({ sessions: there.length, senders });
  const sources = dispatcher.stats().sources.map(({ name }) => name);
  for (const { name } of gone) expect(sources.filter((source) => source.startsWith(`${name} to`))).toEqual([]);

  // All that waits now waits for somebody who is there.
  for (let i = 0; i < 300 && waiting > 0; i++) {
    while (own.tryReceive() !== undefined);
    for (const one of there) one.read();
    await pass(1);
  }
  expect(waiting, 'calls that wait for nobody').toBe(0);

  // Nothing is left to wake up, neither for those who said goodbye nor for those who did not.
  there[0]?.vanish();
  for (const { connection } of clients) connection.close();
  await pass(2);
  server.close();
  await pass(1);
  expect(time.timers, 'timers that outlive their reason').toBe(0);
  expect(server.stats()).toMatchObject({ lines: 0, sessions: 0, receivers: 0, senders: 0 });
  expect(dispatcher.stats().receivers.map(({ name }) => name)).toEqual(['own']);
  expect(dispatcher.stats().sources.map(({ name }) => name)).toEqual(['keeper']);
  dispatcher.close();
}

describe('law 65: a peer that is gone without a word is noticed, and what was kept for it is let go', () => {
  test('in the middle of anything', async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), run), { numRuns: 60 });
  });
});
