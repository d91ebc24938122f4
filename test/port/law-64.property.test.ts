import { fc } from '../support/fast-check.js';
import { createDispatcher, serialize } from 'rxjs-clocked-dispatch';
import { connect, type ConnectionState, type Line, LineSilentError, serve } from 'rxjs-clocked-dispatch/port';
import { describe, expect, test } from 'vitest';
import { FlakyLine } from './support/flaky-line.js';
import { VirtualTime } from './support/virtual-time.js';

/*
 * Law 64: a line that says nothing for too long is closed by both sides; reconnecting backs off with jitter and can be watched.
 *
 * At each millisecond each side of each line is asked for what it has heard: it gives up between `silence` and a quarter more
 * after the last frame. Each state follows from the one before, and each pause from the number of tries that have failed.
 */

type Step =
  | { readonly do: 'pass'; readonly ms: number; readonly to: 'both' | 'client' | 'server' | 'nobody' }
  | { readonly do: 'break'; readonly who: 'both' | 'client' }
  | { readonly do: 'cut' }
  | { readonly do: 'dials'; readonly answer: Answer };

/** What a dial answers with: a line, none, one that comes late, or nothing at all. */
type Answer = 'line' | 'none' | 'late' | 'never';

interface Settings {
  readonly here: number;
  readonly there: number;
  readonly retry: number;
  readonly maxRetry: number;
}

/** Milliseconds until a late line is there: some have been given up by then. */
const LATE = 15;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.integer({ min: 1, max: 60 }),
      to: fc.constantFrom('both' as const, 'both' as const, 'client' as const, 'server' as const, 'nobody' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('break' as const),
      who: fc.constantFrom('both' as const, 'client' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cut' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('dials' as const),
      answer: fc.constantFrom<Answer>('line', 'line', 'none', 'late', 'never'),
    }),
  },
);
const silence = fc.constantFrom(8, 20, 40, Infinity);
const settings: fc.Arbitrary<Settings> = fc.record({
  here: silence,
  there: silence,
  retry: fc.constantFrom(0, 4, 10),
  maxRetry: fc.constantFrom(10, 50),
});

/** One side of a line, and what it has heard. */
class Side {
  readonly faults: string[] = [];
  #seen = 0;
  #heardAt: number;
  readonly #line: FlakyLine;
  readonly #at: 'client' | 'server';
  readonly #silence: number;

  constructor(line: FlakyLine, at: 'client' | 'server', silence: number, now: number) {
    this.#line = line;
    this.#at = at;
    this.#silence = silence;
    this.#heardAt = now;
  }

  look(now: number): void {
    for (; this.#seen < this.#line.passages.length; this.#seen++) {
      const { at, did, frame } = this.#line.passages[this.#seen]!;
      if (at !== this.#at) continue;
      if (did === 'take') this.#heardAt = now;
      if (did === 'close' && frame[0] instanceof LineSilentError && now - this.#heardAt < this.#silence) {
        this.faults.push(`${at}: given up ${now - this.#heardAt} ms after a frame, of ${this.#silence}`);
      }
    }
    if (!this.#line[this.#at].closed && now - this.#heardAt > this.#silence * 1.25 + 1) {
      this.faults.push(`${this.#at}: still open ${now - this.#heardAt} ms after a frame, of ${this.#silence}`);
      this.#heardAt = Infinity;
    }
  }
}

/** What must be so of the states of a connection. */
class Watch {
  readonly faults: string[] = [];
  readonly parts: number[] = [];
  readonly #settings: Settings;
  readonly #now: () => number;
  #last: ConnectionState | undefined;
  #since = 0;
  #tries = 0;
  #pause = 0;

  constructor(settings: Settings, now: () => number) {
    this.#settings = settings;
    this.#now = now;
  }

  readonly next = (state: ConnectionState): void => {
    const [last, lasted] = [this.#last, this.#now() - this.#since];
    this.#last = state;
    this.#since = this.#now();
    const before = last?.state ?? 'nothing';
    if (!FOLLOWS[state.state].includes(before)) this.faults.push(`${state.state} after ${before}`);
    if (state.state === 'connecting' && last !== undefined) this.#paused(lasted);
    if (state.state === 'waiting') this.#waits(state.delay!, before === 'open' && lasted >= this.#pause);
  };

  #paused(lasted: number): void {
    const off = lasted - this.#pause;
    if (off < -1e-6 || off > 1) this.faults.push(`a pause of ${lasted} ms in place of ${this.#pause}`);
  }

