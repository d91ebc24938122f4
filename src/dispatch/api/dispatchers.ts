import type { ReceiverOptions, SenderOptions } from '../options.js';
import type { ClockedReceiver } from '../receivers/receiver.js';
import type { To } from '../route.js';
import type { Timestamp, WaitOptions } from '../../types.js';
import type { Disposing } from './disposing.js';
import type { Forwarder, Sender, SequenceForwarder } from './senders.js';
import type { NameOf, SharedValueOf, ValueOf } from './values.js';
import type { DispatcherView } from './view.js';

/** What dispatchers of all modes share. */
export interface DispatcherBase<T> extends DispatcherView<T>, Disposing {
  /** A receiver with a bounded channel of its own. Throws `DuplicateNameError` when the name is taken. */
  receiver<const N extends NameOf<T>>(
    name: N,
    options?: ReceiverOptions<ValueOf<T, N>>,
  ): ClockedReceiver<ValueOf<T, N>, N>;
  /** All senders leave; what is held goes out in order; receivers complete once they are empty. Also `[Symbol.dispose]`. */
  close(): void;
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
  /**
   * Sends several messages at one timestamp, all of them or none, at most one for each receiver; waits for room as `send`
   * does, and rejects as it does.
   */
  transact(
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each sender has values of its own
    messages: readonly (readonly [sender: Sender<any>, value: unknown])[],
    options?: WaitOptions,
  ): Promise<Timestamp>;
}

/** A dispatcher that puts stamped messages into order. */
export interface ForwardingDispatcher<T> extends DispatcherBase<T> {
  /** How it orders. */
  readonly mode: 'watermark' | 'sequence';
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

/** A dispatcher that puts consecutively numbered messages into order. */
export interface SequencingDispatcher<T> extends ForwardingDispatcher<T> {
  /** How it orders. */
  readonly mode: 'sequence';
  /** A source and a receiver of its own. */
  channel<const N extends NameOf<T>>(
    sender: string,
    receiver: N,
    options?: ReceiverOptions<ValueOf<T, N>> & SenderOptions,
  ): readonly [sender: SequenceForwarder<ValueOf<T, N>>, receiver: ClockedReceiver<ValueOf<T, N>, N>];
  /** A source for one receiver, several, all, or those that a function of the value names. */
  sender<const N extends NameOf<T>, V = SharedValueOf<T, N>>(
    name: string,
    to: To<V, N>,
    options?: SenderOptions,
  ): SequenceForwarder<V>;
  /** A source for all receivers, also those that join later. */
  broadcaster<V = SharedValueOf<T, NameOf<T>>>(name: string, options?: SenderOptions): SequenceForwarder<V>;
  /** Goes on after `ts`: what is held up to there is dropped. Throws `ClockBehindError` where that is behind the clock. */
  skipTo(ts: Timestamp): void;
}
