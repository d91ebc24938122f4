/** The part of RxJS's `SchedulerLike` that timers and coalesced ticks need. */
export interface Scheduler {
  /** The scheduler's idea of the current time, in milliseconds. */
  now(): number;
  /** Runs `work` after `delay` milliseconds, unless unsubscribed before. */
  schedule(work: () => void, delay?: number): { unsubscribe(): void };
}
