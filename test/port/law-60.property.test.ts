import { fc } from '../support/fast-check.js';
import { createDispatcher, serialize } from 'rxjs-clocked-dispatch';
import { memoryLog, openDispatcher } from 'rxjs-clocked-dispatch/log';
import { connect, type Connection, type Line, type RemoteReceiver, serve } from 'rxjs-clocked-dispatch/port';
import { describe, expect, test } from 'vitest';
import { CreditAudit } from './support/credit-audit.js';
import type { FlakyLine } from './support/flaky-line.js';
import { FlakyDial, type LineStep, lineSteps } from './support/line-steps.js';
import { stored } from './support/stored.js';
import { VirtualTime } from './support/virtual-time.js';

/*
 * Law 60: no more than the granted credit is under way; ticks need none. Memory on both sides is bounded by what was granted.
 *
 * Each frame of each line is counted where it is posted and where it arrives. Besides: what a receiver holds and what it has
 * asked for fit into its bound; where it has asked for more than there is, it is told the time; and in the end
 * everything has come, so that no credit is lost.
 */

type Step =
  | LineStep
  | { readonly do: 'send'; readonly client: number; readonly to: string; readonly count: number }
  | { readonly do: 'publish'; readonly to: string; readonly count: number }
  | { readonly do: 'read'; readonly client: number; readonly receiver: number; readonly items: number }
  | { readonly do: 'readHere'; readonly items: number }
  | { readonly do: 'passTime'; readonly count: number };

interface Settings {
  readonly isLog: boolean;
  /** Milliseconds that it takes to decide who may open what. */
  readonly deciding: number;
  readonly here: number;
  readonly there: number;
  readonly bounds: readonly number[];
}

const CLIENTS = 2;
/** The receivers of each client, and one that is the dispatcher's own. */
const NAMES = ['a0', 'b0', 'a1', 'b1', 'here'];

const client = fc.nat(CLIENTS - 1);
const few = fc.integer({ min: 1, max: 6 });
const to = fc.constantFrom(...NAMES);
const step: fc.Arbitrary<Step> = fc.oneof(
  ...lineSteps(client),
  { weight: 4, arbitrary: fc.record({ do: fc.constant('send' as const), client, to, count: few }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('publish' as const), to, count: few }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('read' as const), client, receiver: fc.nat(1), items: few }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('readHere' as const), items: few }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('passTime' as const), count: fc.constantFrom(1, 10, 300) }),
  },
);
const settings: fc.Arbitrary<Settings> = fc.record({
  isLog: fc.boolean(),
  deciding: fc.constantFrom(0, 3),
  here: few,
  there: few,
  bounds: fc.array(few, { minLength: 2, maxLength: 2 }),
});

/** A client with two receivers that are read by and by. */
class Client {
  readonly connection: Connection<string>;
  readonly dial: FlakyDial;
  readonly receivers: readonly RemoteReceiver<string>[];
  readonly got: string[][] = [[], []];
  readonly faults: string[] = [];
  readonly #bounds: readonly number[];
  readonly #window: number;
  readonly #audits = new Map<FlakyLine, CreditAudit>();
  #sent = 0;

  constructor(
    number: number,
    accept: (line: Line) => void,
    { isLog, here, there, bounds }: Settings,
    time: VirtualTime,
  ) {
    this.dial = new FlakyDial(accept, time);
    this.connection = connect<string>(this.dial.dial, {
      retry: 0,
      maxRetry: 1,
      window: here,
      silence: Infinity,
      scheduler: time,
    });
    this.receivers = ['a', 'b'].map((name, i) =>
      this.connection.receiver(`${name}${number}`, { bound: bounds[i]!, ...(isLog ? { from: 0 } : { onGone: 'now' }) }),
    );
    this.#bounds = bounds;
    this.#window = Math.min(here, there);
  }

  send(to: string, count: number): void {
    const sender = this.connection.sender(`to ${to} ${++this.#sent}`, to);
    for (let i = 0; i < count; i++) sender.send(`${sender.name}.${i}`).catch(() => undefined);
    sender.complete();
  }

  read(receiver: number, items: number): void {
    for (let i = 0; i < items; i++) {
      const item = this.receivers[receiver]!.tryReceive();
      if (item === undefined) return;
      if (item[0] !== null) this.got[receiver]!.push(item[0]);
      this.follow();
    }
  }

