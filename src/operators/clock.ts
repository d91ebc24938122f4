import { Observable, type OperatorFunction } from 'rxjs';
import type { Clocked, Timestamp } from '../types.js';
import { operateClocked } from './operate.js';

/**
 * Only the timestamps, of values and ticks alike: each one greater than the one before.
 *
 *     source   a1 - _2 b3 c3 |
 *     result   1  - 2  3  -  |
 *
 * Errors with `InvalidMessageError` where something else than `[value, ts]` comes.
 */
export function clock(): OperatorFunction<Clocked<unknown>, Timestamp> {
  return (source) =>
    new Observable((destination) => {
      let last = -Infinity;

      const next = (_: unknown, ts: Timestamp): void => {
        if (ts > last) destination.next((last = ts));
      };

      source.subscribe(operateClocked(destination, 'clock', { next }));
    });
}
