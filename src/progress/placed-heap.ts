/**
 * What knows its place in a heap; -1 where it is in none.
 *
 * @internal
 */
export interface Placed {
  place: number;
}

/**
 * A binary heap whose entries know their place: one that changes, or leaves, is found at once. Each step is O(log n).
 *
 * @internal
 */
export class PlacedHeap<E extends Placed> {
  #entries: E[] = [];
  readonly #before: (a: E, b: E) => boolean;

  /** `before`: whether one entry comes before another. */
  constructor(before: (a: E, b: E) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#entries.length;
  }

  /** The first entry. */
  peek(): E | undefined {
    return this.#entries[0];
  }

  push(entry: E): void {
    this.#put(entry, this.#entries.length);
    this.#rise(entry);
  }

  /** Takes an entry out; nothing happens where it is out already. */
  remove(entry: E): void {
    const { place } = entry;
    if (place < 0) return;
    const last = this.#entries.pop() as E;
    entry.place = -1;
    if (last === entry) return;
    this.#put(last, place);
    this.update(last);
  }

  /** To be called when an entry comes before others, or after others, than it did. */
  update(entry: E): void {
    this.#rise(entry);
    this.#sink(entry);
  }

  #rise(entry: E): void {
    while (entry.place > 0) {
      const above = (entry.place - 1) >> 1;
      const parent = this.#entries[above] as E;
      if (!this.#before(entry, parent)) return;
      this.#put(parent, entry.place);
      this.#put(entry, above);
    }
  }

  #sink(entry: E): void {
    for (;;) {
      const left = this.#entries[2 * entry.place + 1];
      const right = this.#entries[2 * entry.place + 2];
      const least = left !== undefined && right !== undefined && this.#before(right, left) ? right : left;
      if (least === undefined || !this.#before(least, entry)) return;
      const { place } = least;
      this.#put(least, entry.place);
      this.#put(entry, place);
    }
  }

  #put(entry: E, place: number): void {
    this.#entries[place] = entry;
    entry.place = place;
  }
}
