import { collectGarbage } from '../../support/collect-garbage.js';

/** Bytes that are still in use when all garbage is gone. */
export function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
