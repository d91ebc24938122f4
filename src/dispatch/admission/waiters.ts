import { Heap } from '../structures/heap.js';

/** What waits in a list of waiters: in one at a time. */
export interface Waiting {
  waiters: Waiters | undefined;
}

/** Those who wait for one thing, by rank. Each may leave at any time; everything takes O(log n). */
export class Waiters {
  /** How many wait here. */
  size = 0;
  /** Whether they are going to be served. */
  due = false;
  /** Whether the first, of this rank, may have what it waits for. */
  readonly #ready: (rank: number) => boolean;
  readonly #heap = new Heap<Waiting>();

  constructor(ready: (rank: number) => boolean) {
    this.#ready = ready;
  }

  join(waiting: Waiting, rank: number): void {
    waiting.waiters = this;
    this.size++;
    this.#heap.push(rank, waiting);
  }

  leave(waiting: Waiting): void {
    waiting.waiters = undefined;
    this.size--;
    // Whoever has left is skipped later, or swept out when they are many: O(1) amortized.
    if (this.#heap.size > 2 * this.size + 16) this.#heap.keep((other) => other.waiters === this);
  }

  /** The first, if it may have what it waits for. */
  next(): Waiting | undefined {
    const heap = this.#heap;
    for (let first = heap.peek(); first !== undefined; first = heap.peek()) {
      if (first.waiters === this) return this.#ready(heap.leastKey) ? first : undefined;
      heap.pop();
    }
    return undefined;
  }
}
