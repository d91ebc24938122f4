import type { Scheduler } from '../scheduler.js';

/** Test tools that make time stand still put another in its place. */
const PlatformDate = Date;

/**
 * Milliseconds since some moment that never go back, and never jump when the wall clock is set.
 *
 * A scheduler that tells the wall clock's time is not believed: the platform's monotonic clock is read in its place. A
 * virtual one is. Which of the two it is may change at any time, as `TestScheduler.run` does: each reading decides anew.
 */
export function elapsedOn(scheduler: Scheduler): () => number {
  let elapsed = 0;
  let wasWall = false;
  let last = NaN;
  return () => {
    const own = scheduler.now();
    const isWall = tellsWallTime(scheduler, own);
    const reading = isWall ? performance.now() : own;
    // Between two clocks nothing is known of the time that has passed.
    if (isWall === wasWall && reading > last) elapsed += reading - last;
    wasWall = isWall;
    last = reading;
    return elapsed;
  };
}

function tellsWallTime(scheduler: Scheduler, reading: number): boolean {
  if (Date !== PlatformDate) return false;
  if (reading === Date.now()) return true;
  // A millisecond may have ended in between.
  const before = Date.now();
  const between = scheduler.now();
  return before <= between && between <= Date.now();
}
