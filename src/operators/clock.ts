import { Observable, type OperatorFunction } from 'rxjs';
import type { Clocked, Timestamp } from '../types.js';
import { operate } from './operate.js';

/**
 * Only the timestamps, of values and ticks alike: each one greater than the one before.
 *
 *     source   a1 - _2 b3 c3 |
 *     result   1  - 2  3  -  |
 */
export function clock(): OperatorFunction<Clocked<unknown>, Timestamp> {
  return (source) =>
    new Observable((destination) => {
      let last = -Infinity;

      const next = ([, ts]: Clocked<unknown>): void => {
        if (ts > last) destination.next((last = ts));
      };

      source.subscribe(operate(destination, { next }));
    });
}
