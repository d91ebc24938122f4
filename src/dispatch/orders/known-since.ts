import type { Timestamp } from '../../types.js';
import { Ring } from '../structures/ring.js';

/**
 * Since when it has been known how far the numbers go, and so since when those before have been missing.
 *
 * Only what went further than all before it is noted: something later that lies before it tells nothing new.
 */
export class KnownSince {
  readonly #now: () => number;
  readonly #limit: number;
  readonly #notes = new Ring<{ readonly ts: Timestamp; readonly at: number }>();

  constructor(now: () => number, limit: number) {
    this.#now = now;
    this.#limit = limit;
  }

  /** The numbers go up to `ts`, which is greater than ever before; the clock is at `clock`. */
  note(ts: Timestamp, clock: Timestamp): void {
    this.#forget(clock);
    const note = { ts, at: this.#now() };
    // Numbers that are only expected have no bound by the window. Those between the last two then wait a little longer.
    if (this.#notes.size < this.#limit) this.#notes.push(note);
    else this.#notes.set(this.#notes.size - 1, note);
  }

  /** When something behind the clock was first known of; `Infinity` where nothing is. */
  since(clock: Timestamp): number {
    this.#forget(clock);
    return this.#notes.peek()?.at ?? Infinity;
  }

  clear(): void {
    this.#notes.clear();
  }

  #forget(clock: Timestamp): void {
    while (this.#notes.size > 0 && this.#notes.peek()!.ts <= clock) this.#notes.shift();
  }
}
