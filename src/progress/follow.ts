import type { Clocked, Timestamp } from '../types.js';
import type { Progress, ProgressEnd, ProgressWaiter, Traits } from './progress.js';
import { ProgressWaiters } from './waiters.js';

/**
 * Up to where nothing more can follow after an item at `ts`, by what is known of its stream.
 *
 * @internal
 */
export function through(traits: Traits, isTick: boolean, ts: Timestamp): Timestamp {
  return traits.unique || (isTick && traits.strict) ? ts : ts - 1;
}

/**
 * The progress of whoever reads a stream that carries none: told of each item, and of the end.
 *
 * @internal
 */
export class Followed implements Progress {
  readonly name: string;
  clock: Timestamp = -Infinity;
  settled: Timestamp = -Infinity;
  readonly #traits: Traits;
  readonly #waiters: ProgressWaiters = new ProgressWaiters();
  #end: ProgressEnd | undefined;

  constructor(name: string, traits: Traits) {
    this.name = name;
    this.#traits = traits;
  }

  get strict(): boolean {
    return this.#traits.strict;
  }

  get unique(): boolean {
    return this.#traits.unique;
  }

  /** Follows an item: `see` and `tell` in one. */
  next(item: Clocked<unknown>): void {
    this.see(item);
    this.tell();
  }

  /** Takes note of an item; `settled` says what is known of it otherwise. */
  see([value, ts]: Clocked<unknown>, settled: Timestamp = -Infinity): void {
    this.clock = Math.max(this.clock, ts);
    this.settled = Math.max(this.settled, through(this, value === null, ts), Math.min(settled, ts));
  }

  /** Tells those who waited for it. */
  tell(): void {
    this.#waiters.advance(this.settled);
  }

  end(end: ProgressEnd): void {
    this.#end = end;
    // A failure settles nothing that was not.
    if (!end.failed) this.settled = Math.max(this.settled, this.clock);
    this.tell();
    this.#waiters.end(end);
  }

  whenSettled(ts: Timestamp, waiter: ProgressWaiter): () => void {
    if (this.settled < ts && this.#end === undefined) return this.#waiters.add(ts, waiter);
    if (this.settled >= ts) waiter.reached();
    else if (this.#end !== undefined) waiter.ended(this.#end);
    return noop;
  }
}

const noop = (): void => undefined;
