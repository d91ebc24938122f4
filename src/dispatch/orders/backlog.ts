import type { Clocked } from '../../types.js';
import { Heap } from '../structures/heap.js';
import { Ring } from '../structures/ring.js';
import type { HeldMessage, Without } from './order.js';

/** A held message that `without` concerns, and what is left of its payload. */
export interface Concerned<T, P> extends HeldMessage<T, P> {
  /** How many messages of the backlog come before it. */
  readonly at: number;
  readonly rest: P | undefined;
}

/**
 * The messages of one source that wait for their turn, by timestamp, then by arrival.
 *
 * A source mostly runs forwards and has one payload, so that a ring of its messages is enough. A second ring keeps the
 * payloads where they vary, a heap the messages that came out of order.
 */
export class Backlog<T, P> {
  readonly #usual: P;
  readonly #items = new Ring<Clocked<T>>();
  #payloads: Ring<P> | undefined;
  /** Not there when it would be empty. */
  #disordered: Heap<HeldMessage<T, P>> | undefined;

  constructor(usual: P) {
    this.#usual = usual;
  }

  get size(): number {
    return this.#items.size + (this.#disordered === undefined ? 0 : this.#disordered.size);
  }

  /** The next message. */
  peek(): Clocked<T> | undefined {
    if (this.#disordered === undefined) return this.#items.peek();
    return this.#heapFirst(this.#disordered) ? this.#disordered.peek()?.item : this.#items.peek();
  }

  /** The payload of the next message; there must be one. */
  get payload(): P {
    if (this.#disordered !== undefined && this.#heapFirst(this.#disordered)) {
      return (this.#disordered.peek() as HeldMessage<T, P>).payload;
    }
    return this.#payloads === undefined ? this.#usual : (this.#payloads.peek() as P);
  }

  push(item: Clocked<T>, payload: P): void {
    // What the ring holds last leaves after all that is below: ties in the ring came before those in the heap.
    const last = this.#items.last();
    if (last !== undefined && item[1] < last[1]) {
      this.#disordered ??= new Heap();
      this.#disordered.push(item[1], { item, payload });
      return;
    }
    if (payload !== this.#usual) this.#vary();
    this.#items.push(item);
    this.#payloads?.push(payload);
  }

  /** `push` for a message that is later than all before and has the usual payload. */
  append(item: Clocked<T>): void {
    this.#items.push(item);
    if (this.#payloads !== undefined) this.#payloads.push(this.#usual);
  }

  /** Takes the next message out; there must be one. */
  shift(): Clocked<T> {
    if (this.#disordered !== undefined && this.#heapFirst(this.#disordered)) return this.#pop(this.#disordered);
    if (this.#payloads !== undefined) this.#payloads.shift();
    return this.#items.shift() as Clocked<T>;
  }

  /** The first messages, `count` at most, for which `without` has another answer than the payload. */
  find(without: Without<P>, count: number): Concerned<T, P>[] {
    this.#straighten();
    const found: Concerned<T, P>[] = [];
    for (let at = 0; at < this.#items.size && found.length < count; at++) {
      const payload = this.#payloads === undefined ? this.#usual : (this.#payloads.at(at) as P);
      const rest = without(payload);
      if (rest !== payload) found.push({ at, item: this.#items.at(at) as Clocked<T>, payload, rest });
    }
    return found;
  }

  /** Puts the rest of the payload in its place, for messages that were just found; without a rest the message goes. */
  reduce(found: readonly Concerned<T, P>[]): void {
    this.#vary();
    for (const { at, rest } of found) if (rest !== undefined) this.#payloads?.set(at, rest);
    const gone = found.filter(({ rest }) => rest === undefined);
    const [only] = gone;
    if (gone.length === 1 && only !== undefined) {
      this.#items.remove(only.at);
      this.#payloads?.remove(only.at);
    } else if (gone.length > 1) {
      const places = new Set(gone.map(({ at }) => at));
      this.#refill(this.#all().filter((_, at) => !places.has(at)));
    }
  }

  /** Whether the next message is one that came out of order. */
  #heapFirst(disordered: Heap<HeldMessage<T, P>>): boolean {
    const item = this.#items.peek();
    return item === undefined || disordered.leastKey < item[1];
  }

  #pop(disordered: Heap<HeldMessage<T, P>>): Clocked<T> {
    const { item } = disordered.pop() as HeldMessage<T, P>;
    if (disordered.size === 0) this.#disordered = undefined;
    return item;
  }

  #all(): HeldMessage<T, P>[] {
    const all: HeldMessage<T, P>[] = [];
    while (this.size > 0) all.push({ payload: this.payload, item: this.shift() });
    return all;
  }

  #refill(messages: readonly HeldMessage<T, P>[]): void {
    for (const { item, payload } of messages) {
      this.#items.push(item);
      this.#payloads?.push(payload);
    }
  }

  /** Brings all of them into the ring. */
  #straighten(): void {
    if (this.#disordered === undefined) return;
    this.#vary();
    this.#refill(this.#all());
  }

  #vary(): void {
    if (this.#payloads !== undefined) return;
    this.#payloads = new Ring();
    for (let i = 0; i < this.#items.size; i++) this.#payloads.push(this.#usual);
  }
}
