import { ClockedDispatchError } from '../errors/clocked-dispatch-error.js';
import type { CodeOf } from '../errors/codes.js';
import { show } from '../errors/show.js';
import type { Timestamp } from '../types.js';
import type { Checkpoint } from './event-log.js';

/** What an error of `append` says of the entries: none was stored, or that can't be known. */
export type Stored = 'nothing' | 'unknown';

/** A position that this log can't go on from: of another log, beyond the end, or before what was trimmed. */
export class LogPositionError extends ClockedDispatchError {
  override name = 'LogPositionError';
  override readonly code: CodeOf<'LogPositionError'> = 'RCD101';
  /** Who wanted to go on from there: a receiver or projection, by name. */
  readonly reader: string;
  /** The position. */
  readonly given: Timestamp;
  /** The position before the first entry that the log has. */
  readonly trimmed: Timestamp;
  /** The last position of the log. */
  readonly last: Timestamp;

  constructor(reader: string, given: Timestamp, log: { trimmed: Timestamp; last: Timestamp }, of?: string) {
    const { trimmed, last } = log;
    const why =
      of !== undefined
        ? `it is a position of the log ${show(of)}: open that one, or begin anew`
        : given > last
          ? `the log ends at ${last}: it is another log, or was restored from a backup; begin anew`
          : `the log was trimmed up to ${trimmed}: what came between is gone; a receiver can begin anew from ${trimmed}, a projection needs a state of its version as of then, or later (log.save)`;
    super(`${show(reader)} can't go on from ${given}: ${why}`);
    this.reader = reader;
    this.given = given;
    this.trimmed = trimmed;
    this.last = last;
  }
}

/** An append that expected the log to end elsewhere: somebody else has appended. Nothing was stored. */
export class LogFencedError extends ClockedDispatchError {
  override name = 'LogFencedError';
  override readonly code: CodeOf<'LogFencedError'> = 'RCD102';
  /** Nothing was stored. */
  readonly stored: Stored = 'nothing';
  /** The position that the log was expected to end at. */
  readonly expected: Timestamp;
  /** The position that it ends at. */
  readonly actual: Timestamp;

  constructor(expected: Timestamp, actual: Timestamp) {
    super(
      `the log was expected to end at ${expected}, but ends at ${actual}: read what was appended since, then try again`,
    );
    this.expected = expected;
    this.actual = actual;
  }
}

/** A call on a log that was closed. */
export class LogClosedError extends ClockedDispatchError {
  override name = 'LogClosedError';
  override readonly code: CodeOf<'LogClosedError'> = 'RCD103';
  /** Nothing was stored. */
  readonly stored: Stored = 'nothing';

  constructor() {
    super('the log is closed: open it again');
  }
}

/** A checkpoint that would go backwards. */
export class CheckpointError extends ClockedDispatchError {
  override name = 'CheckpointError';
  override readonly code: CodeOf<'CheckpointError'> = 'RCD104';
  /** The name of the checkpoint. */
  readonly checkpoint: string;
  /** The position and version that were to be saved. */
  readonly given: Omit<Checkpoint, 'state'>;
  /** The position and version that are saved. */
  readonly saved: Omit<Checkpoint, 'state'>;

  constructor(name: string, given: Omit<Checkpoint, 'state'>, saved: Omit<Checkpoint, 'state'>) {
    const place = ({ ts, version }: Omit<Checkpoint, 'state'>): string => `${ts} (version ${version})`;
    const advice =
      saved.version > given.version
        ? 'it is that of a newer program: start that one'
        : 'load it again, or forget it first';
    super(`checkpoint ${show(name)} is saved at ${place(saved)} and can't go back to ${place(given)}: ${advice}`);
    this.checkpoint = name;
    this.given = { ts: given.ts, version: given.version };
    this.saved = { ts: saved.ts, version: saved.version };
  }
}

/** An append whose answer was lost: whether its entries are stored can't be known here. */
export class LogOutcomeUnknownError extends ClockedDispatchError {
  override name = 'LogOutcomeUnknownError';
  override readonly code: CodeOf<'LogOutcomeUnknownError'> = 'RCD105';
  /** That can't be known. */
  readonly stored: Stored = 'unknown';

  constructor(cause: unknown) {
    super(
      `it is unknown whether the entry was stored (${reasonOf(cause)}): send it again with an id, which stores it at most once, or look for it in the log`,
      { cause },
    );
  }
}

/** One more entry that would have to wait for the store than `maxWaiting` allows. */
export class LogBusyError extends ClockedDispatchError {
  override name = 'LogBusyError';
  override readonly code: CodeOf<'LogBusyError'> = 'RCD106';
  /** Nothing was stored. */
  readonly stored: Stored = 'nothing';
  /** How many entries may wait. */
  readonly maxWaiting: number;

  constructor(maxWaiting: number) {
    super(
      `${maxWaiting} entries wait for the log already (maxWaiting): await each send before the next, or raise maxWaiting`,
    );
    this.maxWaiting = maxWaiting;
  }
}

/** A value that would not come back from the store as it was. */
export class UnstorableValueError extends ClockedDispatchError {
  override name = 'UnstorableValueError';
  override readonly code: CodeOf<'UnstorableValueError'> = 'RCD107';
  /** Nothing was stored. */
  readonly stored: Stored = 'nothing';
  /** Where in the value, such as `$.lines[2].due`; `$` is the value itself. */
  readonly path: string;
  /** What was found there. */
  readonly found: string;

  constructor(path: string, found: string, advice: string) {
    super(`${path} is ${found}, which would not come back from the log as it is: ${advice}`);
    this.path = path;
    this.found = found;
  }
}

/** What an error says, for the message of another. */
export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : show(cause);
}
