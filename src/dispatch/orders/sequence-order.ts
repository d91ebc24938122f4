import type { Clocked, Gap, Timestamp } from '../../types.js';
import { GivenUp } from './given-up.js';
import { KnownSince } from './known-since.js';
import type { HeldMessage, Refusal, StampedOrder, Without } from './order.js';
import { SequenceInput } from './sequence-input.js';
import { WaitingMessages } from './waiting-messages.js';

/** No window has more places than this: beyond, an array would be a hash table. */
const LARGEST_WINDOW = 2 ** 24;

export interface SequenceSettings<P> {
  /** The clock to begin with, or that the first message begins, whatever its number. */
  readonly seed: Timestamp | 'first';
  /** How far beyond the clock a message may be. */
  readonly window: number;
  /** The payload of ticks. */
  readonly nothing: P;
  /** The time, where it matters since when the clock has been standing at a gap. */
  readonly now?: (() => number) | undefined;
}

/** Forwarding by sequence: the message after the last one goes out at once, and with it every consecutive one that waits. */
export class SequenceOrder<T, P> implements StampedOrder<T, P, SequenceInput<P>> {
  clock: Timestamp;
  readonly start: Timestamp;
  /** Where it began, where the first message says so: what is earlier is late. */
  #beginning: Timestamp;
  readonly unique = true;
  readonly strict = true;
  readonly window: number;
  readonly #first: boolean;
  readonly #waiting: WaitingMessages<T, P>;
  readonly #givenUp = new GivenUp();
  /** How far the numbers are known to go. */
  #top: Timestamp;
  readonly #knownSince: KnownSince | undefined;

  constructor({ seed, window, nothing, now }: SequenceSettings<P>) {
    this.#first = seed === 'first';
    this.clock = this.start = this.#beginning = this.#top = seed === 'first' ? -Infinity : seed;
    this.window = Math.min(Math.max(window, 1), LARGEST_WINDOW);
    this.#waiting = new WaitingMessages(nothing);
    this.#knownSince = now === undefined ? undefined : new KnownSince(now, this.window + 1024);
  }

  get settled(): Timestamp {
    return this.clock;
  }

  get payload(): P {
    return this.#waiting.payload;
  }

  get held(): number {
    return this.#waiting.held;
  }

  heldOf(input: SequenceInput<P>): number {
    return input.held;
  }

  /** How many missing numbers were given up. */
  get skipped(): number {
    return this.#givenUp.count;
  }

  join(owner: object, { usual }: { readonly usual: P }): SequenceInput<P> {
    return new SequenceInput(owner, usual);
  }

  /** What a source has brought stays when it leaves. */
  leave(input: SequenceInput<P>): void;
  leave(): void {}

  // -- what comes in

