import { ClockedDispatchError } from '../errors/clocked-dispatch-error.js';
import type { CodeOf } from '../errors/codes.js';
import { show } from '../errors/show.js';
import { reasonOf, type Stored } from '../log/errors.js';
import type { Timestamp } from '../types.js';

/** The server doesn't let this connection do that. */
export class StreamAccessError extends ClockedDispatchError {
  override name = 'StreamAccessError';
  override readonly code: CodeOf<'StreamAccessError'> = 'RCD140';
  /** Nothing was stored. */
  readonly stored: Stored = 'nothing';
  /** The stream. */
  readonly stream: string;

  constructor(stream: string, cause: unknown) {
    super(
      `the server refuses that for the stream ${show(stream)} (${reasonOf(cause)}): grant it to the user of this connection`,
      { cause },
    );
    this.stream = stream;
  }
}

/** An entry or a checkpoint that is larger than the server takes. Nothing was stored. */
export class PayloadTooLargeError extends ClockedDispatchError {
  override name = 'PayloadTooLargeError';
  override readonly code: CodeOf<'PayloadTooLargeError'> = 'RCD141';
  /** Nothing was stored. */
  readonly stored: Stored = 'nothing';
  /** How many bytes it has. */
  readonly bytes: number;
  /** How many bytes a message may have. */
  readonly most: number;

  constructor(bytes: number, most: number) {
    super(`${bytes} bytes are more than the server takes in a message (${most}): send less, or raise its limit`);
    this.bytes = bytes;
    this.most = most;
  }
}

/** There is no stream of that name. */
export class StreamMissingError extends ClockedDispatchError {
  override name = 'StreamMissingError';
  override readonly code: CodeOf<'StreamMissingError'> = 'RCD142';
  /** The stream. */
  readonly stream: string;

  constructor(stream: string) {
    super(`there is no stream ${show(stream)}: make it, or give subjects, with which it is made here`);
    this.stream = stream;
  }
}

/** The stream was deleted while the log was open, and perhaps another one was made under its name. */
export class StreamReplacedError extends ClockedDispatchError {
  override name = 'StreamReplacedError';
  override readonly code: CodeOf<'StreamReplacedError'> = 'RCD143';
  /** Whether the entries of a failed `append` may be stored: in the other stream, then. */
  readonly stored: Stored;
  /** The stream. */
  readonly stream: string;
  /** When the stream of this log was made, as the server says. */
  readonly created: string;
  /** When the one was made that is there now; `undefined` where there is none. */
  readonly found: string | undefined;

  constructor(stream: string, created: string, found: string | undefined, stored: Stored = 'nothing') {
    const now = found === undefined ? 'there is none any more' : `the one there now was made at ${found}`;
    super(
      `the stream ${show(stream)} of this log was made at ${created}, and ${now}: positions of the two have nothing in common; open the log again, and begin anew`,
    );
    this.stream = stream;
    this.created = created;
    this.found = found;
    this.stored = stored;
  }
}

/** A stream that can't be a log: its configuration does not allow it. */
export class StreamUnfitError extends ClockedDispatchError {
  override name = 'StreamUnfitError';
  override readonly code: CodeOf<'StreamUnfitError'> = 'RCD144';
  /** The stream. */
  readonly stream: string;

  constructor(stream: string, why: string) {
    super(`the stream ${show(stream)} can't be a log: ${why}`);
    this.stream = stream;
  }
}

/** A message on a subject of the log that is no entry. */
export class ForeignMessageError extends ClockedDispatchError {
  override name = 'ForeignMessageError';
  override readonly code: CodeOf<'ForeignMessageError'> = 'RCD145';
  /** The stream. */
  readonly stream: string;
  /** The subject that it was published on. */
  readonly subject: string;
  /** Its position. */
  readonly ts: Timestamp;

  constructor(stream: string, subject: string, ts: Timestamp, cause: unknown) {
    super(
      `message ${ts} of the stream ${show(stream)}, on ${show(subject)}, is no entry of a log (${reasonOf(cause)}): delete it, and publish such messages on a subject that is not among those of the log`,
      { cause },
    );
    this.stream = stream;
    this.subject = subject;
    this.ts = ts;
  }
}
