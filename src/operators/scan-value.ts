import { Observable, type OperatorFunction } from 'rxjs';
import { carry } from '../progress/carry.js';
import type { Clocked, Timestamp } from '../types.js';
import { aFunction } from './arguments.js';
import { operateClocked } from './operate.js';
import { type NotNull, refuseNull } from './value.js';

/**
 * Folds the values and emits each new state at the timestamp of the value that made it; ticks pass through.
 *
 *     source   a1 - _2 b3  |
 *     result   x1 - _2 y3  |    scanValue(append, ''), x = 'a', y = 'ab'
 *
 * Each subscription starts from `seed`, which is not emitted itself. For a state that outlives its subscribers, see
 * `projection`. The clock goes along. Errors with what `accumulate` throws, and with `NullValueError` when it returns
 * `null`, which would be a tick. Throws `InvalidArgumentError`.
 */
export function scanValue<T, S>(
  accumulate: (state: S, value: T, ts: Timestamp) => S,
  seed: S & NotNull,
): OperatorFunction<Clocked<T>, Clocked<S>> {
  aFunction('scanValue', 'accumulate', accumulate);
  return (source) => {
    const result = new Observable<Clocked<S>>((destination) => {
      let state: S = seed;

      const next = (value: T | null, ts: Timestamp): void => {
        if (value !== null) state = refuseNull('scanValue', accumulate(state, value, ts), ts);
        destination.next([value === null ? null : state, ts]);
      };

      source.subscribe(operateClocked(destination, 'scanValue', { next }));
    });
    return carry(source, result);
  };
}
