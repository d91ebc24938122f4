import { Observable, type MonoTypeOperatorFunction } from 'rxjs';
import { carry } from '../progress/carry.js';
import type { Clocked, Timestamp } from '../types.js';
import { aFunction } from './arguments.js';
import { operateClocked } from './operate.js';

/**
 * Calls `effect` with each value before it goes on; everything passes through as it came, ticks included.
 *
 *     source   a1 - _2 b3 |
 *     effect   a       b
 *     result   a1 - _2 b3 |
 *
 * The clock goes along. Errors with what `effect` throws. Throws `InvalidArgumentError`.
 */
export function tapValue<T>(effect: (value: T, ts: Timestamp) => void): MonoTypeOperatorFunction<Clocked<T>> {
  aFunction('tapValue', 'effect', effect);
  return (source) => {
    const result = new Observable<Clocked<T>>((destination) => {
      const next = (value: T | null, ts: Timestamp, message: Clocked<T>): void => {
        if (value !== null) effect(value, ts);
        destination.next(message);
      };

      source.subscribe(operateClocked(destination, 'tapValue', { next }));
    });
    return carry(source, result);
  };
}
