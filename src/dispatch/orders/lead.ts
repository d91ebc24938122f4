import type { Timestamp } from '../../types.js';

/** Messages of one source in a row that were too far ahead, none behind the one before. */
export interface LeadRun {
  readonly count: number;
  readonly last: Timestamp;
}

/** How far one source may be ahead of the others, and after how many messages in a row it is believed. */
export class LeadRule {
  readonly #maxLead: number;
  readonly #resyncAfter: number;

  constructor(maxLead: number, resyncAfter: number) {
    this.#maxLead = maxLead;
    this.#resyncAfter = resyncAfter;
  }

  /** The run after a message at `ts`, where the others are at `base`; none where it is not too far ahead. */
  next(run: LeadRun | undefined, ts: Timestamp, base: Timestamp): LeadRun | undefined {
    if (ts <= base + this.#maxLead) return undefined;
    return { count: run === undefined || ts < run.last ? 1 : run.count + 1, last: ts };
  }

  /** Whether the last message of the run is refused. */
  refuses(run: LeadRun | undefined): boolean {
    return run !== undefined && run.count < this.#resyncAfter;
  }
}
