import { fc } from '../support/fast-check.js';
import type { Clocked, ClockedReceiver } from 'rxjs-clocked-dispatch';
import { describe, expect, test } from 'vitest';
import { turn } from '../support/async.js';
import { expectLawful, expectOnce } from '../support/lawful.js';
import { dispatcherOf, MODES, receiverOf } from '../support/dispatchers.js';
import type { AnyDispatcher, AnySender, Mode } from '../support/dispatchers.js';
import { sorted } from '../support/sorted.js';

const RUNS = 60;

/** How a receiver is read: by whom, how slowly, and after how many items it stops (and what then becomes of it). */
interface Reading {
  readonly by: 'subscribe' | 'receive' | 'iterate' | 'two';
  readonly delay: number;
  readonly stopAfter: number | null;
  readonly then: 'resume' | 'close';
  readonly bound: number;
}

interface Writing {
  /** The receivers, picked modulo their number. */
  readonly to: readonly number[];
  readonly messages: number;
  /** Whether each send waits for the one before it, or all are made at once. */
  readonly patient: boolean;
}

interface Plan {
  readonly readings: readonly Reading[];
  readonly writings: readonly Writing[];
  /** Which sender brings the next timestamp, and (by watermark) whether it repeats the one before. */
  readonly deal: readonly { readonly sender: number; readonly tie: boolean }[];
}