  #waits(delay: number, hasWorked: boolean): void {
    if (hasWorked) this.#tries = 0;
    const { retry, maxRetry } = this.#settings;
    const most = Math.min(maxRetry, retry * 2 ** this.#tries++);
    if (delay < most / 2 || delay > most) this.faults.push(`${delay} ms after ${this.#tries} tries, of ${most}`);
    if (most > 0) this.parts.push(delay / most);
    this.#pause = delay;
  }
}

/** What each state may follow. */
const FOLLOWS: Readonly<Record<ConnectionState['state'], readonly string[]>> = {
  connecting: ['nothing', 'waiting'],
  open: ['connecting'],
  waiting: ['connecting', 'open'],
  closed: ['connecting', 'open', 'waiting'],
};

async function run(chosen: Settings, steps: readonly Step[]): Promise<readonly number[]> {
  const time = new VirtualTime();
  const now = (): number => time.now();
  const server = serve(createDispatcher<string>(serialize()), { silence: chosen.there, scheduler: time });
  const lines: FlakyLine[] = [];
  const sides: Side[] = [];
  let answer: Answer = 'line';
  let dials = 0;
  const line = (): Line => {
    const made = new FlakyLine();
    lines.push(made);
    sides.push(new Side(made, 'client', chosen.here, now()), new Side(made, 'server', chosen.there, now()));
    server.accept(made.server);
    return made.client;
  };
  const connection = connect<string>(
    () => {
      dials++;
      if (answer === 'line') return line();
      if (answer === 'none') return Promise.reject(new Error('nobody is there'));
      if (answer === 'never') return new Promise<Line>(() => undefined);
      return new Promise<Line>((resolve) => time.schedule(() => resolve(line()), LATE));
    },
    { silence: chosen.here, retry: chosen.retry, maxRetry: chosen.maxRetry, scheduler: time },
  );
  const watch = new Watch(chosen, now);
  const states: string[] = [];
  connection.state$.subscribe(watch.next);
  connection.state$.subscribe(({ state }) => states.push(state));

  const pass = async (ms: number, to: string): Promise<void> => {
    for (let i = 0; i < ms; i++) {
      for (const { client, server: end } of lines) {
        if (to === 'both' || to === 'client') client.deliver(Infinity);
        if (to === 'both' || to === 'server') end.deliver(Infinity);
      }
      await time.pass(1);
      for (const side of sides) side.look(now());
      // One that was given up is closed.
      expect(lines.filter(({ client }) => !client.closed).length).toBeLessThanOrEqual(1);
    }
  };
  for (const next of steps) {
    if (next.do === 'pass') await pass(next.ms, next.to);
    else if (next.do === 'break') lines.at(-1)?.break(next.who);
    else if (next.do === 'cut') lines.at(-1)?.cut();
    else answer = next.answer;
    // Whoever was told of it has done what follows.
    await time.pass(0);
  }
  expect(sides.flatMap(({ faults }) => faults)).toEqual([]);
  expect(watch.faults).toEqual([]);
  expect(dials).toBe(states.filter((state) => state === 'connecting').length);

  // What answers stays open, and what is open is seen as open.
  answer = 'line';
  await pass(150, 'both');
  const { state } = connection.stats();
  if (chosen.here < Infinity) expect(state).toBe('open');
  expect(states.at(-1)).toBe(state);
  const { length } = states;
  await pass(100, 'both');
  expect(states).toHaveLength(length);

  connection.close();
  await pass(1, 'both');
  server.close();
  await time.pass(LATE);
  expect(lines.filter(({ client }) => !client.closed)).toEqual([]);
  expect(time.timers, 'timers that outlive their reason').toBe(0);
  return watch.parts;
}

describe('law 64: silence is noticed by both sides, and reconnecting backs off', () => {
  test('over lines that go silent, break and come late', async () => {
    const parts: number[] = [];
    const property = fc.asyncProperty(
      settings,
      fc.array(step, { maxLength: 25, size: 'max' }),
      async (chosen, steps) => {
        parts.push(...(await run(chosen, steps)));
      },
    );
    await fc.assert(property, { numRuns: 60 });
    // Pauses are spread over the upper half of what they may be.
    expect(parts.length).toBeGreaterThan(100);
    expect(Math.min(...parts)).toBeLessThan(0.6);
    expect(Math.max(...parts)).toBeGreaterThan(0.9);
  });
});
