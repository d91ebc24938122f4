import type { Scheduler } from '../scheduler.js';
export function startTimer(scheduler: Scheduler, ms: number, work: () => void): { unsubscribe(): void } { return scheduler.schedule(work, ms); }
