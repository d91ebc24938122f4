import type { Timestamp } from '../../types.js';
import { Heap } from '../structures/heap.js';

/** So many are remembered at least. */
const KEPT = 1024;

/** Which timestamps came already: all as far back from the greatest as `width`, and of those before it the last. */
export class Recent {
  readonly #width: number;
  readonly #known = new Set<Timestamp>();
  readonly #ascending = new Heap<Timestamp>();
  #greatest: Timestamp = -Infinity;

  constructor(width: number, like?: Recent) {
    this.#width = width;
    if (like !== undefined) for (const ts of like.#known) this.add(ts);
  }

  get size(): number {
    return this.#known.size;
  }

  has(ts: Timestamp): boolean {
    return this.#known.has(ts);
  }

  add(ts: Timestamp): void {
    if (this.#known.has(ts)) return;
    this.#known.add(ts);
    this.#ascending.push(ts, ts);
    this.#greatest = Math.max(this.#greatest, ts);
    while (this.#known.size > KEPT && this.#ascending.leastKey < this.#greatest - this.#width) {
      this.#known.delete(this.#ascending.pop() as Timestamp);
    }
  }
}
