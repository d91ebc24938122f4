import { Observable, type OperatorFunction } from 'rxjs';
import { count } from '../dispatch/options.js';
import type { Clocked, Timestamp } from '../types.js';
import { operate } from './operate.js';
import { type NotNull, refuseNull } from './value.js';

/** Options of {@link stamp}. */
export interface StampOptions {
  /** The timestamp before the first, such as the last one of an earlier run. Default: 0. */
  readonly seed?: Timestamp | undefined;
}

/**
 * Gives each value the next timestamp, in the order of arrival; each subscription counts for itself.
 *
 *     source   a  b  -  c  |
 *     result   a1 b2 -  c3 |
 *
 * Emits `[value, ts]`, and no ticks: nothing else shares the numbering.
 * Errors with `NullValueError` when a value is `null`. Throws `InvalidOptionError` when `seed` is no timestamp.
 */
export function stamp<T extends NotNull>({ seed }: StampOptions = {}): OperatorFunction<T, Clocked<T>> {
  const before = count('seed', seed, 0, 0, false);
  return (source) =>
    new Observable((destination) => {
      let clock = before;
      source.subscribe(
        operate(destination, { next: (value) => destination.next([refuseNull('stamp', value), ++clock]) }),
      );
    });
}
