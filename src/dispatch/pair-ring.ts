/**
 * A first-in first-out queue of pairs: a `Ring` that keeps a message and its targets side by side, so that a queued
 * message costs two slots and no object.
 */
export class PairRing<A, B> {
  #slots: (A | B | undefined)[] = EMPTY;
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size / 2;
  }

  push(first: A, second: B): void {
    if (this.#size === this.#slots.length) this.#grow();
    const at = (this.#head + this.#size) & (this.#slots.length - 1);
    this.#slots[at] = first;
    this.#slots[at + 1] = second;
    this.#size += 2;
  }

  /** The first of the oldest pair. */
  peek(): A | undefined {
    return this.#size === 0 ? undefined : (this.#slots[this.#head] as A);
  }

  /** The second of the oldest pair. */
  peekSecond(): B {
    return this.#slots[this.#head + 1] as B;
  }

  /** The first of the youngest pair. */
  last(): A | undefined {
    return this.#size === 0 ? undefined : this.#at(this.#size - 2);
  }

  drop(): void {
    this.#slots[this.#head] = undefined;
    this.#slots[this.#head + 1] = undefined;
    this.#head = (this.#head + 2) & (this.#slots.length - 1);
    this.#size -= 2;
  }

  /** Takes out the oldest pair that `wanted` accepts; the others keep their order. */
  remove(wanted: (first: A, second: B) => boolean): A | undefined {
    for (let i = 0; i < this.#size; i += 2) {
      const first = this.#at(i);
      if (!wanted(first, this.#second(i))) continue;
      for (let j = i; j > 0; j -= 2) {
        const to = (this.#head + j) & (this.#slots.length - 1);
        this.#slots[to] = this.#at(j - 2);
        this.#slots[to + 1] = this.#second(j - 2);
      }
      this.drop();
      return first;
    }
    return undefined;
  }

  #at(i: number): A {
    return this.#slots[(this.#head + i) & (this.#slots.length - 1)] as A;
  }

  #second(i: number): B {
    return this.#slots[((this.#head + i) & (this.#slots.length - 1)) + 1] as B;
  }

  #grow(): void {
    const slots = new Array<A | B | undefined>(Math.max(8, this.#slots.length * 2));
    for (let i = 0; i < this.#size; i++) slots[i] = this.#slots[(this.#head + i) & (this.#slots.length - 1)];
    this.#slots = slots;
    this.#head = 0;
  }
}

const EMPTY: never[] = [];
