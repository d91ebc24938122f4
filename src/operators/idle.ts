import { asyncScheduler } from 'rxjs';
import type { Scheduler } from '../dispatch/scheduler.js';
import { milliseconds, scheduler as aScheduler } from '../options/check.js';

/** Options of operators that need not wait for a silent input. */
export interface IdleOptions {
  /**
   * After which silence, in milliseconds, an input is no longer waited for, also one that never spoke: what it holds back
   * goes out. It counts again when it speaks; what it brings then below what was released is late. Default: never.
   */
  readonly idleAfter?: number | undefined;
  /** Where that time is measured. Default: `asyncScheduler`. */
  readonly scheduler?: Scheduler | undefined;
}

/**
 * After which silence, by which scheduler; `undefined` where everybody is waited for.
 *
 * @internal
 */
export function idleOf(
  operator: string,
  { idleAfter, scheduler }: IdleOptions,
): { readonly after: number; readonly scheduler: Scheduler } | undefined {
  const by = aScheduler(operator, 'scheduler', scheduler) ?? asyncScheduler;
  if (idleAfter === undefined) return undefined;
  return { after: milliseconds(operator, 'idleAfter', idleAfter), scheduler: by };
}
