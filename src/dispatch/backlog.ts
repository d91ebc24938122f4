import type { Clocked, Timestamp } from '../types.js';
import { Heap } from './heap.js';
import type { Targets } from './order.js';
import { Ring } from './ring.js';

/**
 * The messages of one source that wait for their turn, by timestamp, then by arrival.
 *
 * A source runs forwards and mostly writes to the same receivers, so that a ring of its messages is enough. What is out
 * of the ordinary costs more: varying targets a second ring, a message out of order a heap.
 */
export class Backlog<T> {
  /** The receivers of the next message, where there is one. */
  targets: Targets<T>;
  readonly #ring = new Ring<Clocked<T>>();
  /** The targets of all messages, while they are the same. */
  readonly #usual: Targets<T> | undefined;
  #targets: Ring<Targets<T>> | undefined;
  #heap: Heap<Entry<T>> | undefined;

  constructor(usual: Targets<T> | undefined) {
    this.#usual = usual;
    this.targets = usual ?? [];
  }

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
    if (this.#heap !== undefined) this.#heap.push(item[1], { item, targets });
    else {
      if (targets !== this.#usual || this.#targets !== undefined) this.#vary(targets);
      this.#ring.push(item);
    }
    this.#look();
  }

  /** `push` for a message that is later than the last one and has the usual targets. */
  append(item: Clocked<T>): void {
    if (this.#heap !== undefined || this.#targets !== undefined) this.push(item, this.#usual as Targets<T>);
    else this.#ring.push(item);
  }

  /** Takes the next message out; there must be one. */
  shift(): Clocked<T> {
    if (this.#heap === undefined && this.#targets === undefined) return this.#ring.shift() as Clocked<T>;
    this.#targets?.shift();
    const item = this.#heap === undefined ? this.#ring.shift() : this.#heap.pop()?.item;
    this.#look();
    return item as Clocked<T>;
  }

  /** Takes out the next message with just these targets. */
  remove(targets: Targets<T>): Clocked<T> | undefined {
    const item = this.#heap === undefined ? this.#pick(targets) : this.#heap.remove((e) => e.targets === targets)?.item;
    this.#look();
    return item;
  }

  #pick(targets: Targets<T>): Clocked<T> | undefined {
    for (let i = 0; i < this.#ring.size; i++) {
      if ((this.#targets === undefined ? this.#usual : this.#targets.at(i)) !== targets) continue;
      this.#targets?.remove(i);
      return this.#ring.remove(i);
    }
    return undefined;
  }

  /** Finds out whom the next message is for. */
  #look(): void {
    const next = this.#heap === undefined ? this.#targets?.peek() : this.#heap.peek()?.targets;
    if (next !== undefined) this.targets = next;
  }

  #vary(targets: Targets<T>): void {
    if (this.#targets === undefined) {
      this.#targets = new Ring();
      for (let i = 0; i < this.#ring.size; i++) this.#targets.push(this.#usual as Targets<T>);
    }
    this.#targets.push(targets);
  }

  #heapify(): void {
    const heap = new Heap<Entry<T>>();
    while (this.#ring.size > 0) {
      const { targets } = this;
      const item = this.shift();
      heap.push(item[1], { item, targets });
    }
    this.#targets = undefined;
    this.#heap = heap;
  }
}

interface Entry<T> {
  readonly item: Clocked<T>;
  readonly targets: Targets<T>;
}