const plan: fc.Arbitrary<Plan> = fc.record({
  readings: fc.array(
    fc.record({
      by: fc.constantFrom('subscribe', 'receive', 'iterate', 'two'),
      delay: fc.nat({ max: 3 }),
      stopAfter: fc.option(fc.nat({ max: 5 }), { nil: null }),
      then: fc.constantFrom('resume', 'close'),
      bound: fc.constantFrom(0, 1, 2, 8),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  writings: fc.array(
    fc.record({
      to: fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 2 }),
      messages: fc.nat({ max: 10 }),
      patient: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  deal: fc.array(fc.record({ sender: fc.nat({ max: 3 }), tie: fc.boolean() }), { maxLength: 30, size: 'max' }),
});

/** A message that a sender is to bring, with its timestamp where the sender has to know it. */
type Letter = readonly [value: string, ts: number];

class System {
  readonly mode: Mode;
  readonly dispatcher: AnyDispatcher;
  readonly readers: Reader[];
  readonly writers: Writer[];

  constructor(mode: Mode, { readings, writings, deal }: Plan) {
    this.mode = mode;
    this.dispatcher = dispatcherOf(mode, { maxWaiting: 64 });
    this.readers = readings.map(
      (reading, i) => new Reader(receiverOf(this.dispatcher, `r${i}`, { bound: reading.bound }), reading),
    );
    const letters = dealOut(mode, writings, deal);
    this.writers = writings.map(({ to, patient }, i) => {
      const readers = [...new Set(to.map((index) => this.readers[index % readings.length] as Reader))];
      const sender = this.dispatcher.sender(
        `s${i}`,
        readers.map(({ receiver }) => receiver.name),
      );
      return new Writer(sender, readers, letters[i] ?? [], patient);
    });
  }

  start(): void {
    for (const writer of this.writers) void writer.run();
    for (const reader of this.readers) void reader.run();
  }

  /** Waits until nothing has moved for a while. */
  async rest(): Promise<void> {
    let before = '';
    for (let quiet = 0, turns = 0; quiet < 12; turns++) {
      if (turns > 5000) throw new Error(`no rest: ${JSON.stringify(this.dispatcher.stats())}`);
      await turn();
      const now = JSON.stringify([
        this.writers.map(({ answers }) => answers.length),
        this.readers.map(({ read }) => read),
      ]);
      quiet = now === before ? quiet + 1 : 0;
      before = now;
      this.#checkRoom();
    }
  }

  #checkRoom(): void {
    for (const { queued, bound, name } of this.dispatcher.stats().receivers) {
      // By watermark, what everybody waits for is admitted beyond the bound: at most one message of each source.
      const excess = this.mode === 'serialize' ? 0 : this.writers.length;
      if (queued > bound + excess) throw new Error(`${name} holds ${queued} of ${bound}`);
    }
  }
}

/** Consecutive timestamps, each given to one sender; by watermark some of them twice. */
function dealOut(mode: Mode, writings: readonly Writing[], deal: Plan['deal']): Letter[][] {
  const letters: Letter[][] = writings.map(() => []);
  let ts = 0;
  const give = (sender: number, tie: boolean): void => {
    if (!tie || mode !== 'watermark' || ts === 0) ts++;
    const to = letters[sender] as Letter[];
    to.push([`s${sender}.${to.length}`, ts]);
  };
  const wants = (sender: number): boolean => (letters[sender]?.length ?? 0) < (writings[sender]?.messages ?? 0);
  for (const { sender, tie } of deal) if (wants(sender % writings.length)) give(sender % writings.length, tie);
  for (const sender of writings.keys()) while (wants(sender)) give(sender, false);
  return letters;
}

class Writer {
  readonly sender: AnySender;
  readonly readers: readonly Reader[];
  readonly letters: readonly Letter[];
  readonly answers: { readonly letter: Letter; readonly refused: string | null }[] = [];
  done = false;
  readonly #patient: boolean;

  constructor(sender: AnySender, readers: readonly Reader[], letters: readonly Letter[], patient: boolean) {
    this.sender = sender;
    this.readers = readers;
    this.letters = letters;
    this.#patient = patient;
  }

  async run(): Promise<void> {
    if (this.#patient) for (const letter of this.letters) await this.#send(letter);
    else await Promise.all(this.letters.map((letter) => this.#send(letter)));
    this.sender.complete();
    this.done = true;
  }

  async #send(letter: Letter): Promise<void> {
    const [value, ts] = letter;
    try {
      const { sender } = this;
      const given = 'send' in sender ? await sender.send(value) : (await sender.forward(value, ts), ts);
      this.answers.push({ letter: [value, given], refused: null });
    } catch (error) {
      this.answers.push({ letter, refused: (error as Error).name });
    }
  }
}

class Reader {
  readonly receiver: ClockedReceiver<string>;
  readonly reading: Reading;
  /** What came, by subscription: one who comes again is told the clock again. */
  readonly sessions: Clocked<string>[][] = [[]];
  read = 0;
  done = false;
  #proceed = (): void => {};
  readonly #told = new Promise<void>((resolve) => (this.#proceed = resolve));

  constructor(receiver: ClockedReceiver<string>, reading: Reading) {
    this.receiver = receiver;
    this.reading = reading;
  }

  get items(): Clocked<string>[] {
    return this.sessions.flat();
  }

  get stops(): boolean {
    return this.reading.stopAfter !== null;
  }

  /** Those who stopped go on: they read the rest, or leave. */
  proceed(): void {
    this.#proceed();
  }

  async run(): Promise<void> {
    switch (this.reading.by) {
      case 'subscribe':
        await this.#subscribe();
        break;
      case 'receive':
        await this.#receive();
        break;
      case 'two':
        await Promise.all([this.#receive(), this.#receive()]);
        break;
      case 'iterate':
        for await (const item of this.receiver) if (!(await this.#take(item))) break;
        break;
    }
    this.done = true;
  }

  async #receive(): Promise<void> {
    for (let item; (item = await this.receiver.receive()) !== undefined;) if (!(await this.#take(item))) return;
  }

  /** Subscribes, but leaves after some items and comes back later. */
  async #subscribe(): Promise<void> {
    const { stopAfter } = this.reading;
    for (;;) {
      const items: Clocked<string>[] = [];
      this.sessions.push(items);
      const ended = await new Promise<boolean>((resolve) => {
        const subscription = this.receiver.subscribe({
          next: (item) => {
            items.push(item);
            if (this.read++ !== stopAfter) return;
            // Not before the subscription is known.
            queueMicrotask(() => {
              subscription.unsubscribe();
              resolve(false);
            });
          },
          complete: () => resolve(true),
        });
      });
      if (ended || !(await this.#stop())) return;
    }
  }

  /** False when that was all. */
  async #take(item: Clocked<string>): Promise<boolean> {
    this.sessions[0]?.push(item);
    for (let i = 0; i < this.reading.delay; i++) await turn();
    return this.read++ === this.reading.stopAfter ? this.#stop() : true;
  }

  async #stop(): Promise<boolean> {
    await this.#told;
    if (this.reading.then === 'resume') return true;
    this.receiver.close();
    return false;
  }
}

describe.for(MODES)('slow and stopped receivers (%s)', (mode) => {
  test('the system comes to rest, and everything is delivered or accounted for', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async (given) => {
        const system = new System(mode, given);
        system.start();
        await system.rest();
        if (mode === 'serialize') expectOthersDone(system);

        for (const reader of system.readers) reader.proceed();
        await system.rest();
        expect(system.writers.filter(({ done }) => !done).map(({ sender }) => sender.name)).toEqual([]);
        // For those to whom nobody ever wrote.
        system.dispatcher.close();
        await system.rest();

        expect(system.readers.filter(({ done }) => !done).map(({ receiver }) => receiver.name)).toEqual([]);
        for (const reader of system.readers) expectAccounted(system, reader);
      }),
      { numRuns: RUNS },
    );
  });
});

/** Only the senders of a receiver that has stopped may still be waiting (law 17). */
function expectOthersDone({ writers }: System): void {
  const free = writers.filter(({ readers }) => !readers.some(({ stops }) => stops));
  expect(free.filter(({ done }) => !done).map(({ sender }) => sender.name)).toEqual([]);
}

/** What was accepted for a receiver came to it once, in order; unless it left, all of it. */
function expectAccounted({ mode, writers }: System, { receiver, reading, items, sessions, stops }: Reader): void {
  if (reading.by !== 'two') for (const session of sessions) expectLawful(session, mode !== 'watermark');
  expectOnce(items);
  const accepted = writers
    .filter(({ readers }) => readers.some((reader) => reader.receiver === receiver))
    .flatMap(({ answers }) => answers)
    .filter(({ refused }) => refused === null)
    .map(({ letter: [value, ts] }) => `${value}@${ts}`);
  const received = items.filter(([value]) => value !== null).map(([value, ts]) => `${value}@${ts}`);
  expect(accepted).toEqual(expect.arrayContaining(received));
  if (!stops || reading.then === 'resume') expect(sorted(received)).toEqual(sorted(accepted));
  for (const { answers } of writers) {
    for (const { refused } of answers) expect([null, 'NoReceiverError']).toContain(refused);
  }
}
