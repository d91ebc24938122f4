import { ClockedDispatchError } from './clocked-dispatch-error.js';
import type { CodeOf } from './codes.js';
import { show, showNames } from './show.js';

/** A call on a sender, receiver or dispatcher that has ended. */
export class ClosedError extends ClockedDispatchError {
  override name = 'ClosedError';
  override readonly code: CodeOf<'ClosedError'> = 'RCD023';
  /** What has ended. */
  readonly kind: 'sender' | 'receiver' | 'dispatcher' | 'connection';
  /** Its name; of a dispatcher or a connection, the name of whoever called. */
  readonly closed: string;

  constructor(kind: ClosedError['kind'], closed: string) {
    const isOwner = kind === 'dispatcher' || kind === 'connection';
    super(
      `${isOwner ? `the ${kind} of` : kind} ${show(closed)} is closed: create ${isOwner ? 'a new' : 'another'} one`,
    );
    this.kind = kind;
    this.closed = closed;
  }
}

/** A message whose receivers have all left. */
export class NoReceiverError extends ClockedDispatchError {
  override name = 'NoReceiverError';
  override readonly code: CodeOf<'NoReceiverError'> = 'RCD024';
  /** The sender. */
  readonly sender: string;
  /** The receivers, all gone. */
  readonly receivers: readonly string[];

  constructor(sender: string, receivers: readonly string[]) {
    super(
      receivers.length === 0
        ? `sender ${show(sender)} has no receiver to write to: add one first`
        : `sender ${show(sender)} writes to ${showNames(receivers)}, which has left: write to another receiver, or complete the sender`,
    );
    this.sender = sender;
    this.receivers = receivers;
  }
}
