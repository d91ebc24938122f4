import type { Gap, Timestamp } from '../../types.js';

/** A set of numbers, kept as ranges in order: none touches another. */
export class Intervals {
  readonly #ranges: Gap[] = [];

  /** The number of ranges. */
  get size(): number {
    return this.#ranges.length;
  }

  add(from: Timestamp, to: Timestamp): void {
    // All ranges that overlap or adjoin the new one become one with it.
    const begin = this.#search(from - 1);
    let end = begin;
    for (; end < this.#ranges.length && this.#ranges[end]!.from <= to + 1; end++) {
      from = Math.min(from, this.#ranges[end]!.from);
      to = Math.max(to, this.#ranges[end]!.to);
    }
    this.#ranges.splice(begin, end - begin, { from, to });
  }

  has(ts: Timestamp): boolean {
    return this.from(ts) === ts;
  }

  /** The least number of the set from `ts` on, or `Infinity`. */
  from(ts: Timestamp): Timestamp {
    const range = this.#ranges[this.#search(ts)];
    return range === undefined ? Infinity : Math.max(ts, range.from);
  }

  /** The last number of the range that `ts` is in; `ts - 1` where it is in none. */
  endOf(ts: Timestamp): Timestamp {
    const range = this.#ranges[this.#search(ts)];
    return range === undefined || range.from > ts ? ts - 1 : range.to;
  }

  /** Forgets the numbers up to `ts`. */
  dropThrough(ts: Timestamp): void {
    while (this.#ranges.length > 0 && this.#ranges[0]!.to <= ts) this.#ranges.shift();
    const first = this.#ranges[0];
    if (first !== undefined && first.from <= ts) this.#ranges[0] = { from: ts + 1, to: first.to };
  }

  /** Forgets the numbers beyond `ts`. */
  dropAfter(ts: Timestamp): void {
    const cut = this.#search(ts + 1);
    const range = this.#ranges[cut];
    this.#ranges.length = cut;
    if (range !== undefined && range.from <= ts) this.#ranges.push({ from: range.from, to: ts });
  }

  /** Forgets the first range. */
  dropFirst(): void {
    this.#ranges.shift();
  }

  /** The index of the first range that ends at or after `ts`. */
  #search(ts: Timestamp): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ranges[middle]!.to < ts) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