  judge(_input: SequenceInput<P>, ts: Timestamp): Refusal | undefined {
    const ahead = ts - this.clock;
    if (ahead > this.window) return this.#begun ? 'beyond' : undefined;
    if (ahead > 0 && !this.#waiting.has(ts)) return undefined;
    return this.#givenUp.has(ts) || (this.#first && ts <= this.#beginning) ? 'late' : 'duplicate';
  }

  judgeTick(input: SequenceInput<P>, ts: Timestamp): Refusal | undefined {
    return this.judge(input, ts);
  }

  insert(input: SequenceInput<P>, item: Clocked<T>, payload: P): void {
    const ts = item[1];
    if (!this.#begun) this.clock = this.#beginning = ts - 1;
    this.#waiting.put(item, input.originOf(payload), ts - this.clock);
    this.#know(ts);
  }

  append(input: SequenceInput<P>, item: Clocked<T>): 0 | 1 | 2 {
    const ts = item[1];
    const ahead = ts - this.clock;
    if (!(ahead > 0 && ahead <= this.window && Number.isSafeInteger(ts))) return 0;
    if (!this.#waiting.put(item, input.origin, ahead)) return 0;
    if (ahead === 1) return 2;
    this.#know(ts);
    return 1;
  }

  /** Whether nothing waits, not even a tick. */
  get isEmpty(): boolean {
    return this.#waiting.isEmpty;
  }

  /** The shortest way: this is the next message, and the clock is at it now. Else nothing has changed. */
  pass(item: Clocked<T>): boolean {
    const ts = item[1];
    if (ts !== this.clock + 1 || !Number.isSafeInteger(ts)) return false;
    if (!this.#waiting.isEmpty && this.#waiting.has(ts)) return false;
    this.clock = ts;
    return true;
  }

  bring(input: SequenceInput<P>, ts: Timestamp): void {
    this.reach(input, ts);
  }

  reach(_input: SequenceInput<P>, ts: Timestamp): void {
    if (!this.#begun) return;
    this.#waiting.putTick(ts, ts - this.clock);
    this.#know(ts);
  }

  /** These numbers carry nothing; what is held among them stays. However many they are, where they adjoin the clock. */
  fill(from: Timestamp, to: Timestamp): 'duplicate' | 'beyond' | undefined {
    if (!this.#begun) return undefined;
    if (to <= this.clock) return 'duplicate';
    const first = Math.max(from, this.clock + 1);
    if (first > this.clock + 1 && to - this.clock > this.window) return 'beyond';
    if (first > to) return undefined;
    this.#waiting.fill(first, to);
    this.#know(to);
    return undefined;
  }

  /** Everything up to `ts` has been sent: what isn't there is missing. */
  expect(ts: Timestamp): void {
    if (this.#begun && ts > this.clock) this.#know(ts);
  }

  hold(): void {}

  awaits(_input: SequenceInput<P>, ts: Timestamp): boolean {
    return ts === this.clock + 1;
  }

  // -- what goes out

  take(): Clocked<T> | undefined {
    const item = this.#waiting.take(this.clock + 1);
    if (item !== undefined) this.clock = item[1];
    return item;
  }

  dueAt(): boolean {
    return false;
  }

  evict(without: Without<P>): HeldMessage<T, P> | undefined {
    return this.remove(without, 1)[0];
  }

  remove(without: Without<P>, count: number): HeldMessage<T, P>[] {
    return this.#waiting.remove(this.clock, without, count);
  }

  /** Everything that is held, taken out; nothing is missing any more. */
  clear(): HeldMessage<T, P>[] {
    this.#top = this.clock;
    this.#givenUp.forgetAfter(this.clock);
    this.#knownSince?.clear();
    return this.#waiting.takeThrough(this.clock, Infinity);
  }

  /** The clock goes forward to `ts`; what was held up to there is taken out. */
  skip(to: Timestamp): HeldMessage<T, P>[] {
    return to > this.clock ? this.#forward(to, to) : [];
  }

  /** The clock goes forward to just before `ts`, which is free then; what was held up to there is taken out. */
  skipBefore(ts: Timestamp): HeldMessage<T, P>[] {
    return ts > this.clock ? this.#forward(ts - 1, ts) : [];
  }

  /** What is held up to `ts`. */
  heldThrough(ts: Timestamp): Iterable<HeldMessage<T, P>> {
    return this.#waiting.through(this.clock, ts);
  }

  // -- what is missing

  /** Whether the next number is missing, and later ones are there or were expected. */
  get stuck(): boolean {
    return this.#gapEnd > this.clock;
  }

  /** The missing numbers that the clock stands at. */
  get gap(): Gap | undefined {
    const to = this.#gapEnd;
    return to > this.clock ? { from: this.clock + 1, to } : undefined;
  }

  /** All ranges of missing numbers, in order. */
  gaps(): readonly Gap[] {
    return this.#begun ? [...this.#waiting.missing(this.clock, this.#top)] : [];
  }

  /** When it became known that something lies behind the present gap; `Infinity` where nothing does, or without `now`. */
  since(): number {
    return this.#knownSince?.since(this.clock) ?? Infinity;
  }

  /** What is missing up to `to` is not waited for any longer: what comes for it is late. */
  giveUp(to: Timestamp): void {
    if (!this.#begun) return;
    for (const gap of this.#waiting.missing(this.clock, to)) {
      this.#givenUp.add(gap.from, gap.to);
      if (gap.from === this.clock + 1) this.clock = gap.to;
      else this.#waiting.fill(gap.from, gap.to);
    }
  }

  #forward(clock: Timestamp, emptyThrough: Timestamp): HeldMessage<T, P>[] {
    if (!this.#begun) this.#beginning = clock;
    const taken = this.#waiting.takeThrough(this.clock, emptyThrough);
    this.clock = clock;
    return taken;
  }

  get #begun(): boolean {
    return this.clock > -Infinity;
  }

  get #gapEnd(): Timestamp {
    return Math.min(this.#waiting.next(this.clock) - 1, this.#top);
  }

  #know(ts: Timestamp): void {
    if (ts <= this.#top) return;
    this.#top = ts;
    this.#knownSince?.note(ts, this.clock);
  }
}
