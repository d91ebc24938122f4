import { Observable, type ObservableInput, type OperatorFunction, type Subscriber } from 'rxjs';
import { carryTraits } from '../progress/carry.js';
import { strictOnlyWhereUnique } from '../progress/traits.js';
import type { Clocked, Timestamp } from '../types.js';
import { aFunction, anInput } from './arguments.js';
import { operate, operateClocked } from './operate.js';
import { type NotNull, refuseNull } from './value.js';

/**
 * Maps each value to an input and emits its results at the value's timestamp, until a newer value comes: the newest
 * request wins.
 *
 *     source   a1 -  b2 _3 -  -  |
 *     a        -  x  ^! (y is never asked for)
 *     b              -  -  z  |
 *     result   -  x1 -  -  z2 _3 |
 *
 * What the former input would still bring is dropped, and it is unsubscribed before the next one is subscribed. A tick waits
 * while an input runs, as its results come before it, and stands for those that wait with it; an input without results
 * leaves a tick. The source's completion and its error wait for the last input; an error of an input comes at once.
 *
 * Of what is known of the source its name goes along; where no timestamp comes twice there, ticks are strict. Errors with
 * what `project` throws, with `NullValueError` when a result is `null`, and with `InvalidMessageError`. Throws
 * `InvalidArgumentError`.
 */
export function switchMapValue<T, R>(
  project: (value: T, ts: Timestamp) => ObservableInput<R & NotNull>,
): OperatorFunction<Clocked<T>, Clocked<R>> {
  aFunction('switchMapValue', 'project', project);
  return (source) => {
    const result = new Observable<Clocked<R>>((destination) => {
      /** The newest value, until its input has completed; and whether that has begun. */
      let newest: Job<T> | undefined;
      let running: Subscriber<R> | undefined;
      let isWorking = false;
      let clock = -Infinity;
      let end: (() => void) | undefined;

      const next = (value: T | null, ts: Timestamp): void => {
        if (value !== null) {
          running?.unsubscribe();
          newest = { value, ts, before: newest?.reached, reached: ts, hasBegun: false };
          work();
        } else if (newest !== undefined) newest.reached = ts;
        else tick(ts);
      };

      const tick = (ts: Timestamp): void => {
        if (ts > clock) destination.next([null, (clock = ts)]);
      };

      /** A loop, not a recursion: what a consumer brings about begins after what it is being told. */
      const work = (): void => {
        if (isWorking) return;
        isWorking = true;
        while (newest?.hasBegun === false && !destination.closed) run(newest);
        isWorking = false;
        if (newest === undefined) end?.();
      };

      const run = (job: Job<T>): void => {
        job.hasBegun = true;
        if (job.before !== undefined) tick(job.before);
        if (job !== newest) return;
        const inner = operate<R>(destination, {
          next: (result) => destination.next([refuseNull('switchMapValue', result, job.ts), (clock = job.ts)]),
          complete: () => {
            inner.unsubscribe();
            newest = undefined;
            tick(job.reached);
            work();
          },
        });
        running = inner;
        anInput('switchMapValue', project(job.value, job.ts)).subscribe(inner);
      };

      const finish = (by: () => void): void => {
        end = by;
        if (newest === undefined && !isWorking) end();
      };

      source.subscribe(
        operateClocked(destination, 'switchMapValue', {
          next,
          error: (reason) => finish(() => destination.error(reason)),
          complete: () => finish(() => destination.complete()),
        }),
      );
    });
    return carryTraits(result, strictOnlyWhereUnique(source, false));
  };
}

/** A value, how far the one before it had come, and how far its source's clock went before the next one. */
interface Job<T> {
  readonly value: T;
  readonly ts: Timestamp;
  readonly before: Timestamp | undefined;
  reached: Timestamp;
  hasBegun: boolean;
}
