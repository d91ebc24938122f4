import { type MonoTypeOperatorFunction, noop, Observable } from 'rxjs';
import { count, DEFAULT_BOUND, oneOf } from '../dispatch/options.js';
import type { Clocked, Late } from '../types.js';
import { inOrder } from './in-order.js';

/** Options of {@link reorder}. */
export interface ReorderOptions<T> {
  /** How many timestamps the source may run backwards: an item at `ts` promises that nothing below `ts - disorder` follows. */
  readonly disorder: number;
  /**
   * What becomes of a message below what was already released: an error, nothing, or what a function makes of it. Late
   * ticks tell nothing and are ignored. Default: 'error'.
   */
  readonly late?: 'error' | 'drop' | ((late: Late<T>) => void) | undefined;
  /** How many messages may wait for their turn. `Infinity` must be asked for. Default: 1024. */
  readonly bound?: number | undefined;
}

/**
 * Puts one disordered stream into the order of its timestamps; messages with equal ones keep the order of arrival.
 *
 *     source   a2 b1 c3 d4 _5 - |
 *     result   _1 b1 a2 c3 d4 - (_5 |)    reorder({ disorder: 1 })
 *
 * A message waits until something came that is at least `disorder` beyond it; ticks tell how far that reaches. What
 * still waits when the source completes or fails goes out first. Errors with `LateMessageError` (see `late`), with
 * `OverflowError` when more than `bound` messages would wait, and with `InvalidTimestampError`.
 */
export function reorder<T>({ disorder, late, bound }: ReorderOptions<T>): MonoTypeOperatorFunction<Clocked<T>> {
  const backwards = count('disorder', disorder, 0, 0, false);
  const most = count('bound', bound, DEFAULT_BOUND);
  const onLate = typeof late === 'function' ? late : { error: undefined, drop: noop }[oneOf('late', late, POLICIES)];
  return (source) =>
    new Observable((destination) =>
      inOrder(
        destination,
        { operator: 'reorder', inputs: [source], bound: most, disorder: backwards, late: onLate },
        { take: (value, ts) => destination.next([value, ts]), tick: (ts) => destination.next([null, ts]) },
      ),
    );
}

const POLICIES = ['error', 'drop'] as const;
