import type { Clocked, Timestamp } from '../../types.js';
import type { Origin } from './sequence-input.js';

/**
 * Messages by timestamp: a ring with one slot for each timestamp of a window, so that every step is O(1).
 *
 * It grows with the span of what it holds, and never shrinks.
 */
export class Slots<T, P> {
  /** Slots in use. */
  size: number = 0;
  #items: (Clocked<T> | undefined)[] = [undefined];
  #origins: (Origin<P> | undefined)[] = [undefined];
  /** The number of slots is a power of two; this is one less. */
  #mask = 0;

  at(ts: Timestamp): Clocked<T> | undefined {
    const item = this.#items[ts & this.#mask];
    return item?.[1] === ts ? item : undefined;
  }

  /** The origin of what lies at `ts`, or was taken from there last. */
  origin(ts: Timestamp): Origin<P> {
    return this.#origins[ts & this.#mask] as Origin<P>;
  }

  /** Fills the slot of a message that is at most the `span`-th from the first; false where it is in use. */
  put(item: Clocked<T>, origin: Origin<P>, span: number): boolean {
    if (span > this.#items.length) this.#grow(span);
    const slot = item[1] & this.#mask;
    if (this.#items[slot] !== undefined) return false;
    this.#items[slot] = item;
    this.#origins[slot] = origin;
    this.size++;
    return true;
  }

  /** Something else takes the slot of what is there. */
  replace(item: Clocked<T>, origin: Origin<P>): void {
    this.#items[item[1] & this.#mask] = item;
    this.#origins[item[1] & this.#mask] = origin;
  }

  /** Empties the slot of `ts`, which nothing else can be in. */
  take(ts: Timestamp): Clocked<T> | undefined {
    const slot = ts & this.#mask;
    const item = this.#items[slot];
    if (item === undefined) return undefined;
    this.#items[slot] = undefined;
    this.size--;
    return item;
  }

  /** The least timestamp from `ts` to `end` whose slot is in use, or `end + 1`. */
  next(ts: Timestamp, end: Timestamp): Timestamp {
    if (this.size > 0) {
      const last = Math.min(end, ts + this.#mask, Number.MAX_SAFE_INTEGER);
      for (; ts <= last; ts++) if (this.at(ts) !== undefined) return ts;
    }
    return end + 1;
  }

  /** All that is there in order, none of which is before `first`; what was yielded last may be taken or replaced. */
  *inOrder(first: Timestamp): Generator<Clocked<T>, void, undefined> {
    for (let left = this.size; left > 0; left--) {
      while (this.at(first) === undefined) first++;
      yield this.at(first++) as Clocked<T>;
    }
  }

  clear(): void {
    this.#items = [undefined];
    this.#origins = [undefined];
    this.#mask = 0;
    this.size = 0;
  }

  #grow(span: number): void {
    const length = 2 ** Math.max(4, Math.ceil(Math.log2(span)));
    const items = new Array<Clocked<T> | undefined>(length).fill(undefined);
    const origins = new Array<Origin<P> | undefined>(length).fill(undefined);
    for (const item of this.#items) {
      if (item === undefined) continue;
      const slot = item[1] & (length - 1);
      items[slot] = item;
      origins[slot] = this.origin(item[1]);
    }
    this.#items = items;
    this.#origins = origins;
    this.#mask = length - 1;
  }
}
