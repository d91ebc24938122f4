import { Observable, type OperatorFunction } from 'rxjs';
import type { Clocked } from '../types.js';
import { operate } from './operate.js';

/**
 * Leaves the clock: only the values, unwrapped, without ticks.
 *
 *     source   a1 - _2 b3 |
 *     result   a  - -  b  |
 */
export function values<T>(): OperatorFunction<Clocked<T>, T> {
  return (source) =>
    new Observable((destination) => {
      const next = ([value]: Clocked<T>): void => {
        if (value !== null) destination.next(value);
      };

      source.subscribe(operate(destination, { next }));
    });
}
