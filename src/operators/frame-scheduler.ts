import { asyncScheduler } from 'rxjs';
import type { Scheduler } from '../dispatch/scheduler.js';
import { startTimer } from '../dispatch/timing/timer.js';

/**
 * A scheduler for ticks: runs work with the display's next frame where there is a display and somebody looks, else after
 * 16 milliseconds. When the page is hidden while a frame is due, which would never come then, the timer takes over.
 *
 *     createDispatcher(serialize(), { ticks: frameScheduler() })     // at most one tick a frame and receiver
 *
 * It works wherever JavaScript does: where there are no frames (Node, a server that renders, workers) it is a timer. Work
 * with a delay runs after that many milliseconds, as with `asyncScheduler`. `now()` is monotonic, unlike the wall clock.
 */
export function frameScheduler(): Scheduler {
  return {
    now: () => performance.now(),
    schedule: (work, delay = 0) => {
      if (delay > 0) return startTimer(asyncScheduler, delay, work);
      return { unsubscribe: onNextFrame(work) };
    },
  };
}

/** What a page offers, as far as it is needed here: said anew, as not everybody compiles with DOM types. */
interface Page {
  readonly document?: {
    readonly visibilityState: string;
    addEventListener(type: 'visibilitychange', listener: () => void): void;
    removeEventListener(type: 'visibilitychange', listener: () => void): void;
  };
  requestAnimationFrame?(work: () => void): number;
  cancelAnimationFrame?(frame: number): void;
}

function onNextFrame(work: () => void): () => void {
  // Asked for each time: a program may be loaded before the page is.
  const page = globalThis as Page;
  const { document } = page;
  if (document?.visibilityState !== 'visible' || page.requestAnimationFrame === undefined) return onTimer(work);

  let stopTimer: (() => void) | undefined;
  const frame = page.requestAnimationFrame(() => {
    stop();
    work();
  });
  const change = (): void => {
    if (document.visibilityState === 'visible') return;
    stop();
    stopTimer = onTimer(work);
  };
  const stop = (): void => {
    document.removeEventListener('visibilitychange', change);
    page.cancelAnimationFrame?.(frame);
    stopTimer?.();
  };
  document.addEventListener('visibilitychange', change);
  return stop;
}

function onTimer(work: () => void): () => void {
  const timer = setTimeout(work, FRAME);
  return () => clearTimeout(timer);
}

/** How long a frame takes on most displays, in milliseconds. */
const FRAME = 16;
