import type { Timestamp } from '../../types.js';

/** Messages of one source in a row that were too far ahead, none behind the one before. */
export interface LeadRun {
  readonly count: number;
  readonly last: Timestamp;
}

/** A source that may be ahead. */
export interface Leading {
  leadRun: LeadRun | undefined;
}

/** How far one source may be ahead of the others, and after how many messages in a row it is believed. */
export class LeadRule {
  readonly #maxLead: number;
  readonly #resyncAfter: number;

  constructor(maxLead: number, resyncAfter: number) {
    this.#maxLead = maxLead;
    this.#resyncAfter = resyncAfter;
  }

  /** `refusal`, or `'ahead'`: what comes from a source, while the others are at `base`. */
  judge<R>(source: Leading, ts: Timestamp, base: Timestamp, refusal: R | undefined): R | 'ahead' | undefined {
    source.leadRun = refusal === undefined ? this.#next(source.leadRun, ts, base) : undefined;
    if (refusal !== undefined) return refusal;
    return source.leadRun !== undefined && source.leadRun.count < this.#resyncAfter ? 'ahead' : undefined;
  }

  /** The run after a message at `ts`; none where it is not too far ahead. */
  #next(run: LeadRun | undefined, ts: Timestamp, base: Timestamp): LeadRun | undefined {
    if (ts <= base + this.#maxLead) return undefined;
    return { count: run === undefined || ts < run.last ? 1 : run.count + 1, last: ts };
  }
}
