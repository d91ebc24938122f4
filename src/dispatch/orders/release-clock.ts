import type { Timestamp } from '../../types.js';

/** How far releases have come, and up to where nothing more can follow. Neither goes back. */
export class ReleaseClock {
  /** Where both stand before the first release. */
  readonly start: Timestamp;
  begun = false;
  #now: Timestamp = 0;
  #settled: Timestamp = 0;

  constructor(start: Timestamp) {
    this.start = start;
  }

  get now(): Timestamp {
    return this.begun ? this.#now : this.start;
  }

  get settled(): Timestamp {
    return this.begun ? this.#settled : this.start;
  }

  isBehind(ts: Timestamp): boolean {
    return this.begun ? this.#now < ts : this.start < ts;
  }

  /** Goes to `ts`: nothing below can follow and, where that is final, nothing at it either. */
  move(ts: Timestamp, final: boolean): void {
    const settled = final ? ts : ts - 1;
    if (!this.begun || settled > this.#settled) this.#settled = settled;
    this.#now = ts;
    this.begun = true;
  }

  /** Nothing up to here can follow. */
  settle(): void {
    this.#settled = this.#now;
  }
}
