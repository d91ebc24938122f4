import type { Scheduler } from '../scheduler.js';
export function elapsedOn(scheduler: Scheduler): () => number { return () => scheduler.now(); }
