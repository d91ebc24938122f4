/** A binary min-heap with the order of arrival among equals: `push` and `pop` in O(log n). */
export class Heap<T> {
  #entries: Entry<T>[] = [];
  #arrivals = 0;

  get size(): number {
    return this.#entries.length;
  }

  get leastKey(): number {
    return this.#entries.length === 0 ? Infinity : (this.#entries[0] as Entry<T>).key;
  }

  peek(): T | undefined {
    return this.#entries[0]?.item;
  }

  push(key: number, item: T): void {
    const entry = { key, arrival: this.#arrivals++, item };
    let at = this.#entries.push(entry) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = this.#entries[up] as Entry<T>;
      if (!before(entry, parent)) break;
      this.#entries[at] = parent;
      at = up;
    }
    this.#entries[at] = entry;
  }

  pop(): T | undefined {
    const least = this.#entries[0];
    const last = this.#entries.pop();
    if (least === undefined || last === undefined) return undefined;
    if (this.#entries.length > 0) this.#sink(0, last);
    return least.item;
  }

  /** Keeps only what `wanted` accepts, in O(n log n). */
  keep(wanted: (item: T) => boolean): void {
    // A sorted array is a heap.
    this.#entries = this.#entries.filter((e) => wanted(e.item)).sort((a, b) => (before(a, b) ? -1 : 1));
  }

  #sink(at: number, entry: Entry<T>): void {
    const entries = this.#entries;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= entries.length) break;
      if (child + 1 < entries.length && before(entries[child + 1] as Entry<T>, entries[child] as Entry<T>)) child++;
      if (!before(entries[child] as Entry<T>, entry)) break;
      entries[at] = entries[child] as Entry<T>;
      at = child;
    }
    entries[at] = entry;
  }
}

interface Entry<T> {
  readonly key: number;
  readonly arrival: number;
  readonly item: T;
}

function before(a: Entry<unknown>, b: Entry<unknown>): boolean {
  return a.key < b.key || (a.key === b.key && a.arrival < b.arrival);
}
