import { Observable, type OperatorFunction } from 'rxjs';
import type { Clocked, Timestamp } from '../types.js';
import { operate } from './operate.js';
import { type NotNull, refuseNull } from './value.js';

/**
 * Projects each value and keeps its timestamp; ticks pass through.
 *
 *     source   a1 - _2 b3 |
 *     result   A1 - _2 B3 |    mapValue(upperCase)
 *
 * Errors with what `project` throws, and with `NullValueError` when it returns `null`, which would be a tick.
 */
export function mapValue<T, R>(
  project: (value: T, ts: Timestamp) => R & NotNull,
): OperatorFunction<Clocked<T>, Clocked<R>> {
  return (source) =>
    new Observable((destination) => {
      const next = ([value, ts]: Clocked<T>): void =>
        destination.next([value === null ? null : refuseNull('mapValue', project(value, ts), ts), ts]);

      source.subscribe(operate(destination, { next }));
    });
}
