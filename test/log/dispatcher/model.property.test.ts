import { fc } from '../../support/fast-check.js';
import { ALL, type Clocked, type ClockedReceiver } from 'rxjs-clocked-dispatch';
import {
  openDispatcher,
  type DurableDispatcher,
  type DurableProjection,
  type Entry,
  type EventLog,
} from 'rxjs-clocked-dispatch/log';
import { expect, test } from 'vitest';
import { FlakyLog, type Weather } from './flaky-log.js';
import { due, faultsOf, type Names, type Stored } from './model.js';

const NAMES = ['a', 'b', 'c'] as const;

type Step =
  | { readonly do: 'send'; readonly by: number; readonly to: Names; readonly id: string | undefined }
  | { readonly do: 'next'; readonly by: number }
  | { readonly do: 'transact' }
  | { readonly do: 'foreign'; readonly to: Names }
  | {
      readonly do: 'receive';
      readonly from: number;
      readonly names: Names;
      readonly bound: number;
      readonly pulls: boolean;
    }
  | { readonly do: 'leave'; readonly which: number }
  | { readonly do: 'trim'; readonly at: number }
  | { readonly do: 'save' }
  | { readonly do: 'crash' }
  | { readonly do: 'wait'; readonly turns: number };

const names = fc.oneof(fc.constant('*' as const), fc.subarray([...NAMES], { minLength: 1 }));
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      by: fc.nat(2),
      to: names,
      id: fc.option(fc.constantFrom('i', 'j', 'k', 'l', 'm'), { nil: undefined }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('next' as const), by: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('transact' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('foreign' as const), to: names }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('receive' as const),
      from: fc.nat(100),
      names,
      bound: fc.integer({ min: 0, max: 4 }),
      pulls: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), which: fc.nat(10) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('trim' as const), at: fc.nat(100) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('save' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('wait' as const), turns: fc.nat(6) }) },
);
const options = fc.record({
  page: fc.integer({ min: 1, max: 7 }),
  batch: fc.integer({ min: 1, max: 5 }),
  ticks: fc.constantFrom('commit' as const, 'each' as const),
});

interface Watched {
  readonly names: Names;
  readonly from: number;
  readonly receiver: ClockedReceiver<number>;
  readonly told: Clocked<unknown>[];
  ended: boolean;
}

interface Sum {
  readonly sum: number;
  readonly count: number;
}

/** One run: a log, the lives of a dispatcher over it, and what was promised. */
class Run {
  /** Everything that was ever stored: a log that is trimmed has less. */
  readonly all = new Map<number, Entry>();
  readonly promised: { readonly ts: number; readonly value: number }[] = [];
  readonly watched: Watched[] = [];
  pending: Promise<unknown>[] = [];
  readonly faults: string[] = [];
  log: FlakyLog;
  dispatcher!: DurableDispatcher<number>;
  projection!: DurableProjection<Sum>;
  #senders: ReturnType<DurableDispatcher<number>['sender']>[] = [];
  #n = 0;
  #to: Names = ['a'];
  readonly #open: (inner?: EventLog) => FlakyLog;

  constructor(weather: Weather, pushes: boolean) {
    this.#open = (inner) => (pushes ? new FlakyLog(weather, inner).pushing() : new FlakyLog(weather, inner));
    this.log = this.#open();
  }

  async begin(settings: { page: number; batch: number; ticks: 'commit' | 'each' }): Promise<void> {
    this.dispatcher = await openDispatcher<number>(this.log, settings);
    this.#senders = [0, 1, 2].map((i) => this.dispatcher.sender(`s${i}`, () => this.#route()));
    this.projection = this.dispatcher.projection<Sum>('sum', {
      addressedTo: ['a', 'b'],
      initial: { sum: 0, count: 0 },
      apply: ({ sum, count }, value) => ({ sum: sum + value, count: count + 1 }),
      saveEvery: 3,
    });
    this.projection.ready.catch(() => undefined);
  }

