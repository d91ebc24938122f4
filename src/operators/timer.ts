import type { Scheduler } from '../dispatch/scheduler.js';

/**
 * Runs `work` after so many milliseconds, however many; returns how to call it off.
 *
 * @internal
 */
export function startTimer(scheduler: Scheduler, ms: number, work: () => void): () => void {
  const step = Math.min(ms, LONGEST);
  let stop = (): void => timer.unsubscribe();
  const timer = scheduler.schedule(() => {
    if (ms > step) stop = startTimer(scheduler, ms - step, work);
    else work();
  }, step);
  return () => stop();
}

/** Beyond this, timers of browsers and of Node fire at once. */
const LONGEST = 2 ** 31 - 1;
