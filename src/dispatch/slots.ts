import type { Clocked, Timestamp } from '../types.js';
import type { Channel } from './channel.js';
import type { ForwardMember } from './forward-member.js';
import type { Targets } from './order.js';

/** Where a message came from, whom it is for, and when it came where that matters; one for all messages of a source where that is the same. */
export interface Origin<T> {
  readonly member: ForwardMember<T>;
  readonly targets: Targets<T>;
  /** The only one of the targets. */
  readonly only: Channel<T> | undefined;
  readonly since: number;
}

export function originOf<T>(member: ForwardMember<T>, targets: Targets<T>, since = 0): Origin<T> {
  return { member, targets, only: targets.length === 1 ? targets[0] : undefined, since };
}

/**
 * Messages by timestamp: a ring with one slot for each timestamp of a window, so that every step is O(1).
 *
 * It grows with the span of what it holds, and never shrinks.
 */
export class Slots<T> {
  /** Slots in use. */
  size: number = 0;
  #items: (Clocked<T> | undefined)[] = [undefined];
  #origins: (Origin<T> | undefined)[] = [undefined];
  /** The number of slots is a power of two; this is one less. */
  #mask = 0;

  at(ts: Timestamp): Clocked<T> | undefined {
    const item = this.#items[ts & this.#mask];
    return item?.[1] === ts ? item : undefined;
  }

  /** The least timestamp from `ts` on that is taken; there must be one. */
  from(ts: Timestamp): Timestamp {
    while (this.at(ts) === undefined) ts++;
    return ts;
  }

  origin(ts: Timestamp): Origin<T> {
    return this.#origins[ts & this.#mask] as Origin<T>;
  }

  /** Fills the slot of a message, which is at most the `span`-th from the first; false where it is taken. */
  fill(item: Clocked<T>, origin: Origin<T>, span: number): boolean {
    if (span > this.#items.length) this.#grow(span);
    const slot = item[1] & this.#mask;
    if (this.#items[slot] !== undefined) return false;
    this.#items[slot] = item;
    this.#origins[slot] = origin;
    this.size++;
    return true;
  }

  /** Another message takes the slot of one at the same timestamp. */
  replace(item: Clocked<T>): void {
    this.#items[item[1] & this.#mask] = item;
  }

  /** What lies in the slot of the first timestamp, which is empty then. */
  take(ts: Timestamp): Clocked<T> | undefined {
    const slot = ts & this.#mask;
    const item = this.#items[slot];
    if (item === undefined) return undefined;
    this.#items[slot] = undefined;
    this.size--;
    return item;
  }

  /** All messages in order, none of which is before `first`. */
  *inOrder(first: Timestamp): Generator<Clocked<T>> {
    for (let left = this.size; left > 0; left--) {
      first = this.from(first);
      yield this.at(first++) as Clocked<T>;
    }
  }

  clear(): void {
    this.#items.fill(undefined);
    this.size = 0;
  }

  #grow(span: number): void {
    const length = 2 ** Math.max(4, Math.ceil(Math.log2(span)));
    const items = new Array<Clocked<T> | undefined>(length).fill(undefined);
    const origins = new Array<Origin<T> | undefined>(length).fill(undefined);
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
