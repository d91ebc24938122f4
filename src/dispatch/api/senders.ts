import type { Clocked, ForwardResult, SendResult, Timestamp, WaitOptions } from '../../types.js';

/** What senders of all modes share. */
export interface SenderBase {
  /** Unique among the dispatcher's senders. */
  readonly name: string;
  /** Whether this sender has left, or its dispatcher is closed. */
  readonly closed: boolean;
  /** Leaves: this sender is no longer waited for, and its receivers complete when it was their last. */
  complete(): void;
  /** Leaves with an error, which reaches its receivers after everything that this sender brought before. */
  error(error: unknown): void;
}

/** A sender of a serializing dispatcher: an `Observer<T>`, so that `source$.subscribe(sender)` works. */
export interface Sender<T> extends SenderBase {
  /** Sends; without room the receiver's overflow policy decides. Ignored (and counted) after the sender has left. */
  next(value: T): void;
  /** Sends if there is room, and says why not otherwise: `'full'` also while an earlier `send` of this sender waits. */
  trySend(value: T): SendResult;
  /**
   * Sends as soon as there is room, in the order in which it was called; resolves with the timestamp. Rejects with
   * `ClosedError`, `NoReceiverError`, `TooManyWaitingError`, or the reason of `signal`: then nothing was sent.
   */
  send(value: T, options?: WaitOptions): Promise<Timestamp>;
  /** Another sender to the same receivers. */
  clone(name: string): Sender<T>;
  /** Joins as a broadcaster (by default named `${name}_bcast`), then leaves as a sender. */
  toBroadcaster(name?: string): Sender<T>;
}

/**
 * A sender of a forwarding dispatcher: an `Observer<Clocked<T>>`, so that a receiver of another dispatcher can be its
 * source.
 */
export interface Forwarder<T> extends SenderBase {
  /** Forwards `[value, ts]`, or by `[null, ts]` tells that this source has reached `ts`. Without room the overflow policy decides. */
  next(message: Clocked<T>): void;
  /** Forwards if there is room, and says why not otherwise. */
  tryForward(value: T | null, ts: Timestamp): ForwardResult;
  /**
   * Forwards as soon as there is room; resolves when the message has its place. Rejects with `LateMessageError`,
   * `AheadMessageError`, `DuplicateMessageError`, `ClosedError`, `NoReceiverError`, `TooManyWaitingError`, or the reason
   * of `signal`.
   */
  forward(value: T | null, ts: Timestamp, options?: WaitOptions): Promise<void>;
  /** Another source to the same receivers, which inherits this one's promise. */
  clone(name: string): this;
  /** Joins as a broadcaster (by default named `${name}_bcast`), then leaves as a sender. */
  toBroadcaster(name?: string): this;
}

/** A sender of a sequence dispatcher. */
export interface SequenceForwarder<T> extends Forwarder<T> {
  /**
   * The numbers `from` to `to` carry nothing. A range that adjoins the clock is always taken, however long; one beyond
   * the window is `'full'`; one that has passed is a `'duplicate'`. Throws `InvalidTimestampError`.
   */
  fill(from: Timestamp, to: Timestamp): ForwardResult;
  /** Everything up to `ts` has been sent: what is missing there is a gap, though nothing came after it. */
  expect(ts: Timestamp): void;
  /**
   * A message at `ts` that stands for everything up to there: the clock goes on after it. What was held up to there is
   * dropped, and its room is the message's. Behind the clock it is a `'duplicate'`; where one of its receivers has no
   * room, `'full'`, and nothing has changed. Throws `InvalidTimestampError` and `NullValueError`.
   */
  snapshot(value: T, ts: Timestamp): ForwardResult;
}
