import type { Clocked, Gap, Timestamp } from '../../types.js';
import { Intervals } from './intervals.js';
import type { HeldMessage, Without } from './order.js';
import { SequenceInput } from './sequence-input.js';
import type { Origin } from './sequence-input.js';
import { Slots } from './slots.js';

/**
 * What waits for its turn in a sequence: messages and early ticks, each in its slot, and ranges that carry nothing.
 *
 * All of it lies beyond the clock, which its owner keeps and passes in.
 */
export class WaitingMessages<T, P> {
  readonly #slots = new Slots<T, P>();
  /** A range stays as it is where something is held within: that comes out all the same. */
  readonly #filled = new Intervals();
  /** The source of all ticks. */
  readonly #ticks: SequenceInput<P>;
  /** The least number that is held or filled, `Infinity` without; out of date once the clock has reached it. */
  #next: Timestamp = Infinity;
  /** The payload of what was taken last. */
  payload: P;

  constructor(nothing: P) {
    this.payload = nothing;
    this.#ticks = new SequenceInput({}, nothing);
  }

  /** How many messages there are. */
  get held(): number {
    return this.#slots.size - this.#ticks.held;
  }

  get isEmpty(): boolean {
    return this.#slots.size === 0 && this.#filled.size === 0;
  }

  has(ts: Timestamp): boolean {
    return this.#slots.at(ts) !== undefined || this.#filled.has(ts);
  }

  /** A message that is the `ahead`-th from the clock; false where its place is taken. */
  put(item: Clocked<T>, origin: Origin<P>, ahead: number): boolean {
    if (this.#filled.size > 0 && this.#filled.has(item[1])) return false;
    if (!this.#slots.put(item, origin, ahead)) return false;
    origin.input.held++;
    if (item[1] < this.#next) this.#next = item[1];
    return true;
  }

  putTick(ts: Timestamp, ahead: number): void {
    this.put([null, ts], this.#ticks.origin, ahead);
  }

  fill(from: Timestamp, to: Timestamp): void {
    this.#filled.add(from, to);
    if (from < this.#next) this.#next = from;
  }

  /** Takes out what is at `ts`, the first beyond the clock: of a filled range a tick of its end, or of the last before something held. */
  take(ts: Timestamp): Clocked<T> | undefined {
    if (this.#slots.size > 0) {
      const item = this.#slots.take(ts);
      if (item !== undefined) {
        const { input, payload } = this.#slots.origin(ts);
        input.held--;
        this.payload = payload;
        return item;
      }
    }
    return this.#filled.size > 0 ? this.#takeFilled(ts) : undefined;
  }

  /** The least number from the clock on that is held or filled, or `Infinity`. */
  next(clock: Timestamp): Timestamp {
    if (this.#next <= clock) this.#next = this.#from(clock + 1);
    return this.#next;
  }

  /** The ranges between `clock` and `to`, both excluded and included, in which nothing is held or filled. */
  *missing(clock: Timestamp, to: Timestamp): Generator<Gap, void, undefined> {
    for (let at = clock + 1; at <= to;) {
      const next = this.#from(at);
      if (next > at) yield { from: at, to: Math.min(next - 1, to) };
      at = Math.max(next, this.#filled.endOf(next)) + 1;
    }
  }

  /** Takes out the first messages, at most `count`, that `without` says something else of; an empty place is filled by a tick. */
  remove(clock: Timestamp, without: Without<P>, count: number): HeldMessage<T, P>[] {
    const removed: HeldMessage<T, P>[] = [];
    if (count <= 0 || this.held === 0) return removed;
    for (const item of this.#slots.inOrder(clock + 1)) {
      if (item[0] === null) continue;
      const { input, payload } = this.#slots.origin(item[1]);
      const rest = without(payload);
      if (rest === payload) continue;
      if (rest === undefined) {
        input.held--;
        this.#ticks.held++;
        this.#slots.replace([null, item[1]], this.#ticks.origin);
      } else this.#slots.replace(item, input.originOf(rest));
      if (removed.push({ item, payload }) >= count) break;
    }
    return removed;
  }

  /** The messages up to `to`, in order. */
  *through(clock: Timestamp, to: Timestamp): Generator<HeldMessage<T, P>, void, undefined> {
    for (const item of this.#slots.inOrder(clock + 1)) {
      if (item[1] > to) return;
      if (item[0] !== null) yield { item, payload: this.#slots.origin(item[1]).payload };
    }
  }

  /** Takes out everything up to `to`; the messages among it. */
  takeThrough(clock: Timestamp, to: Timestamp): HeldMessage<T, P>[] {
    const taken: HeldMessage<T, P>[] = [];
    for (const item of this.#slots.inOrder(clock + 1)) {
      if (item[1] > to) break;
      const { input, payload } = this.#slots.origin(item[1]);
      this.#slots.take(item[1]);
      input.held--;
      if (item[0] !== null) taken.push({ item, payload });
    }
    this.#filled.dropThrough(to);
    this.#next = -Infinity;
    return taken;
  }

  #from(ts: Timestamp): Timestamp {
    return this.#slots.next(ts, this.#filled.from(ts) - 1);
  }

  #takeFilled(ts: Timestamp): Clocked<T> | undefined {
    this.#filled.dropThrough(ts - 1);
    const end = this.#filled.endOf(ts);
    if (end < ts) return undefined;
    this.payload = this.#ticks.usual;
    const last = this.#slots.next(ts, end) - 1;
    this.#filled.dropThrough(last);
    return [null, last];
  }
}
