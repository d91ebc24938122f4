import type { Timestamp } from '../types.js';
import { ClockedDispatchError } from './clocked-dispatch-error.js';
import type { CodeOf } from './codes.js';

/** Timestamps that never came, under `gap: 'error'`. */
export class GapError extends ClockedDispatchError {
  override name = 'GapError';
  override readonly code: CodeOf<'GapError'> = 'RCD021';
  /** The first missing timestamp. */
  readonly from: Timestamp;
  /** The last missing timestamp. */
  readonly to: Timestamp;

  constructor(from: Timestamp, to: Timestamp) {
    const missing = from === to ? `the timestamp ${from}` : `the timestamps ${from} to ${to}`;
    super(`${missing} never came: deliver again from ${from} on, or go on without by gap: { skipAfter }`);
    this.from = from;
    this.to = to;
  }
}

/** A call that would turn the clock back. */
export class ClockBehindError extends ClockedDispatchError {
  override name = 'ClockBehindError';
  override readonly code: CodeOf<'ClockBehindError'> = 'RCD022';
  /** The call. */
  readonly called: string;
  /** The timestamp that it was given. */
  readonly ts: Timestamp;
  /** What the clock has reached. */
  readonly clock: Timestamp;

  constructor(called: string, ts: Timestamp, clock: Timestamp) {
    super(
      `${called} was given ${ts}, but the clock is at ${clock} and never goes back: give ${clock} or more, or begin a new dispatcher`,
    );
    this.called = called;
    this.ts = ts;
    this.clock = clock;
  }
}
