import type { Timestamp } from '../types.js';
import { ClockedDispatchError } from './clocked-dispatch-error.js';
import type { CodeOf } from './codes.js';
import { showSender } from './owner.js';
import { show } from './show.js';

/** `null` given as a value: it means a tick, so it can't be one. */
export class NullValueError extends ClockedDispatchError {
  override name = 'NullValueError';
  override readonly code: CodeOf<'NullValueError'> = 'RCD010';
  /** The sender or function. */
  readonly sender: string;
  /** The timestamp. */
  readonly ts: Timestamp | undefined;

  constructor(sender: string, ts?: Timestamp) {
    super(
      `${showSender(sender)} was given the value null${ts === undefined ? '' : ` at ${ts}`}: null means a tick, use undefined or a value of your own`,
    );
    this.sender = sender;
    this.ts = ts;
  }
}

/** Something forwarded that is not a `[value, ts]` tuple. */
export class InvalidMessageError extends ClockedDispatchError {
  override name = 'InvalidMessageError';
  override readonly code: CodeOf<'InvalidMessageError'> = 'RCD011';
  /** The sender or function. */
  readonly sender: string;
  /** What was given. */
  readonly given: unknown;

  constructor(sender: string, given: unknown) {
    super(`${showSender(sender)} was given ${show(given)}: expected a tuple [value, ts], as stamp() makes`);
    this.sender = sender;
    this.given = given;
  }
}

/** A timestamp that is not a safe integer, or not one of those that are possible here. */
export class InvalidTimestampError extends ClockedDispatchError {
  override name = 'InvalidTimestampError';
  override readonly code: CodeOf<'InvalidTimestampError'> = 'RCD012';
  /** The sender or function. */
  readonly sender: string;
  /** The timestamp. */
  readonly ts: unknown;

  constructor(sender: string, ts: unknown, expected = `a safe integer, at most ${Number.MAX_SAFE_INTEGER}`) {
    super(`${showSender(sender)} was given the timestamp ${show(ts)}: expected ${expected}`);
    this.sender = sender;
    this.ts = ts;
  }
}

/** No timestamp is left: the clock has reached the greatest safe integer. */
export class ClockExhaustedError extends ClockedDispatchError {
  override name = 'ClockExhaustedError';
  override readonly code: CodeOf<'ClockExhaustedError'> = 'RCD016';
  /** The sender or function. */
  readonly sender: string;
  /** What the clock has reached. */
  readonly clock: Timestamp;

  constructor(sender: string, clock: Timestamp) {
    super(`${showSender(sender)} can't be given a timestamp after ${clock}: begin a new dispatcher with a lower seed`);
    this.sender = sender;
    this.clock = clock;
  }
}
