import { Observable, type OperatorFunction } from 'rxjs';
import { ClockExhaustedError } from '../errors/messages.js';
import { integer } from '../options/check.js';
import { knownOptions } from '../options/known-options.js';
import { carryTraits } from '../progress/carry.js';
import type { Clocked, Timestamp } from '../types.js';
import { operate } from './operate.js';
import { type NotNull, refuseNull } from './value.js';

/** Options of {@link stamp}. */
export interface StampOptions {
  /** The timestamp before the first, such as the last one of an earlier run: any safe integer. Default: 0. */
  readonly seed?: Timestamp | undefined;
}

/**
 * Gives each value the next timestamp, in the order of arrival; each subscription counts for itself.
 *
 *     source   a  b  -  c  |
 *     result   a1 b2 -  c3 |
 *
 * Emits `[value, ts]`, and no ticks: nothing else shares the numbering. It is known of the result that no timestamp comes
 * twice. Errors with `NullValueError` when a value is `null`, and with `ClockExhaustedError` beyond the greatest safe
 * integer. Throws `InvalidOptionError` when `seed` is no timestamp, and `UnknownOptionError`.
 */
export function stamp<T extends NotNull>(options?: StampOptions): OperatorFunction<T, Clocked<T>> {
  const seed = integer('stamp', 'seed', knownOptions('stamp', options, ['seed']).seed, 0);
  return (source) => {
    const result = new Observable<Clocked<T>>((destination) => {
      let clock = seed;

      const next = (value: T): void => {
        if (clock === Number.MAX_SAFE_INTEGER) throw new ClockExhaustedError('stamp', clock);
        destination.next([refuseNull('stamp', value), ++clock]);
      };

      source.subscribe(operate(destination, { next }));
    });
    return carryTraits(result, { name: 'stamp', strict: true, unique: true });
  };
}
