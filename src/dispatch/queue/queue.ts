import { Ring } from '../structures/ring.js';
import type { Clocked, Overflow } from '../../types.js';

/** Messages for everybody that are held for order: each takes a place in every queue that was there when it came. */
export interface HeldBroadcasts {
  count: number;
}

/**
 * A receiver's bounded queue, and the places taken in it.
 *
 * A message takes its place when it is accepted, also while it is held for order, so that a release never waits. Ticks
 * take none.
 */
export class Queue<T> {
  readonly bound: number;
  readonly overflow: Overflow;
  /** Readable messages that nobody has taken. */
  readonly items: Ring<Clocked<T>> = new Ring();
  /** Places of held messages that name this receiver. */
  reserved = 0;
  /** Held messages that name everybody, were there before this receiver, and may still come: they have no place. */
  unplaced = 0;
  /** Places that are kept for pulled sources, which are about to bring their next item. */
  promised = 0;
  /** Places of messages that a consumer has taken and not finished, or has given back. */
  unfinished = 0;
  /** Held broadcasts that came before this receiver: they have no place here, but may still come. */
  earlier: number;
  /** Held broadcasts that this receiver does without. */
  dropped = 0;
  readonly #broadcasts: HeldBroadcasts;

  constructor(bound: number, overflow: Overflow, broadcasts: HeldBroadcasts) {
    this.bound = bound;
    this.overflow = overflow;
    this.#broadcasts = broadcasts;
    this.earlier = broadcasts.count;
  }

  /** Messages that wait for their turn, and have a place here. */
  get held(): number {
    return this.reserved + this.#broadcasts.count - this.earlier - this.dropped;
  }

  /** Whether anything may still be released to it. */
  get isExpecting(): boolean {
    return this.reserved > 0 || this.unplaced > 0 || this.#broadcasts.count > this.dropped;
  }

  /** Places taken. */
  get load(): number {
    return this.items.size + this.promised + this.unfinished + this.held;
  }
}
