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
  /** The payload of what was taken out last. */
  payload: P;
  readonly #usual: P;
  readonly #nothing: P;
  readonly #items = new Ring<Clocked<T>>();
  #payloads: Ring<P> | undefined;
  /** What was taken out has left a tick, so that its timestamp is told all the same. */
  #blanks = 0;
  /** Not there when it would be empty. */
  #disordered: Heap<HeldMessage<T, P>> | undefined;

  constructor(usual: P, nothing: P) {
    this.payload = this.#usual = usual;
    this.#nothing = nothing;
  }

  get size(): number {
    return this.#items.size + (this.#disordered === undefined ? 0 : this.#disordered.size);
  }

  /** How many messages wait. */
  get messages(): number {
    return this.size - this.#blanks;
  }

  /** The next message. */
  peek(): Clocked<T> | undefined {
    if (this.#disordered === undefined) return this.#items.peek();
    return this.#heapFirst(this.#disordered) ? this.#disordered.peek()?.item : this.#items.peek();
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
    this.payload = this.#payloads === undefined ? this.#usual : (this.#payloads.shift() as P);
    const item = this.#items.shift() as Clocked<T>;
    if (this.#blanks > 0 && item[0] === null) this.#blanks--;
    return item;
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

  /**
   * Puts the rest of the payload in its place, for messages that were just found. Without a rest a tick stays; of several
   * in a row the last.
   */
  reduce(found: readonly Concerned<T, P>[]): void {
    this.#vary();
    for (const { at, item, rest } of found) {
      this.#payloads?.set(at, rest ?? this.#nothing);
      if (rest !== undefined) continue;
      this.#items.set(at, [null, item[1]]);
      this.#blanks++;
    }
    // Where nobody wants such ticks, none stays.
    if (this.#nothing === undefined) this.#refill(this.#all().filter(({ item }) => item[0] !== null));
    else if (found.length === 1) this.#join((found[0] as Concerned<T, P>).at);
    else if (found.length > 1)
      this.#refill(this.#all().filter(({ item }, at, all) => !isTwin(item, all[at + 1]?.item)));
  }

  /** Of ticks in a row around this place the last one stays. */
  #join(at: number): void {
    const items = this.#items;
    for (const first of [at, at - 1]) {
      if (first < 0 || first + 1 >= items.size) continue;
      if (!isTwin(items.at(first) as Clocked<T>, items.at(first + 1))) continue;
      this.#blanks--;
      items.remove(first);
      this.#payloads?.remove(first);
    }
  }

  /** Whether the next message is one that came out of order. */
  #heapFirst(disordered: Heap<HeldMessage<T, P>>): boolean {
    const item = this.#items.peek();
    return item === undefined || disordered.leastKey < item[1];
  }

  #pop(disordered: Heap<HeldMessage<T, P>>): Clocked<T> {
    const { item, payload } = disordered.pop() as HeldMessage<T, P>;
    this.payload = payload;
    if (disordered.size === 0) this.#disordered = undefined;
    return item;
  }

  #all(): HeldMessage<T, P>[] {
    const all: HeldMessage<T, P>[] = [];
    while (this.size > 0) {
      const item = this.shift();
      all.push({ item, payload: this.payload });
    }
    return all;
  }

  #refill(messages: readonly HeldMessage<T, P>[]): void {
    for (const { item, payload } of messages) {
      if (item[0] === null) this.#blanks++;
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

/** Two ticks in a row, of which the second says it all. */
function isTwin(item: Clocked<unknown>, next: Clocked<unknown> | undefined): boolean {
  return item[0] === null && next?.[0] === null;
}
