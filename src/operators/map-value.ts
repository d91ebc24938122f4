import { Observable, type OperatorFunction } from 'rxjs';
import { carry } from '../progress/carry.js';
import type { Clocked, Timestamp } from '../types.js';
import { aFunction } from './arguments.js';
import { operateClocked } from './operate.js';
import { type NotNull, refuseNull } from './value.js';

/**
 * Projects each value and keeps its timestamp; ticks pass through.
 *
 *     source   a1 - _2 b3 |
 *     result   A1 - _2 B3 |    mapValue(upperCase)
 *
 * The clock goes along: `whenClock` and `alignLatest` take the result as they take the source. Errors with what `project`
 * throws, and with `NullValueError` when it returns `null`, which would be a tick. Throws `InvalidArgumentError`.
 */
export function mapValue<T, R>(
  project: (value: T, ts: Timestamp) => R & NotNull,
): OperatorFunction<Clocked<T>, Clocked<R>> {
  aFunction('mapValue', 'project', project);
  return (source) => {
    const result = new Observable<Clocked<R>>((destination) => {
      const next = (value: T | null, ts: Timestamp): void =>
        destination.next([value === null ? null : refuseNull('mapValue', project(value, ts), ts), ts]);

      source.subscribe(operateClocked(destination, 'mapValue', { next }));
    });
    return carry(source, result);
  };
}