  follow(): void {
    for (const line of this.dial.lines) {
      const audit = this.#auditOf(line);
      audit.follow();
      this.faults.push(...audit.faults.splice(0));
    }
    const queued = this.connection.stats().receivers.map((receiver) => receiver.queued);
    this.#bounds.forEach((bound, i) => {
      const holds = queued[i]! + this.#outstanding(i);
      if (holds > bound) this.faults.push(`a receiver has, or has asked for, ${holds} of ${bound}`);
    });
  }

  /** Once nothing is under way: whoever still waits for messages knows the time. */
  assertOnTime(clock: number): void {
    const { line } = this.dial;
    if (line === undefined || line.client.closed) return;
    this.receivers.forEach((_, i) => {
      const told = this.#auditOf(line).clock(i + 1);
      if (this.#outstanding(i) > 0 && told < clock) this.faults.push(`a receiver was told ${told} of ${clock}`);
    });
  }

  get isSettled(): boolean {
    return this.connection.stats().senders.length === 0;
  }

  #outstanding(receiver: number): number {
    const { line } = this.dial;
    return line === undefined || line.client.closed ? 0 : this.#auditOf(line).outstanding(receiver + 1);
  }

  #auditOf(line: FlakyLine): CreditAudit {
    const audit = this.#audits.get(line) ?? new CreditAudit(line, { window: this.#window });
    this.#audits.set(line, audit);
    return audit;
  }
}

async function run(chosen: Settings, steps: readonly Step[]): Promise<void> {
  const time = new VirtualTime();
  const log = memoryLog();
  const dispatcher = chosen.isLog
    ? await openDispatcher<string>(log)
    : createDispatcher<string>(serialize(), { bound: 3, maxWaiting: 1000 });
  const server = serve(dispatcher, {
    window: chosen.there,
    silence: Infinity,
    scheduler: time,
    ...(chosen.deciding > 0 && {
      authorize: () => new Promise<boolean>((decide) => time.schedule(() => decide(true), chosen.deciding)),
    }),
  });
  // Receivers stay when other senders leave.
  const clock = dispatcher.broadcaster('clock');
  const here = dispatcher.receiver('here');
  dispatcher.receiver('nobody').subscribe();
  const clients = Array.from({ length: CLIENTS }, (_, i) => new Client(i, (line) => server.accept(line), chosen, time));
  let published = 0;
  const publish = (to: string, count: number): void => {
    // Of a dispatcher in memory, a receiver whose line is gone is none.
    if (!chosen.isLog && dispatcher.stats().receivers.every(({ name }) => name !== to)) return;
    const sender = dispatcher.sender(`own ${++published}`, to);
    const sent = Array.from({ length: count }, (_, i) => sender.send(`own ${published}.${i}`));
    void Promise.allSettled(sent).then(() => sender.complete());
  };
  const follow = (): void => clients.forEach((one) => one.follow());
  /** Delivers until nothing is under way. */
  const quiet = async (): Promise<void> => {
    for (let still = 0; still < 6; still++) {
      await time.pass(1);
      for (const { dial } of clients) if ((dial.line?.deliver() ?? 0) > 0) still = 0;
      follow();
    }
    for (const one of clients) one.assertOnTime(dispatcher.clock);
  };

  for (const next of steps) {
    if (next.do === 'publish') publish(next.to, next.count);
    else if (next.do === 'readHere') for (let i = 0; i < next.items; i++) here.tryReceive();
    else if (next.do === 'passTime') {
      // Each is told on its own: nobody is there to take it.
      for (let i = 0; i < next.count; i++) {
        publish('nobody', 1);
        for (let turn = 0; turn < 12; turn++) await Promise.resolve();
      }
    } else {
      const one = clients[next.client]!;
      if (next.do === 'send') one.send(next.to, next.count);
      else if (next.do === 'read') one.read(next.receiver, next.items);
      else if (next.do === 'flow') await quiet();
      else await one.dial.take(next);
    }
    await time.pass(1);
    follow();
  }
  // Now everything is read.
  const expected = async (name: string): Promise<string[]> => (await stored(log, [name])).map(([value]) => value);
  const isDone = async (): Promise<boolean> => {
    if (!clients.every(({ isSettled }) => isSettled)) return false;
    if (!chosen.isLog) return true;
    for (const { receivers, got } of clients) {
      for (const [i, { name }] of receivers.entries()) {
        if (got[i]!.length < (await expected(name)).length) return false;
      }
    }
    return true;
  };
  for (let i = 0; i < 500 && !(await isDone()); i++) {
    while (here.tryReceive() !== undefined);
    for (const one of clients) for (const receiver of [0, 1]) one.read(receiver, 100);
    await quiet();
  }
  for (const { faults, isSettled, receivers, got } of clients) {
    expect(faults).toEqual([]);
    expect(isSettled, 'each message was answered').toBe(true);
    // Of a dispatcher in memory, what came while a line was broken is lost.
    if (!chosen.isLog) continue;
    for (const [i, { name }] of receivers.entries()) {
      expect(got[i]).toEqual(await expected(name));
    }
  }
  clock.complete();
  for (const { connection } of clients) connection.close();
  server.close();
  await dispatcher.close();
}

describe('law 60: no more than the granted credit is under way', () => {
  test('over lines that delay and break, with receivers that are read by and by', async () => {
    await fc.assert(fc.asyncProperty(settings, fc.array(step, { maxLength: 60, size: 'max' }), run), { numRuns: 100 });
  });
});
