import type { Timestamp } from '../types.js';
import { type Placed, PlacedHeap } from './placed-heap.js';
import type { ProgressEnd, ProgressWaiter } from './progress.js';

/**
 * Who waits for a stream to be settled at some timestamp. Waiters of one timestamp are told in the order in which they
 * came.
 *
 * @internal
 */
export class ProgressWaiters {
  #waiting: PlacedHeap<Waiting> = new PlacedHeap(before);
  #arrivals = 0;

  /** The least timestamp that is waited for; Infinity where none is. */
  get next(): Timestamp {
    return this.#waiting.peek()?.ts ?? Infinity;
  }

  /** How many wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Waits for `ts`; returns how to stop. Both O(log n). */
  add(ts: Timestamp, waiter: ProgressWaiter): () => void {
    const heap = this.#waiting;
    const waiting: Waiting = { ts, waiter, arrival: this.#arrivals++, place: -1 };
    heap.push(waiting);
    return () => heap.remove(waiting);
  }

  /** Tells those who wait for `settled` or less. They may add, advance and end again. */
  advance(settled: Timestamp): void {
    for (let first = this.#waiting.peek(); first !== undefined && first.ts <= settled; first = this.#waiting.peek()) {
      this.#waiting.remove(first);
      first.waiter.reached();
    }
  }

  /** Tells all others that it is over, in the order in which they would have been reached. */
  end(end: ProgressEnd): void {
    const left = this.#waiting;
    this.#waiting = new PlacedHeap(before);
    for (let first = left.peek(); first !== undefined; first = left.peek()) {
      left.remove(first);
      first.waiter.ended(end);
    }
  }
}

interface Waiting extends Placed {
  readonly ts: Timestamp;
  readonly waiter: ProgressWaiter;
  readonly arrival: number;
}

function before(a: Waiting, b: Waiting): boolean {
  return a.ts < b.ts || (a.ts === b.ts && a.arrival < b.arrival);
}
