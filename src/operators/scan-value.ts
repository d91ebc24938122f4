import { Observable, type OperatorFunction } from 'rxjs';
import type { Clocked, Timestamp } from '../types.js';
import { operate } from './operate.js';
import { type NotNull, refuseNull } from './value.js';

/**
 * Folds the values and emits each new state at the timestamp of the value that made it; ticks pass through.
 *
 *     source   a1 - _2 b3  |
 *     result   x1 - _2 y3  |    scanValue(append, ''), x = 'a', y = 'ab'
 *
 * Each subscription starts from `seed`, which is not emitted itself. Errors with what `accumulate` throws, and with
 * `NullValueError` when it returns `null`, which would be a tick.
 */
export function scanValue<T, S>(
  accumulate: (state: S, value: T, ts: Timestamp) => S,
  seed: S & NotNull,
): OperatorFunction<Clocked<T>, Clocked<S>> {
  return (source) =>
    new Observable((destination) => {
      let state: S = seed;

      const next = ([value, ts]: Clocked<T>): void => {
        if (value !== null) state = refuseNull('scanValue', accumulate(state, value, ts), ts);
        destination.next([value === null ? null : state, ts]);
      };

      source.subscribe(operate(destination, { next }));
    });
}
