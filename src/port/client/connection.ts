import type { Observable } from 'rxjs';
import type { ClockedReceiver } from '../../dispatch/receivers/receiver.js';
import type { Route } from '../../dispatch/route.js';
import type { Stats } from '../../dispatch/stats/stats.js';
import type { AddressedTo } from '../../log/dispatcher/addressees.js';
import type { DurableSender } from '../../log/dispatcher/durable-dispatcher.js';
import type { Position } from '../../log/event-log.js';
import type { Timestamp } from '../../types.js';
import type { ConnectionState } from './states.js';

/** Options of a receiver of a {@link Connection}. */
export interface RemoteReceiverOptions {
  /**
   * It gets what comes after this: a timestamp, or a position that was saved. Of a dispatcher in memory only where its clock
   * is there. Default: what comes from now on, when it is opened.
   */
  readonly from?: Timestamp | Position | undefined;
  /** Whose messages it gets; of a dispatcher with a log. Default: those to its own name. */
  readonly addressedTo?: AddressedTo | undefined;
  /** How many messages wait here, or are under way, at most. Default: the connection's `window`. */
  readonly bound?: number | undefined;
  /**
   * What happens where the other side does not have what it missed, after a reconnect or where `from` is in the past: it
   * fails with a `PastGoneError` (of a log that was trimmed, with what the log says), or goes on from now, and what was
   * between is lost. Default: 'error'.
   */
  readonly onGone?: 'error' | 'now' | undefined;
}

/** A receiver of a {@link Connection}. */
export interface RemoteReceiver<T, N extends string = string> extends ClockedReceiver<T, N> {
  /**
   * Where to go on from, after a restart for instance: its consumers are done with everything up to here. `undefined`
   * before the other side was reached.
   */
  readonly position: Position | undefined;
}

/** A sender of a connection, in `stats()`. */
export interface RemoteSenderStats {
  /** Its name. */
  readonly name: string;
  /** Messages that wait to be sent. */
  readonly waiting: number;
  /** Messages that were sent, and have no answer yet. */
  readonly underWay: number;
}

/** What can be known of a connection. */
export interface ConnectionStats extends Pick<Stats, 'receivers'> {
  /** How it stands. */
  readonly state: ConnectionState['state'];
  /** How many lines were opened. */
  readonly lines: number;
  /** Where the dispatcher was last heard to be; `-Infinity` before that. */
  readonly clock: Timestamp;
  /** The senders that have not left. */
  readonly senders: readonly RemoteSenderStats[];
}

/** A dispatcher that lives elsewhere. */
export interface Connection<T> {
  /** How it stands: now, and whenever that changes. A line that was replaced is seen by that, too. Ends when it is closed. */
  readonly state$: Observable<ConnectionState>;
  /**
   * A receiver with a channel of its own here, as a local dispatcher has it: `whenClock`, `projection` and all operators
   * take it. After a reconnect it goes on from where it is: nothing is lost, and nothing comes twice.
   *
   * It fails with `RefusedError`, `PastGoneError`, or a `RemoteError` that says what happened at the other side. Throws
   * `DuplicateNameError`, `InvalidNameError`, `InvalidOptionError`, `UnknownOptionError` and `ClosedError`.
   */
  receiver<const N extends string>(name: N, options?: RemoteReceiverOptions): RemoteReceiver<T, N>;
  /**
   * A sender to one name, several, or all. What has no answer when a line breaks is sent again by the next, and accepted
   * once. `send` resolves with the timestamp before a receiver of this connection is told the message; it rejects with a
   * `SendUnknownError` where nobody can say any more whether it was accepted. Throws `DuplicateNameError`,
   * `InvalidNameError`, `InvalidRouteError` and `ClosedError`.
   */
  sender(name: string, to: Route): DurableSender<T>;
  /** A snapshot. */
  stats(): ConnectionStats;
  /**
   * For good: receivers complete when their channels are empty; what was not sent is refused with a `ClosedError`, and what
   * has no answer with a `SendUnknownError`.
   */
  close(): void;
}
