import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import { count } from '../options/check.js';
import { knownOptions } from '../options/known-options.js';
import { carryTraits, traitsOf } from '../progress/carry.js';
import { onlyTheName } from '../progress/traits.js';
import type { Clocked } from '../types.js';
import { boundOf } from './bound.js';
import { type IdleOptions, idleOf } from './idle.js';
import { inOrder } from './in-order.js';
import { type OnLate, onLateOf } from './late.js';

/** Options of {@link reorder}. */
export interface ReorderOptions<T> extends IdleOptions {
  /**
   * How many timestamps the source may run backwards: an item at `ts` promises that nothing below `ts - disorder`
   * follows. Default: 0.
   */
  readonly disorder?: number | undefined;
  /** What becomes of a message below what was already released. Default: 'error'. */
  readonly late?: OnLate<T> | undefined;
  /** How many messages may wait for their turn. `Infinity` must be asked for. Default: 1024. */
  readonly bound?: number | undefined;
}

/**
 * Puts one disordered stream into the order of its timestamps; messages with equal ones keep the order of arrival.
 *
 *     source   a2 b1 c3 d4 _5 - |
 *     result   _1 b1 a2 c3 d4 - (_5 |)    reorder({ disorder: 1 })
 *
 * A message waits until something came that is at least `disorder` beyond it; ticks tell how far that reaches. Where the
 * source falls silent, what waits goes out after `idleAfter` milliseconds:
 *
 *     source   a2 b1 -  -  -
 *     result   -  -  -  -  (b1 a2)        reorder({ disorder: 5, idleAfter: 3 })
 *
 * What still waits when the source completes or fails goes out first. Of what is known of the source its name goes along;
 * all of it where nothing can change places. Errors with `LateMessageError` (see `late`), with `OverflowError` when more
 * than `bound` messages would wait, with `InvalidTimestampError` and `InvalidMessageError`. Throws `InvalidOptionError` and
 * `UnknownOptionError`.
 */
export function reorder<T>(options?: ReorderOptions<T>): MonoTypeOperatorFunction<Clocked<T>> {
  const known = knownOptions('reorder', options, ['disorder', 'late', 'bound', 'idleAfter', 'scheduler']);
  const disorder = count('reorder', 'disorder', known.disorder, 0, 0, false);
  const late = onLateOf<T>('reorder', known.late);
  const bound = boundOf('reorder', known.bound);
  const idle = idleOf('reorder', known);
  return (source) => {
    const result = new Observable<Clocked<T>>((destination) =>
      inOrder(
        destination,
        { operator: 'reorder', inputs: [source], bound, late, idle, promise: (ts) => ts - disorder },
        { take: (value, ts) => destination.next([value, ts]), tick: (ts) => destination.next([null, ts]) },
      ),
    );
    return carryTraits(result, disorder === 0 ? traitsOf(source) : onlyTheName(source));
  };
}
