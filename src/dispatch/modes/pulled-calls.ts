import type { Timestamp } from '../../types.js';

/** A waiting call of a pulled source: it brings nothing else before this is decided. */
export interface PulledCall {
  readonly ts: Timestamp;
  /** Whether a consumer may make room for it. */
  readonly waitsForConsumer: boolean;
}

/** What pulled sources wait with, in a sequence. */
export class PulledCalls {
  readonly #calls = new Set<PulledCall>();

  /** How many sources wait: each has one call at a time. */
  get size(): number {
    return this.#calls.size;
  }

  add(call: PulledCall): void {
    this.#calls.add(call);
  }

  delete(call: PulledCall): void {
    this.#calls.delete(call);
  }

  /** The least number that they wait with, where all of them wait for earlier numbers and for nothing else. */
  leastAfter(clock: Timestamp): Timestamp | undefined {
    let least = Infinity;
    for (const { ts, waitsForConsumer } of this.#calls) {
      if (ts <= clock + 1 || waitsForConsumer) return undefined;
      if (ts < least) least = ts;
    }
    return least;
  }
}
