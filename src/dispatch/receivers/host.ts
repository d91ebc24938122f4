import type { Effects } from '../effects/effects.js';
import type { TickListener } from '../notify/ticks.js';
import type { Timestamp } from '../../types.js';

/** What a receiver may tell of time. */
export interface Time {
  /** The last timestamp that was committed for it: everything up to here is in its queue. */
  readonly clock: Timestamp;
  /** The clock before the first timestamp; `-Infinity` where there is none. */
  readonly start: Timestamp;
  /** Nothing at or below is accepted any more. */
  readonly settled: Timestamp;
  /** Whether no timestamp comes twice. */
  readonly unique: boolean;
  /** Whether a tick means that nothing follows at its timestamp either. */
  readonly strict: boolean;
}

/** What an endpoint needs of the dispatcher that it belongs to. */
export interface Host<E> {
  readonly effects: Effects;
  /** An operation begins. */
  begin(): void;
  /** An operation is committed: whoever can go on does, and effects run. */
  end(): void;
  /** A place is free at this endpoint, or a consumer has come. */
  freed(endpoint: E): void;
  listen(listener: TickListener): void;
  unlisten(listener: TickListener): void;
  /** Whether nobody is left who writes to it. */
  isUnwritten(endpoint: E): boolean;
  /** It takes nothing more, but has not ended yet. */
  drained(endpoint: E): void;
  ended(endpoint: E, wasDraining: boolean): void;
  /** Nothing is told any more. */
  readonly silent: boolean;
}
