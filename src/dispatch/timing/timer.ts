import type { Scheduler } from '../scheduler.js';
import { elapsedOn } from './elapsed.js';

/** Beyond this, timers of browsers and of Node fire at once. */
const LONGEST = 2 ** 31 - 1;

/** Runs `work` once, after at least `ms` milliseconds, however many. */
export function startTimer(scheduler: Scheduler, ms: number, work: () => void): { unsubscribe(): void } {
  const elapsed = elapsedOn(scheduler);
  let rest = ms;
  let step: { unsubscribe(): void } | undefined;
  let stopped = false;
  const start = (): void => {
    const length = Math.min(rest, LONGEST);
    const startedAt = elapsed();
    step = scheduler.schedule(() => {
      if (stopped) return;
      const passed = elapsed() - startedAt;
      // A clock that has hardly moved meanwhile is not the one that this timer goes by.
      rest -= passed < length / 2 ? length : passed;
      if (rest > 0) start();
      else work();
    }, length);
  };
  start();
  return {
    unsubscribe: () => {
      stopped = true;
      step?.unsubscribe();
    },
  };
}