  do(step: Step): unknown {
    switch (step.do) {
      case 'send': {
        this.#to = step.to;
        // What is sent with the same id is the same.
        const value = step.id === undefined ? this.#n++ : 1000 + step.id.charCodeAt(0);
        const sent = this.#senders[step.by]!.send(value, { id: step.id });
        this.pending.push(sent.then((ts) => this.promised.push({ ts, value }), ignore));
        return;
      }
      case 'next':
        this.#senders[step.by]!.next(this.#n++);
        return;
      case 'transact': {
        const routes = [['a'], ['b']];
        const senders = routes.map((to, i) => this.dispatcher.sender(`t${this.#n++}.${i}`, to));
        const sent = this.dispatcher.transact(senders.map((sender) => [sender, this.#n++]));
        this.pending.push(sent.catch(ignore));
        return;
      }
      case 'foreign': {
        const value = JSON.stringify(this.#n++);
        return this.log.inner.append([{ messages: [{ value, to: step.to }], at: 0 }]);
      }
      case 'receive':
        this.#receive(step);
        return;
      case 'leave':
        this.watched[step.which]?.receiver.close();
        return;
      case 'trim':
        return this.#collect().then(() => this.dispatcher.trim(Math.min(step.at, this.dispatcher.clock)));
      case 'save':
        return this.projection.save().catch(ignore);
      case 'crash':
        return undefined;
      case 'wait':
        return turns(step.turns);
    }
  }

  /** The process dies: nothing of it reaches the store any more, and what it had in memory is gone. */
  crash(): void {
    const dead = this.log;
    this.log = this.#open(dead.inner);
    dead.die();
    // Nobody is told any more.
    this.pending = [];
  }

  async settle(): Promise<void> {
    await Promise.all(this.pending);
    await this.dispatcher.flush();
    for (let i = 0; i < 2000 && !this.#isQuiet(); i++) await turns(1);
    await this.#collect();
  }

  judge(): void {
    const { all, faults } = this;
    const stored: Stored = [...all].map(([ts, entry]) => [entry, ts] as const);
    const { clock } = this.dispatcher;
    expect(clock).toBe(this.log.last);
    for (const { ts, value } of this.promised) {
      const values = all.get(ts)?.messages.map((message) => JSON.parse(message.value as string) as number);
      if (values?.includes(value) !== true) faults.push(`law 40: ${value} is not at ${ts}`);
    }
    const ids = [...all.values()].flatMap(({ id }) => id ?? []);
    if (new Set(ids).size < ids.length) faults.push('law 42: an id is stored twice');
    for (const { told, names, from, receiver, ended } of this.watched) {
      faults.push(...faultsOf(told, stored, names, from).map((fault) => `law 47: ${receiver.name} ${fault}`));
      if (ended || !this.dispatcher.stats().receivers.some(({ name }) => name === receiver.name)) continue;
      if (receiver.settled !== clock) faults.push(`law 46: ${receiver.name} is at ${receiver.settled}, not ${clock}`);
      if (told.filter(([value]) => value !== null).length !== due(stored, names, from, clock).length)
        faults.push(`law 47: ${receiver.name} has not got everything`);
    }
    const { projection } = this;
    const folded = due(stored, ['a', 'b'], 0, projection.clock).map(([value]) => value as number);
    const expected = { sum: folded.reduce((sum, value) => sum + value, 0), count: folded.length };
    if (JSON.stringify(projection.value) !== JSON.stringify(expected))
      faults.push(
        `law 51: ${JSON.stringify(projection.value)} at ${projection.clock} instead of ${JSON.stringify(expected)}`,
      );
    if (!projection.closed && projection.clock !== clock)
      faults.push(`law 51: stands at ${projection.clock} of ${clock}`);
    if (this.log.trimmed > projection.saved)
      faults.push(`law 51: trimmed to ${this.log.trimmed}, saved ${projection.saved}`);
    expect(faults).toEqual([]);
  }

  #isQuiet(): boolean {
    const { receivers } = this.dispatcher.stats();
    return (
      receivers.every(({ live, lag, queued }) => live && lag === 0 && queued === 0) &&
      this.dispatcher.clock === this.log.last
    );
  }

  #route(): readonly string[] | typeof ALL {
    return this.#to === '*' ? ALL : this.#to;
  }

  #receive({ from, names: given, bound, pulls }: Step & { do: 'receive' }): void {
    const { clock } = this.dispatcher;
    const begins = Math.max(this.log.trimmed, from % (clock + 1));
    const receiver = this.dispatcher.receiver(`r${this.watched.length}`, {
      from: begins,
      addressedTo: given === '*' ? ALL : given,
      bound,
    });
    const watched: Watched = { names: given, from: begins, receiver, told: [], ended: false };
    this.watched.push(watched);
    const end = (): void => void (watched.ended = true);
    if (pulls) void pullSlowly(receiver, watched.told).then(end, end);
    else receiver.subscribe({ next: (item) => watched.told.push(item), error: end, complete: end });
  }

  /** Notes what there is, before it is trimmed. */
  async #collect(): Promise<void> {
    for (const [entry, ts] of await this.log.contents()) this.all.set(ts, entry);
  }
}

async function pullSlowly(receiver: ClockedReceiver<number>, told: Clocked<unknown>[]): Promise<void> {
  for await (const item of receiver) {
    told.push(item);
    await turns(told.length % 4);
  }
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

function ignore(): void {}

test.each([
  ['is read', false],
  ['pushes', true],
])(
  'laws 40 to 51, with a log that %s: whatever the store does, and whenever the process dies',
  async (_, pushes) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 60 }),
        options,
        fc.infiniteStream(fc.nat(3)),
        fc.infiniteStream(fc.nat(11)),
        async (steps, settings, delays, dice) => {
          const weather: Weather = {
            delay: () => delays.next().value as number,
            fails: (operation) => {
              const rolled = dice.next().value as number;
              if (rolled === 0) return 'refused';
              return rolled === 1 && operation === 'append' ? 'lost' : false;
            },
          };
          const run = new Run(weather, pushes);
          await run.begin(settings);
          for (const each of steps) {
            await run.do(each);
            if (each.do !== 'crash') continue;
            run.crash();
            await run.begin(settings);
          }
          await run.settle();
          run.judge();
        },
      ),
      { numRuns: 200, interruptAfterTimeLimit: 90_000 },
    );
  },
  120_000,
);
