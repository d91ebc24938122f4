import type { Placed } from '../progress/placed-heap.js';
import type { Timestamp } from '../types.js';

/**
 * One input of a merge: what it has promised, and what of it waits.
 *
 * @internal
 */
export class MergeInput<T> implements Placed {
  place: number = -1;
  /** Nothing below follows. */
  promise: Timestamp = -Infinity;
  /** The greatest timestamp that came. */
  reached: Timestamp = -Infinity;
  /** Not waited for until it speaks again. */
  isIdle: boolean = false;
  /** How many of its messages wait, and the last of them. */
  held: number = 0;
  last: Held<T> | undefined;
  /** Makes it idle after a silence. */
  timer: { unsubscribe(): void } | undefined;
  /** What it failed with. */
  reason: unknown;
  /** Its rank among equals. */
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }

  /** Up to where others may go as far as this one is concerned. */
  get limit(): Timestamp {
    return this.isIdle ? Infinity : this.promise;
  }
}

/**
 * A message that waits for its turn.
 *
 * @internal
 */
export interface Held<T> extends Placed {
  readonly input: MergeInput<T>;
  readonly ts: Timestamp;
  readonly arrival: number;
  value: T;
}

/**
 * By timestamp, then by the order of the inputs, then by arrival.
 *
 * @internal
 */
export function compareHeld(a: Held<unknown>, b: Held<unknown>): boolean {
  const later = a.ts - b.ts || a.input.index - b.input.index || a.arrival - b.arrival;
  return later < 0;
}

/**
 * The input that holds the others back comes first.
 *
 * @internal
 */
export function isFurtherBehind(a: MergeInput<unknown>, b: MergeInput<unknown>): boolean {
  return a.limit < b.limit;
}
