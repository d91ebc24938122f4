import type { Timestamp } from '../../types.js';

/** How far releases have come, and up to where nothing more can follow. Neither goes back. */
export class ReleaseClock {
  /** Where it stands before the first release. */
  readonly start: Timestamp;
  begun = false;
  #now: Timestamp = 0;
  #hasSettled = false;
  #settled: Timestamp = 0;

  constructor(start: Timestamp) {
    this.start = start;
  }

  get now(): Timestamp {
    return this.begun ? this.#now : this.start;
  }

  get settled(): Timestamp {
    return this.#hasSettled ? this.#settled : this.start;
  }

  isBehind(ts: Timestamp): boolean {
    return this.begun ? this.#now < ts : this.start < ts;
  }

  move(ts: Timestamp): void {
    this.begun = true;
    this.#now = ts;
  }

  settle(ts: Timestamp): void {
    if (this.#hasSettled ? ts <= this.#settled : ts <= this.start) return;
    this.#hasSettled = true;
    this.#settled = ts;
  }
}
