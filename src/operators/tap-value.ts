import { Observable, type MonoTypeOperatorFunction } from 'rxjs';
import type { Clocked, Timestamp } from '../types.js';
import { operate } from './operate.js';

/**
 * Calls `effect` with each value before it goes on; everything passes through as it came, ticks included.
 *
 *     source   a1 - _2 b3 |
 *     effect   a       b
 *     result   a1 - _2 b3 |
 *
 * Errors with what `effect` throws.
 */
export function tapValue<T>(effect: (value: T, ts: Timestamp) => void): MonoTypeOperatorFunction<Clocked<T>> {
  return (source) =>
    new Observable((destination) => {
      const next = (message: Clocked<T>): void => {
        if (message[0] !== null) effect(message[0], message[1]);
        destination.next(message);
      };

      source.subscribe(operate(destination, { next }));
    });
}
