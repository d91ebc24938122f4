import type { Timestamp } from '../types.js';

/** How many ids a log remembers unless told otherwise. */
export const DEFAULT_DEDUPE = 65_536;

/**
 * The newest ids of a log, and where each was stored first (law 42).
 *
 * The oldest id leaves when one more than `size` comes in. A ring beside the map knows which that is: asking a map for
 * its first key walks over all keys deleted before.
 */
export class DedupeWindow {
  readonly #size: number;
  readonly #positions = new Map<string, Timestamp>();
  readonly #ring: string[] = [];
  #next = 0;

  constructor(size: number = DEFAULT_DEDUPE) {
    this.#size = size;
  }

  /** How many ids are remembered. */
  get count(): number {
    return this.#ring.length;
  }

  /** The position that an id was first stored at. */
  find(id: string): Timestamp | undefined {
    return this.#positions.get(id);
  }

  /** Remembers an id that is not in the window, as the newest. */
  add(id: string, ts: Timestamp): void {
    if (this.#size === 0) return;
    if (this.#ring.length < this.#size) this.#ring.push(id);
    else {
      this.#positions.delete(this.#ring[this.#next]!);
      this.#ring[this.#next] = id;
    }
    this.#next = (this.#next + 1) % this.#size;
    this.#positions.set(id, ts);
  }

  /** The position of the oldest id in the window; `Infinity` where there is none. */
  oldest(): Timestamp {
    const id = this.#ring.length < this.#size ? this.#ring[0] : this.#ring[this.#next];
    return id === undefined ? Infinity : this.#positions.get(id)!;
  }
}
