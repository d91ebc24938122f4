import type { Scheduler } from '../scheduler.js';
import { elapsedOn } from './elapsed.js';

/** Beyond this, timers of browsers and of Node fire at once. */
const LONGEST = 2 ** 31 - 1;

/** A timer that was started. */
export interface Timer {
  /** Whether its work has begun: a scheduler may have run it at once. */
  readonly isOver: boolean;
  unsubscribe(): void;
}

/** Runs `work` once, after at least `ms` milliseconds, however many. */
export function startTimer(scheduler: Scheduler, ms: number, work: () => void): Timer {
  const elapsed = elapsedOn(scheduler);
  let rest = ms;
  let step: { unsubscribe(): void } | undefined;
  let stopped = false;
  let isOver = false;
  const start = (): void => {
    const length = Math.min(rest, LONGEST);
    const startedAt = elapsed();
    step = scheduler.schedule(() => {
      if (stopped) return;
      const passed = elapsed() - startedAt;
      // A clock that has hardly moved meanwhile is not the one that this timer goes by.
      rest -= passed < length / 2 ? length : passed;
      if (rest > 0) return start();
      isOver = true;
      work();
    }, length);
  };
  start();
  return {
    get isOver() {
      return isOver;
    },
    unsubscribe: () => {
      stopped = true;
      step?.unsubscribe();
    },
  };
}
