import { Heap } from '../structures/heap.js';

/** What waits in a list of waiters: in one at a time. */
export interface Waiting {
  waiters: Waiters | undefined;
  /** Waits for room before it is known what for. */
  readonly isSeeking: boolean;
}

const NOBODY: readonly never[] = [];

/** Those who wait for one thing, by rank. Each may leave at any time; everything takes O(log n). */
export class Waiters {
  /** How many wait here. */
  size = 0;
  /** Whether they are going to be served. */
  due = false;
  /** Whether the first, of this rank, may have what it waits for. */
  readonly #ready: (rank: number) => boolean;
  /** Those who wait before it is known what for. */
  #seeking: Set<Waiting> | undefined;
  readonly #heap = new Heap<Waiting>();

  constructor(ready: (rank: number) => boolean) {
    this.#ready = ready;
  }

  join(waiting: Waiting, rank: number): void {
    waiting.waiters = this;
    this.size++;
    this.#heap.push(rank, waiting);
    if (waiting.isSeeking) (this.#seeking ??= new Set()).add(waiting);
  }

  leave(waiting: Waiting): void {
    waiting.waiters = undefined;
    this.size--;
    if (waiting.isSeeking) this.#seeking?.delete(waiting);
    // Whoever has left is skipped later, or swept out when they are many: O(1) amortized.
    if (this.#heap.size > 2 * this.size + 16) this.#heap.keep((other) => other.waiters === this);
  }

  get seeking(): Iterable<Waiting> {
    return this.#seeking ?? NOBODY;
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
