import { Observable, type OperatorFunction } from 'rxjs';
import { carry } from '../progress/carry.js';
import { strictOnlyWhereUnique } from '../progress/traits.js';
import type { Clocked, Timestamp } from '../types.js';
import { aFunction } from './arguments.js';
import { operateClocked } from './operate.js';

/**
 * Keeps the values that satisfy the predicate; each other value becomes a tick, so that no timestamp goes missing.
 *
 *     source   a1 - _2 B3 c4 |
 *     result   a1 - _2 _3 c4 |    filterValue(isLowerCase)
 *
 * No tick repeats a timestamp: of a value that shares its timestamp with what was emitted before, nothing is left. The
 * clock goes along. Errors with what `predicate` throws. Throws `InvalidArgumentError`.
 */
export function filterValue<T, S extends T>(
  predicate: (value: T, ts: Timestamp) => value is S,
): OperatorFunction<Clocked<T>, Clocked<S>>;
/** Keeps the values for which the predicate is true; each other value becomes a tick. */
export function filterValue<T>(
  predicate: (value: T, ts: Timestamp) => boolean,
): OperatorFunction<Clocked<T>, Clocked<T>>;
export function filterValue<T>(
  predicate: (value: T, ts: Timestamp) => boolean,
): OperatorFunction<Clocked<T>, Clocked<T>> {
  aFunction('filterValue', 'predicate', predicate);
  return (source) => {
    const result = new Observable<Clocked<T>>((destination) => {
      let clock = -Infinity;

      const next = (value: T | null, ts: Timestamp, message: Clocked<T>): void => {
        const kept = value !== null && predicate(value, ts);
        if (!kept && ts <= clock) return;
        clock = ts;
        destination.next(kept ? message : [null, ts]);
      };

      source.subscribe(operateClocked(destination, 'filterValue', { next }));
    });
    // A tick that stands for a value says nothing of the next value at its timestamp.
    return carry(source, result, strictOnlyWhereUnique(source));
  };
}
