import { Observable, type ObservableInput, type OperatorFunction } from 'rxjs';
import { Ring } from '../dispatch/structures/ring.js';
import { OverflowError } from '../errors/capacity.js';
import { knownOptions } from '../options/known-options.js';
import { carryTraits } from '../progress/carry.js';
import { strictOnlyWhereUnique } from '../progress/traits.js';
import type { Clocked, Timestamp } from '../types.js';
import { aFunction, anInput } from './arguments.js';
import { boundOf } from './bound.js';
import { operate, operateClocked } from './operate.js';
import { type NotNull, refuseNull } from './value.js';

/** Options of {@link concatMapValue}. */
export interface ConcatMapValueOptions {
  /** How many values may wait for their turn; ticks take no room. `Infinity` must be asked for. Default: 1024. */
  readonly bound?: number | undefined;
}

/**
 * Maps each value to an input and emits all its results at the value's timestamp, one input after the other.
 *
 *     source   a1 b2 _3  -  -  -  -  |
 *     a        -  x  y   |
 *     b                  -  z  |
 *     result   -  x1 y1  -  z2 _3 -  |
 *
 * A tick waits behind the values that came before it, and stands for those that wait with it; an input without results
 * leaves a tick. So do the source's completion and its error wait; an error of an input comes at once.
 *
 * Of what is known of the source its name goes along; where no timestamp comes twice there, ticks are strict. Errors with
 * what `project` throws, with `OverflowError` when more than `bound` values would wait, with `NullValueError` when a result
 * is `null`, and with `InvalidMessageError`. Throws `InvalidArgumentError`, `InvalidOptionError` and `UnknownOptionError`.
 */
export function concatMapValue<T, R>(
  project: (value: T, ts: Timestamp) => ObservableInput<R & NotNull>,
  options?: ConcatMapValueOptions,
): OperatorFunction<Clocked<T>, Clocked<R>> {
  aFunction('concatMapValue', 'project', project);
  const bound = boundOf('concatMapValue', knownOptions('concatMapValue', options, ['bound']).bound);
  return (source) => {
    const result = new Observable<Clocked<R>>((destination) => {
      const waiting = new Ring<Job<T>>();
      let newest: Job<T> | undefined;
      let running = false;
      let working = false;
      let clock = -Infinity;
      let end: (() => void) | undefined;

      const next = (value: T | null, ts: Timestamp): void => {
        if (value === null) {
          if (isIdle()) tick(ts);
          else newest!.reached = ts;
        } else {
          if (!isIdle() && waiting.size >= bound) throw new OverflowError('concatMapValue', bound, ts);
          waiting.push((newest = { value, ts, reached: ts }));
          work();
        }
      };

      const isIdle = (): boolean => !running && waiting.size === 0;

      const tick = (ts: Timestamp): void => {
        if (ts > clock) destination.next([null, (clock = ts)]);
      };

      /** A loop, not a recursion: thousands of inputs that complete at once take no stack. */
      const work = (): void => {
        if (working) return;
        working = true;
        while (!running && !destination.closed) {
          const job = waiting.shift();
          if (job === undefined) break;
          run(job);
        }
        working = false;
        if (isIdle()) end?.();
      };

      const run = (job: Job<T>): void => {
        running = true;
        const inner = operate<R>(destination, {
          next: (result) => {
            destination.next([refuseNull('concatMapValue', result, job.ts), (clock = job.ts)]);
          },
          complete: () => {
            inner.unsubscribe();
            running = false;
            tick(job.reached);
            work();
          },
        });
        anInput('concatMapValue', project(job.value, job.ts)).subscribe(inner);
      };

      const finish = (by: () => void): void => {
        end = by;
        if (isIdle()) end();
      };

      source.subscribe(
        operateClocked(destination, 'concatMapValue', {
          next,
          error: (reason) => finish(() => destination.error(reason)),
          complete: () => finish(() => destination.complete()),
        }),
      );
    });
    return carryTraits(result, strictOnlyWhereUnique(source, false));
  };
}

/** A value that waits, and how far its source's clock went before the next one. */
interface Job<T> {
  readonly value: T;
  readonly ts: Timestamp;
  reached: Timestamp;
}
