import { Observable, type OperatorFunction } from 'rxjs';
import type { Clocked } from '../types.js';
import { operateClocked } from './operate.js';

/**
 * Leaves the clock: only the values, unwrapped, without ticks.
 *
 *     source   a1 - _2 b3 |
 *     result   a  - -  b  |
 *
 * Errors with `InvalidMessageError` where something else than `[value, ts]` comes.
 */
export function values<T>(): OperatorFunction<Clocked<T>, T> {
  return (source) =>
    new Observable((destination) => {
      const next = (value: T | null): void => {
        if (value !== null) destination.next(value);
      };

      source.subscribe(operateClocked<T>(destination, 'values', { next }));
    });
}
