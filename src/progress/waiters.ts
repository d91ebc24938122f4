import type { Timestamp } from '../types.js';
import type { ProgressEnd, ProgressWaiter } from './progress.js';

/**
 * Who waits for a stream to be settled at some timestamp: a binary heap in which each entry knows its place, so that
 * whoever gives up is taken out at once.
 *
 * Waiters of one timestamp are told in the order in which they came.
 *
 * @internal
 */
export class ProgressWaiters {
  #heap: Entry[] = [];
  #arrivals = 0;

  /** The least timestamp that is waited for; Infinity where none is. */
  get next(): Timestamp {
    return this.#heap[0]?.ts ?? Infinity;
  }

  /** Waits for `ts`; returns how to stop. Both O(log n). */
  add(ts: Timestamp, waiter: ProgressWaiter): () => void {
    const entry: Entry = { ts, waiter, arrival: this.#arrivals++, place: this.#heap.length };
    this.#heap.push(entry);
    this.#rise(entry);
    return () => this.#remove(entry);
  }

  /** Tells those who wait for `settled` or less. They may add, advance and end again. */
  advance(settled: Timestamp): void {
    while (this.next <= settled) this.#remove(this.#heap[0] as Entry)?.waiter.reached();
  }

  /** Tells all others that it is over, in the order in which they would have been reached. */
  end(end: ProgressEnd): void {
    const left = this.#heap.sort((a, b) => (before(a, b) ? -1 : 1));
    this.#heap = [];
    for (const entry of left) {
      if (entry.place === GONE) continue;
      entry.place = GONE;
      entry.waiter.ended(end);
    }
  }

  #remove(entry: Entry): Entry | undefined {
    const { place } = entry;
    if (place === GONE) return undefined;
    entry.place = GONE;
    // While `end` tells, nobody has a place in the heap any more.
    if (this.#heap[place] !== entry) return undefined;
    const last = this.#heap.pop() as Entry;
    if (last !== entry) {
      this.#put(last, place);
      this.#rise(last);
      this.#sink(last);
    }
    return entry;
  }

  #rise(entry: Entry): void {
    while (entry.place > 0) {
      const above = (entry.place - 1) >> 1;
      const parent = this.#heap[above] as Entry;
      if (!before(entry, parent)) return;
      this.#put(parent, entry.place);
      this.#put(entry, above);
    }
  }

  #sink(entry: Entry): void {
    for (;;) {
      const left = this.#heap[2 * entry.place + 1];
      const right = this.#heap[2 * entry.place + 2];
      const least = left !== undefined && right !== undefined && before(right, left) ? right : left;
      if (least === undefined || !before(least, entry)) return;
      const { place } = least;
      this.#put(least, entry.place);
      this.#put(entry, place);
    }
  }

  #put(entry: Entry, place: number): void {
    this.#heap[place] = entry;
    entry.place = place;
  }
}

interface Entry {
  readonly ts: Timestamp;
  readonly waiter: ProgressWaiter;
  readonly arrival: number;
  place: number;
}

/** The place of whoever has been told, or has given up. */
const GONE = -1;

function before(a: Entry, b: Entry): boolean {
  return a.ts < b.ts || (a.ts === b.ts && a.arrival < b.arrival);
}
