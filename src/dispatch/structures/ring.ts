/**
 * A first-in first-out queue: `push` and `shift` in constant time.
 *
 * It takes no memory until it is used, doubles when it is full, and never shrinks: how far it grows is its owner's
 * concern.
 */
export class Ring<T> {
  #slots: (T | undefined)[] = EMPTY;
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(item: T): void {
    if (this.#size === this.#slots.length) this.#grow();
    this.#slots[(this.#head + this.#size) & (this.#slots.length - 1)] = item;
    this.#size++;
  }

  peek(): T | undefined {
    return this.#size === 0 ? undefined : this.#slots[this.#head];
  }

  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const item = this.#slots[this.#head];
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#slots.length - 1);
    this.#size--;
    return item;
  }

  /** The youngest item. */
  last(): T | undefined {
    return this.#size === 0 ? undefined : this.at(this.#size - 1);
  }

  /** The item with so many before it. */
  at(index: number): T | undefined {
    return this.#slots[(this.#head + index) & (this.#slots.length - 1)];
  }

  /** Takes out the item with so many before it; the others keep their order. */
  remove(index: number): T | undefined {
    const item = this.at(index);
    const mask = this.#slots.length - 1;
    for (let i = index; i > 0; i--) this.#slots[(this.#head + i) & mask] = this.at(i - 1);
    this.shift();
    return item;
  }

  set(index: number, item: T): void {
    this.#slots[(this.#head + index) & (this.#slots.length - 1)] = item;
  }

  /** Puts an item behind so many others. */
  insert(index: number, item: T): void {
    this.push(item);
    for (let i = this.#size - 1; i > index; i--) this.set(i, this.at(i - 1) as T);
    this.set(index, item);
  }

  clear(): void {
    this.#slots = EMPTY;
    this.#head = 0;
    this.#size = 0;
  }

  #grow(): void {
    const old = this.#slots;
    const slots = new Array<T | undefined>(Math.max(4, old.length * 2));
    for (let i = 0; i < this.#size; i++) slots[i] = old[(this.#head + i) & (old.length - 1)];
    this.#slots = slots;
    this.#head = 0;
  }
}

const EMPTY: never[] = [];
