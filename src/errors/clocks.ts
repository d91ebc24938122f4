import type { Timestamp } from '../types.js';
import { ClockedDispatchError } from './clocked-dispatch-error.js';
import type { CodeOf } from './codes.js';
import { show } from './show.js';

/** Who has not reached the timestamp that `whenClock()` waits for. */
export interface ClockLag {
  /** The receiver's name, its key in the record, or its place in the list. */
  readonly name: string;
  /** The last timestamp that was seen there; `undefined` where there was none. */
  readonly clock: Timestamp | undefined;
  /** Whether it may still get there, or why it won't. */
  readonly state: 'behind' | 'completed' | 'failed';
}

/** A timestamp that `whenClock()` waited for and that was not reached within its timeout, or before a receiver ended. */
export class ClockNotReachedError extends ClockedDispatchError {
  override name = 'ClockNotReachedError';
  override readonly code: CodeOf<'ClockNotReachedError'> = 'RCD025';
  /** The timestamp; `undefined` when it was still to come itself. */
  readonly ts: Timestamp | undefined;
  /** Who has not reached it, and where each of them is. */
  readonly behind: readonly ClockLag[];

  /** Made by `whenClock`: `timeout` is the time that was given, `cause` the error of the receiver that failed. */
  constructor(ts: Timestamp | undefined, behind: readonly ClockLag[], timeout?: number, cause?: unknown) {
    const vain = timeout === undefined ? 'can no longer be reached' : `was not reached within ${timeout} ms`;
    super(`timestamp ${ts ?? '(still to come)'} ${vain}: ${list(behind)}`, { cause });
    this.ts = ts;
    this.behind = behind;
  }
}

/** A stream that carries no clock, so that nobody could know when it has reached a timestamp. */
export class NoClockError extends ClockedDispatchError {
  override name = 'NoClockError';
  override readonly code: CodeOf<'NoClockError'> = 'RCD026';
  /** The function that needs the clock. */
  readonly called: string;
  /** The stream: its key in the record, or its place in the list. */
  readonly stream: string;

  constructor(called: string, stream: string) {
    super(
      `${called} was given ${show(stream)}, which carries no clock: give a receiver, a projection, or a receiver piped through mapValue, filterValue, scanValue or tapValue only`,
    );
    this.called = called;
    this.stream = stream;
  }
}

function list(behind: readonly ClockLag[]): string {
  const place = ({ clock, state }: ClockLag): string => {
    if (clock === undefined) return state === 'behind' ? 'never ticked' : `${state} before it ticked`;
    return `${state === 'behind' ? 'is' : state} at ${clock}`;
  };
  return behind.map((lag) => `${show(lag.name)} ${place(lag)}`).join(', ');
}
