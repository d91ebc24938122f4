import type { Observable } from 'rxjs';
import type {
  ClockedReceiver,
  DispatcherView,
  ReceiverStats,
  Scheduler,
  Stats,
  Timestamp,
  To,
  WaitOptions,
} from '../../index.js';
import type { AsyncDisposing } from '../../dispatch/api/disposing.js';
import type { Position } from '../event-log.js';
import type { AddressedTo } from './addressees.js';
import type { DurableProjection, DurableProjectionOptions } from '../projection/durable-projection.js';

/** Options of a receiver of a {@link DurableDispatcher}. */
export interface LogReceiverOptions {
  /**
   * It gets what comes after this: a position that was saved from `receiver.position`, or a timestamp of this log; 0 is
   * all of it. Default: what comes from now on.
   */
  readonly from?: Timestamp | Position | undefined;
  /** Whose messages it gets. Default: those to its own name. */
  readonly addressedTo?: AddressedTo | undefined;
  /** How many messages it holds at most, besides one page of the log. Default: the dispatcher's. */
  readonly bound?: number | undefined;
}

/** A receiver that is a cursor into the log: what doesn't fit into its channel, it reads when there is room. */
export interface LogReceiver<T, N extends string = string> extends ClockedReceiver<T, N> {
  /** Where to go on from, after a restart for instance: its consumers are done with everything up to here. */
  readonly position: Position;
}

/** Options of one message, or transaction. */
export interface DurableSendOptions extends WaitOptions {
  /** What is sent again with the same id is stored once, and gets its first position. */
  readonly id?: string | undefined;
  /** The sender's own data about it, such as a schema version or a trace: everything that JSON can say. */
  readonly meta?: Readonly<Record<string, unknown>> | undefined;
}

/** A sender of a {@link DurableDispatcher}: an `Observer<T>`, so that `source$.subscribe(sender)` works. */
export interface DurableSender<T> {
  /** Unique among the dispatcher's senders. */
  readonly name: string;
  /** Whether it has left, has failed, or its dispatcher is closed. */
  readonly closed: boolean;
  /** What it has failed with: what could not be stored by `next`, or what `error` was called with. */
  readonly failure: unknown;
  /**
   * Sends, and does not wait. Where it can't be stored, or `maxWaiting` others wait, the sender has failed: nothing that
   * it sends later is stored. Throws `NullValueError`, `UnstorableValueError`, and what a route is refused with; it has
   * failed then, too.
   */
  next(value: T): void;
  /** Leaves with an error. What it sent before is stored. */
  error(error: unknown): void;
  /** Leaves. What it sent before is stored. */
  complete(): void;
  /**
   * Resolves with the position when the message is stored, and receivers at the head have been told.
   *
   * Rejects with what the store says, `LogBusyError`, `UnstorableValueError`, `ClosedError` or the reason of `signal`, and
   * nothing is stored; or with an error whose `stored` is `'unknown'`: then send it again with its id.
   */
  send(value: T, options?: DurableSendOptions): Promise<Timestamp>;
}

/** What can be known of a receiver of the log. */
export interface LogReceiverStats extends ReceiverStats {
  /** How many positions it is behind the head. */
  readonly lag: number;
  /** Whether it is told directly of what is stored; else it reads the log. */
  readonly live: boolean;
}

/** What can be known of a dispatcher with a log. */
export interface DurableStats extends Stats {
  /** The last position of the log, as far as is known here. */
  readonly head: Timestamp;
  /** How many entries were stored by this dispatcher. */
  readonly stored: number;
  /** How many entries wait for the store. */
  readonly waiting: number;
  /** The receivers that haven't ended; of a projection, its reader. */
  readonly receivers: readonly LogReceiverStats[];
}

/** A dispatcher whose clock is a log: it outlives the process. */
export interface DurableDispatcher<T> extends DispatcherView<T>, AsyncDisposing {
  /** How it orders. */
  readonly mode: 'serialize';
  /**
   * A receiver from any position of the log. Throws `DuplicateNameError`, and `LogPositionError` for a position of another
   * log, beyond the end, or before what was trimmed.
   */
  receiver<N extends string>(name: N, options?: LogReceiverOptions): LogReceiver<T, N>;
  /**
   * A sender to one name, several, all, or those that a function of the value names. A name need not have a receiver here:
   * its reader may be another process, or one of tomorrow.
   */
  sender(name: string, to: To<T>): DurableSender<T>;
  /** A sender to everybody. */
  broadcaster(name: string): DurableSender<T>;
  /** A sender and a receiver of its own, from now on. */
  channel<N extends string>(
    sender: string,
    receiver: N,
  ): readonly [sender: DurableSender<T>, receiver: LogReceiver<T, N>];
  /**
   * Stores several messages as one entry, at one position, all of them or none, at most one for each name. Resolves and
   * rejects as `send` does.
   */
  transact(
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each sender has values of its own
    messages: readonly (readonly [sender: DurableSender<any>, value: unknown])[],
    options?: DurableSendOptions,
  ): Promise<Timestamp>;
  /** A state that is folded from the log, and saved with its position: after a restart it goes on from there. */
  projection<S>(name: string, options: DurableProjectionOptions<S, T>): DurableProjection<S>;
  /**
   * Forgets everything up to a position; stops before what a checkpoint or a receiver has yet to read, unless `force` is
   * said. A receiver that has lost its place by that fails with `LogPositionError`.
   */
  trim(upTo: Timestamp, options?: { readonly force?: boolean | undefined }): Promise<void>;
  /** Resolves when everything that was sent before this call is stored, or has failed. */
  flush(): Promise<void>;
  /**
   * Takes nothing more, stores what was sent, saves the projections, and completes the receivers, each when its channel is
   * empty. The log stays open: whoever opened it closes it. Also `[Symbol.asyncDispose]`.
   */
  close(): Promise<void>;
  /** A snapshot of everything that can be known, in plain data. */
  stats(): DurableStats;
  /** `stats()` now and every `period` milliseconds (1000 by default), and once more when the dispatcher is closed. */
  stats$(period?: number, scheduler?: Scheduler): Observable<DurableStats>;
}
