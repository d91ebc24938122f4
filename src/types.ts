/**
 * A position in a dispatcher's total order: any safe integer. In serialize and sequence mode the first is `seed + 1`.
 */
export type Timestamp = number;

/**
 * What every receiver emits: `[value, ts]` for a message of its own, `[null, ts]` (a *tick*) for the fact that time
 * has passed for others.
 *
 * `T` itself never includes `null`; `undefined` is a value like any other.
 */
export type Clocked<T> = readonly [value: T | null, ts: Timestamp];

/**
 * What `next` does with a message that finds its receiver full: fail the receiver (after what it holds), make room by
 * dropping its oldest message, or drop the new one. A dropped message keeps its timestamp; its receiver gets the tick.
 */
export type Overflow = 'error' | 'drop-oldest' | 'drop-newest';

/** What happens to a message at or below what was already released: its source fails, it is dropped, or it is diverted to `late$`. */
export type LatePolicy = 'error' | 'drop' | 'divert';

/** What happens to an error of a source: its receivers fail with it, or take it as the source's completion. */
export type SourceErrorPolicy = 'error' | 'complete';

/**
 * What happens when a timestamp is missing in sequence mode: wait for it, fail the receivers once it can no longer be
 * bridged, or give it up after `skipAfter` milliseconds.
 */
export type GapPolicy = 'wait' | 'error' | { readonly skipAfter: number };

/** Why a message was not accepted in serialize mode. */
export type SendRefusal = 'full' | 'closed' | 'no-receiver';

/** Why a message was not accepted in the forwarding modes. */
export type ForwardRefusal = SendRefusal | 'late' | 'ahead' | 'duplicate';

/** The answer of `trySend`: the timestamp that the message got, or why it was not accepted. */
export type SendResult =
  { readonly ok: true; readonly ts: Timestamp } | { readonly ok: false; readonly reason: SendRefusal };

/** The answer of `tryForward`: accepted, or why not. */
export type ForwardResult = { readonly ok: true } | { readonly ok: false; readonly reason: ForwardRefusal };

/** Why a message was lost. */
export type DropReason =
  'overflow' | 'drop-oldest' | 'drop-newest' | 'late' | 'ahead' | 'duplicate' | 'gap' | 'skipped' | 'closed';

/** A message that did not reach a receiver, as `onDrop` is told. */
export interface Drop<T> {
  /** The receiver that does without the message. */
  readonly receiver: string;
  /** The message. */
  readonly value: T;
  /** Its timestamp. Its receiver still learns of it by a tick. */
  readonly ts: Timestamp;
  /** Why it was dropped. */
  readonly reason: DropReason;
}

/** A late message, as `late$` emits it. */
export interface Late<T> {
  /** The source that brought it. */
  readonly source: string;
  /** The message. */
  readonly value: T;
  /** Its timestamp. */
  readonly ts: Timestamp;
  /** What the dispatcher's clock had already reached. */
  readonly clock: Timestamp;
  /** The receivers that do without it: with a frontier for each receiver it may be late at some of them only. */
  readonly receivers: readonly string[];
}

/** A range of missing timestamps, both ends included. */
export interface Gap {
  /** The first missing timestamp. */
  readonly from: Timestamp;
  /** The last missing timestamp. */
  readonly to: Timestamp;
}

/** The part of the platform's `AbortSignal` that waiting calls need. */
export interface AbortSignalLike {
  /** Whether the signal has fired. */
  readonly aborted: boolean;
  /** What it fired with. */
  readonly reason?: unknown;
  /** Listens for the one event that matters. */
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  /** Stops listening. */
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Options of every call that may wait. */
export interface WaitOptions {
  /** Gives the wait up: the promise rejects with the signal's reason, and no timestamp was consumed. */
  readonly signal?: AbortSignalLike | undefined;
}
