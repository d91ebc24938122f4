import { ClockedDispatchError } from '../errors/clocked-dispatch-error.js';
import type { CodeOf } from '../errors/codes.js';
import { show } from '../errors/show.js';
import type { Timestamp } from '../types.js';
import { reasonOf, type Stored } from './errors.js';

/** Positions that were stored and can't be read any more: a file of the log was damaged, cut or lost. */
export class LogDamagedError extends ClockedDispatchError {
  override name = 'LogDamagedError';
  override readonly code: CodeOf<'LogDamagedError'> = 'RCD108';
  /** Where the log is. */
  readonly place: string;
  /** The first position that is known to be missing. */
  readonly from: Timestamp;
  /** The last position that is known to be missing; `Infinity` where the end is not known. */
  readonly to: Timestamp;

  constructor(place: string, from: Timestamp, to: Timestamp, cause?: unknown) {
    const range = to === Infinity ? `from ${from} on` : from === to ? `${from}` : `${from} to ${to}`;
    super(
      `the log in ${show(place)} is damaged: position ${range} can't be read${cause === undefined ? '' : ` (${reasonOf(cause)})`}; restore it from a backup, or keep what comes before by the option repair: 'truncate'`,
      { cause },
    );
    this.place = place;
    this.from = from;
    this.to = to;
  }
}

/** A checkpoint that was saved and can't be read any more. */
export class CheckpointDamagedError extends ClockedDispatchError {
  override name = 'CheckpointDamagedError';
  override readonly code: CodeOf<'CheckpointDamagedError'> = 'RCD115';
  /** Where the log is. */
  readonly place: string;
  /** The name of the checkpoint. */
  readonly checkpoint: string;

  constructor(place: string, checkpoint: string, cause?: unknown) {
    super(
      `checkpoint ${show(checkpoint)} of the log in ${show(place)} is damaged: forget it, and its state is folded anew from the log`,
      { cause },
    );
    this.place = place;
    this.checkpoint = checkpoint;
  }
}

/** No room left in the store: a full disk, or a quota. */
export class LogFullError extends ClockedDispatchError {
  override name = 'LogFullError';
  override readonly code: CodeOf<'LogFullError'> = 'RCD109';
  /** Whether the entries of a failed `append` may be stored. */
  readonly stored: Stored;
  /** Where the log is. */
  readonly place: string;

  constructor(place: string, cause: unknown, stored: Stored) {
    super(
      `there is no room for the log in ${show(place)}: make room, then send again; what was acknowledged is kept${doubt(stored)}`,
      { cause },
    );
    this.place = place;
    this.stored = stored;
  }
}

/** A log that somebody else has open: only one at a time can write to it. */
export class LogLockedError extends ClockedDispatchError {
  override name = 'LogLockedError';
  override readonly code: CodeOf<'LogLockedError'> = 'RCD110';
  /** Where the log is. */
  readonly place: string;

  constructor(place: string, cause?: unknown) {
    super(
      `the log in ${show(place)} is open already, here or in another process: close it there first, or use another folder`,
      { cause },
    );
    this.place = place;
  }
}

/** A folder that can't be used: it can't be made or written, or something else lies there. */
export class LogFolderError extends ClockedDispatchError {
  override name = 'LogFolderError';
  override readonly code: CodeOf<'LogFolderError'> = 'RCD111';
  /** The folder. */
  readonly place: string;

  constructor(place: string, cause: unknown) {
    super(`the log can't use ${show(place)} (${reasonOf(cause)}): it needs a folder of its own that it may write to`, {
      cause,
    });
    this.place = place;
  }
}

/** A log that was written by a newer release of this package, or something that is no log. */
export class LogFormatError extends ClockedDispatchError {
  override name = 'LogFormatError';
  override readonly code: CodeOf<'LogFormatError'> = 'RCD112';
  /** Where the log is. */
  readonly place: string;
  /** The format found there; `undefined` where it is no log at all. */
  readonly found: number | undefined;
  /** The newest format that this release can read. */
  readonly supported: number;

  constructor(place: string, found: number | undefined, supported: number) {
    super(
      found === undefined
        ? `${show(place)} holds something that is no log: use another folder`
        : `the log in ${show(place)} has format ${found}, and this release reads up to ${supported}: update rxjs-clocked-dispatch`,
    );
    this.place = place;
    this.found = found;
    this.supported = supported;
  }
}

/** The store failed for a reason of its own, which is the `cause`. */
export class LogStoreError extends ClockedDispatchError {
  override name = 'LogStoreError';
  override readonly code: CodeOf<'LogStoreError'> = 'RCD113';
  /** Whether the entries of a failed `append` may be stored. */
  readonly stored: Stored;
  /** Where the log is. */
  readonly place: string;

  /** `advice`: where trying again is of no use. */
  constructor(place: string, cause: unknown, stored: Stored, advice: string = 'try again') {
    super(`the store of the log in ${show(place)} failed (${reasonOf(cause)}): ${advice}${doubt(stored)}`, { cause });
    this.place = place;
    this.stored = stored;
  }
}

/** A package that this part needs and that is not installed. */
export class MissingPeerError extends ClockedDispatchError {
  override name = 'MissingPeerError';
  override readonly code: CodeOf<'MissingPeerError'> = 'RCD114';
  /** The package. */
  readonly peer: string;

  constructor(peer: string, range: string, neededBy: string, cause: unknown) {
    super(`${neededBy} needs the package '${peer}', which can't be loaded: npm install ${peer}@${range}`, { cause });
    this.peer = peer;
  }
}

function doubt(stored: Stored): string {
  return stored === 'unknown' ? '; whether this was stored is unknown, so send it again with an id' : '';
}
