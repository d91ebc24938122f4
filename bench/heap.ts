import { median } from './lines.js';

/** Beyond this, a heap has grown. */
const FLAT = 1.1;

/** Bytes in use after a forced collection: `node --expose-gc`. */
export function heap(): number {
  globalThis.gc!();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** What the heap did over a run: the medians of its first and its last tenth, in bytes, and whether it has grown. */
export function trend(samples: readonly number[]): { first: number; last: number; grown: boolean } {
  const tenth = Math.max(1, Math.floor(samples.length / 10));
  const [first, last] = [median(samples.slice(0, tenth)), median(samples.slice(-tenth))];
  return { first, last, grown: last > FLAT * first };
}
