import { ClockedDispatchError } from '../errors/clocked-dispatch-error.js';
import type { CodeOf } from '../errors/codes.js';
import { show } from '../errors/show.js';
import type { Timestamp } from '../types.js';

/** A frame that the protocol does not have, or not here and now: its line is closed. */
export class ProtocolError extends ClockedDispatchError {
  override name = 'ProtocolError';
  override readonly code: CodeOf<'ProtocolError'> = 'RCD120';
  /** What is wrong with it. */
  readonly problem: string;

  constructor(problem: string, options?: ErrorOptions) {
    super(`a bad frame closes the line: ${problem}`, options);
    this.problem = problem;
  }
}

/** The other side speaks another version of the protocol. */
export class ProtocolVersionError extends ClockedDispatchError {
  override name = 'ProtocolVersionError';
  override readonly code: CodeOf<'ProtocolVersionError'> = 'RCD121';
  /** The version that is spoken here. */
  readonly here: number;
  /** What the other side has said. */
  readonly there: unknown;

  constructor(here: number, there: unknown) {
    super(
      `the other side speaks version ${show(there)} of the protocol, and this one version ${here}: use the same release on both`,
    );
    this.here = here;
    this.there = there;
  }
}

/** A receiver cannot go on from where it was: what came after that is not kept, or another dispatcher is served now. */
export class PastGoneError extends ClockedDispatchError {
  override name = 'PastGoneError';
  override readonly code: CodeOf<'PastGoneError'> = 'RCD122';
  /** The receiver. */
  readonly receiver: string;
  /** Where it would go on: it has everything up to there. */
  readonly at: number;
  /** Where the dispatcher is; `null` where it is another one, or its clock has not begun. */
  readonly clock: number | null;

  constructor(receiver: string, at: number, clock: number | null) {
    super(
      `receiver ${show(receiver)} cannot go on after ${at}: ${
        clock === null
          ? 'another dispatcher is served now, whose timestamps are its own'
          : `the dispatcher keeps no past, and is at ${clock}`
      }; open another receiver, say onGone: 'now', or serve a dispatcher with a log`,
    );
    this.receiver = receiver;
    this.at = at;
    this.clock = clock;
  }
}

/** It is not known whether a message was accepted: the other side remembers its sender no more, or nobody can be asked. */
export class SendUnknownError extends ClockedDispatchError {
  override name = 'SendUnknownError';
  override readonly code: CodeOf<'SendUnknownError'> = 'RCD123';
  /** The sender. */
  readonly sender: string;
  /** Where its dispatcher was when the message was sent: if it was accepted, then after this. */
  readonly after: number;
  /** As errors of a log have it. */
  readonly stored = 'unknown';

  constructor(sender: string, after: number, why: string) {
    super(
      `whether a message of sender ${show(sender)} was accepted is not known (${why}): if it was, then after ${after}; look there before you send it again`,
    );
    this.sender = sender;
    this.after = after;
  }
}

/** The other side does not allow this receiver or sender, or has nothing for it. */
export class RefusedError extends ClockedDispatchError {
  override name = 'RefusedError';
  override readonly code: CodeOf<'RefusedError'> = 'RCD124';
  /** What was asked for. */
  readonly kind: 'receiver' | 'sender';
  /** Its name. */
  readonly refused: string;
  /** Why, as the other side says it. */
  readonly why: string;

  constructor(kind: 'receiver' | 'sender', refused: string, why: string) {
    super(`${kind} ${show(refused)} was refused: ${why}`);
    this.kind = kind;
    this.refused = refused;
    this.why = why;
  }
}

/** A frame is longer than the side takes that it goes to, and was not sent: nothing else of the connection is harmed. */
export class FrameTooLargeError extends ClockedDispatchError {
  override name = 'FrameTooLargeError';
  override readonly code: CodeOf<'FrameTooLargeError'> = 'RCD127';
  /** What it was: a message of a sender, or one for a receiver (or what asks for them), or the first of a connection. */
  readonly kind: 'sender' | 'receiver' | 'connection';
  /** The name of the sender or receiver; empty for a connection. */
  readonly owner: string;
  /** How many bytes the frame has, with nothing in it but that. */
  readonly bytes: number;
  /** How many bytes the other side has said that it takes; `undefined` where it said more, and has closed a line over it. */
  readonly most: number | undefined;
  /** Where the message is that a receiver can't have; what comes behind it is read with `from: ts`. */
  readonly ts: Timestamp | undefined;

  constructor(
    kind: FrameTooLargeError['kind'],
    owner: string,
    { bytes, most }: { readonly bytes: number; readonly most: number | undefined },
    ts?: Timestamp,
  ) {
    const what = {
      sender: `a frame of sender ${show(owner)}`,
      receiver: `a frame for receiver ${show(owner)}${ts === undefined ? '' : `, with the message at ${ts},`}`,
      connection: 'the first frame of a connection, with its token,',
    }[kind];
    const why =
      most === undefined ? 'a line was closed because it is too long' : `the other side takes ${most} (maxFrame)`;
    super(`${what} has ${bytes} bytes, and ${why}: send less in one message, or raise the limit`);
    this.kind = kind;
    this.owner = owner;
    this.bytes = bytes;
    this.most = most;
    this.ts = ts;
  }
}

/** An error that happened at the other side: what it said of it. */
export class RemoteError extends ClockedDispatchError {
  override name = 'RemoteError';
  override readonly code: CodeOf<'RemoteError'> = 'RCD125';
  /** The name of the error there. */
  readonly remoteName: string;
  /** Its code there, where it had one. */
  readonly remoteCode: string | undefined;

  constructor(remoteName: string, message: string, remoteCode: string | undefined) {
    super(`the other side says: ${remoteName}: ${message}`);
    this.remoteName = remoteName;
    this.remoteCode = remoteCode;
  }
}

/** Nothing was heard for too long: the line is given up. */
export class LineSilentError extends ClockedDispatchError {
  override name = 'LineSilentError';
  override readonly code: CodeOf<'LineSilentError'> = 'RCD126';
  /** For how long there was nothing, in milliseconds. */
  readonly silence: number;

  constructor(silence: number) {
    super(`nothing was heard for ${silence} ms (silence): the other side is gone, or cannot be reached`);
    this.silence = silence;
  }
}
