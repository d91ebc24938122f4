import type { Timestamp } from '../../types.js';
import { Intervals } from './intervals.js';

/** How many ranges are remembered: what comes for older ones counts as repeated. */
const LIMIT = 1024;

/** The missing numbers that were given up: what comes for one of them is late, not repeated. */
export class GivenUp {
  readonly #ranges = new Intervals();
  /** How many numbers were given up altogether. */
  count: number = 0;

  add(from: Timestamp, to: Timestamp): void {
    this.count += to - from + 1;
    this.#ranges.add(from, to);
    if (this.#ranges.size > LIMIT) this.#ranges.dropFirst();
  }

  /** The numbers beyond `ts` are waited for again. */
  forgetAfter(ts: Timestamp): void {
    this.#ranges.dropAfter(ts);
  }

  has(ts: Timestamp): boolean {
    return this.#ranges.has(ts);
  }
}
