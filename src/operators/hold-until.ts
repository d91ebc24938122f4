import { map, type MonoTypeOperatorFunction, Observable } from 'rxjs';
import { count, DEFAULT_BOUND } from '../dispatch/options.js';
import type { Clocked } from '../types.js';
import { clockOf } from './clock-of.js';
import { inOrder } from './in-order.js';

/** Options of {@link holdUntil}. */
export interface HoldUntilOptions {
  /** How many messages may be held. `Infinity` must be asked for. Default: 1024. */
  readonly bound?: number | undefined;
}

/**
 * Holds each message until `peer` has seen its timestamp.
 *
 *     source   a1 -  b2 -  _4 -  |
 *     peer     -  _1 -  _3 -  -  -
 *     result   -  a1 -  b2 _3 -  |
 *
 * The result's clock is that of the source or of the peer, whichever is behind: ticks are held as well. When the peer
 * completes, nothing is held any longer. The source's completion and its error come after what is held; an error of the
 * peer comes at once. Errors with `OverflowError` when more than `bound` messages would be held, with
 * `LateMessageError` when the source runs backwards, and with `InvalidTimestampError`.
 *
 * A peer that is a receiver is only watched: it has seen what its own consumers were given, so that one whom nobody
 * reads holds everything back. Any other peer is subscribed.
 */
export function holdUntil<T>(
  peer: Observable<Clocked<unknown>>,
  { bound }: HoldUntilOptions = {},
): MonoTypeOperatorFunction<Clocked<T>> {
  const most = count('bound', bound, DEFAULT_BOUND);
  const seen = clockOf(peer).pipe(map((ts): Clocked<T> => [null, ts]));
  return (source) =>
    new Observable((destination) =>
      inOrder(
        destination,
        { operator: 'holdUntil', inputs: [seen, source], bound: most },
        {
          take: (value, ts) => destination.next([value, ts]),
          tick: (ts) => destination.next([null, ts]),
          isOver: (done) => done(1),
        },
      ),
    );
}
