import type { Clocked, Timestamp } from '../types.js';
import { Heap } from './heap.js';
import type { Targets } from './order.js';
import { PairRing } from './pair-ring.js';

/**
 * The messages of one source that wait for their turn, by timestamp, then by arrival.
 *
 * A source runs forwards, so that a ring is enough; the first message out of order turns it into a heap.
 */
export class Backlog<T> {
  #ring = new PairRing<Clocked<T>, Targets<T>>();
  #heap: Heap<readonly [Clocked<T>, Targets<T>]> | undefined;

  get size(): number {
    return this.#heap === undefined ? this.#ring.size : this.#heap.size;
  }

  /** The timestamp of the next message; `Infinity` when there is none. */
  get next(): Timestamp {
    if (this.#heap !== undefined) return this.#heap.leastKey;
    const item = this.#ring.peek();
    return item === undefined ? Infinity : item[1];
  }

  push(item: Clocked<T>, targets: Targets<T>): void {
    if (this.#heap === undefined && (this.#ring.last()?.[1] ?? 0) > item[1]) this.#heapify();
    if (this.#heap === undefined) this.#ring.push(item, targets);
    else this.#heap.push(item[1], [item, targets]);
  }

  /** The next message, where there is one. */
  get item(): Clocked<T> {
    return (this.#heap === undefined ? this.#ring.peek() : this.#heap.peek()?.[0]) as Clocked<T>;
  }

  /** The receivers of the next message, where there is one. */
  get targets(): Targets<T> {
    return this.#heap === undefined ? this.#ring.peekSecond() : (this.#heap.peek()?.[1] as Targets<T>);
  }

  /** Takes the next message out. */
  drop(): void {
    if (this.#heap === undefined) this.#ring.drop();
    else this.#heap.pop();
  }

  /** Takes out the next message with just these targets. */
  remove(targets: Targets<T>): Clocked<T> | undefined {
    return this.#heap === undefined
      ? this.#ring.remove((_, theirs) => theirs === targets)
      : this.#heap.remove(([, theirs]) => theirs === targets)?.[0];
  }

  #heapify(): void {
    const heap = new Heap<readonly [Clocked<T>, Targets<T>]>();
    for (let item = this.#ring.peek(); item !== undefined; item = this.#ring.peek()) {
      heap.push(item[1], [item, this.#ring.peekSecond()]);
      this.#ring.drop();
    }
    this.#heap = heap;
  }
}
