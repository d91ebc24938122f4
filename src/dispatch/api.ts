import type { Observable } from 'rxjs';
import type { Clocked, ForwardResult, Gap, Late, SendResult, Timestamp, WaitOptions } from '../types.js';
import type { ReceiverOptions, SenderOptions } from './options.js';
import type { ClockedReceiver } from './receiver.js';
import type { To } from './route.js';
import type { Scheduler } from './scheduler.js';
import type { DispatcherStats } from './stats.js';

/** Anything but `null`, which is no value: it would read as a tick. */
export type Value = NonNullable<unknown> | undefined;

/**
 * Types each receiver by its name: `createDispatcher<PerReceiver<{ ui: Click; log: string }>>(serialize())`.
 *
 * A type only: no value of it exists.
 */
export interface PerReceiver<M extends object> {
  /** The value type of each receiver, by its name. */
  readonly perReceiver: M;
}

/** The names that a receiver may have: any, unless a `PerReceiver` lists them. */
export type NameOf<T> = T extends PerReceiver<infer M> ? keyof M & string : string;

/** The values that go to the receiver named `N`. */
export type ValueOf<T, N extends string> = T extends PerReceiver<infer M> ? (N extends keyof M ? M[N] : never) : T;

/** The values that each of the receivers named `N` takes: one message goes to all of them. */
export type SharedValueOf<T, N extends string> =
  T extends PerReceiver<infer M>
    ? (N extends keyof M ? (value: M[N]) => void : never) extends (value: infer V) => void
      ? V
      : never
    : T;

/** What senders of all modes share. */
export interface SenderBase {
  /** Unique among the dispatcher's senders. */
  readonly name: string;
  /** Whether this sender has left, or its dispatcher is closed. */
  readonly closed: boolean;
  /** Leaves: this sender is no longer waited for, and its receivers complete when it was their last. */
  complete(): void;
  /** Leaves with an error, which reaches its receivers after everything accepted before. */
  error(error: unknown): void;
}

/** A sender of a serializing dispatcher: an `Observer<T>`, so that `source$.subscribe(sender)` works. */
export interface Sender<T> extends SenderBase {
  /** Sends; without room the receiver's overflow policy decides. Ignored (and counted) after the sender has left. */
  next(value: T): void;
  /** Sends if there is room, and says why not otherwise. */
  trySend(value: T): SendResult;
  /** Sends as soon as there is room, in the order in which it was called; resolves with the timestamp. */
  send(value: T, options?: WaitOptions): Promise<Timestamp>;
  /** Another sender to the same receivers. */
  clone(name: string): Sender<T>;
  /** Joins as a broadcaster (by default named `${name}_bcast`), then leaves as a sender. */
  toBroadcaster(name?: string): Sender<T>;
}

/** A sender of a forwarding dispatcher: an `Observer<Clocked<T>>`, so that a receiver of another dispatcher can be its source. */
export interface Forwarder<T> extends SenderBase {
  /** Forwards `[value, ts]`, or by `[null, ts]` tells that this source has reached `ts`. Without room the overflow policy decides. */
  next(message: Clocked<T>): void;
  /** Forwards if there is room, and says why not otherwise. */
  tryForward(value: T | null, ts: Timestamp): ForwardResult;
  /** Forwards as soon as there is room; resolves when the message has its place. */
  forward(value: T | null, ts: Timestamp, options?: WaitOptions): Promise<void>;
  /** Another source to the same receivers, which inherits this one's promise. */
  clone(name: string): Forwarder<T>;
  /** Joins as a broadcaster (by default named `${name}_bcast`), then leaves as a sender. */
  toBroadcaster(name?: string): Forwarder<T>;
}

interface DispatcherBase<T> {
  /** The last timestamp of the total order that was assigned or released. */
  readonly clock: Timestamp;
  /** Whether `close` was called. */
  readonly closed: boolean;
  /** A receiver with a bounded channel of its own. Throws `DuplicateNameError` when the name is taken. */
  receiver<const N extends NameOf<T>>(
    name: N,
    options?: ReceiverOptions<ValueOf<T, N>>,
  ): ClockedReceiver<ValueOf<T, N>, N>;
  /** All senders leave; what is held goes out in order; receivers complete once they are empty. */
  close(): void;
  /** A snapshot of everything that can be known, in plain data. */
  stats(): DispatcherStats;
  /** `stats()` now and every `period` milliseconds (1000 by default), until the dispatcher is closed. */
  stats$(period?: number, scheduler?: Scheduler): Observable<DispatcherStats>;
}

/** A dispatcher that assigns the timestamps. */
export interface SerializingDispatcher<T> extends DispatcherBase<T> {
  /** How it orders. */
  readonly mode: 'serialize';
  /** A sender and a receiver of its own. */
  channel<const N extends NameOf<T>>(
    sender: string,
    receiver: N,
    options?: ReceiverOptions<ValueOf<T, N>>,
  ): readonly [sender: Sender<ValueOf<T, N>>, receiver: ClockedReceiver<ValueOf<T, N>, N>];
  /** A sender to one receiver, several, all, or those that a function of the value names. */
  sender<const N extends NameOf<T>, V = SharedValueOf<T, N>>(name: string, to: To<V, N>): Sender<V>;
  /** A sender to all receivers, also those that join later. */
  broadcaster<V = SharedValueOf<T, NameOf<T>>>(name: string): Sender<V>;
}

/** A dispatcher that puts stamped messages into order. */
export interface ForwardingDispatcher<T> extends DispatcherBase<T> {
  /** How it orders. */
  readonly mode: 'watermark' | 'sequence';
  /** Late messages, where `late: 'divert'` is set. */
  readonly late$: Observable<Late<T>>;
  /** Missing timestamps (sequence mode): when the clock stops at them; with `skipAfter`, when they are given up. */
  readonly gaps$: Observable<Gap>;
  /** A source and a receiver of its own. */
  channel<const N extends NameOf<T>>(
    sender: string,
    receiver: N,
    options?: ReceiverOptions<ValueOf<T, N>> & SenderOptions,
  ): readonly [sender: Forwarder<ValueOf<T, N>>, receiver: ClockedReceiver<ValueOf<T, N>, N>];
  /** A source for one receiver, several, all, or those that a function of the value names. */
  sender<const N extends NameOf<T>, V = SharedValueOf<T, N>>(
    name: string,
    to: To<V, N>,
    options?: SenderOptions,
  ): Forwarder<V>;
  /** A source for all receivers, also those that join later. */
  broadcaster<V = SharedValueOf<T, NameOf<T>>>(name: string, options?: SenderOptions): Forwarder<V>;
}

/** A dispatcher of the sequence mode. */
export interface SequencingDispatcher<T> extends ForwardingDispatcher<T> {
  /** How it orders. */
  readonly mode: 'sequence';
}
