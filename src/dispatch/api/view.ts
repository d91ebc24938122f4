import type { Observable } from 'rxjs';
import type { Gap, Late, Timestamp } from '../../types.js';
import type { Scheduler } from '../scheduler.js';
import type { Stats } from '../stats/stats.js';

/** What there is to watch of a dispatcher, also by whoever has only a receiver of it. */
export interface DispatcherView<T> {
  /** How it orders. */
  readonly mode: 'serialize' | 'watermark' | 'sequence';
  /** The last timestamp that was assigned or released. */
  readonly clock: Timestamp;
  /** Whether it is closed, or torn down. */
  readonly closed: boolean;
  /** Late messages, where the mode has `late: 'divert'`. Completes when the dispatcher is closed. */
  readonly late$: Observable<Late<T>>;
  /**
   * Missing timestamps (sequence mode), each once to each subscriber, the open ones first; with `gap: { skipAfter }`, when
   * they are given up. Completes when the dispatcher is closed.
   */
  readonly gaps$: Observable<Gap>;
  /** A snapshot of everything that can be known, in plain data. */
  stats(): Stats;
  /** `stats()` now and every `period` milliseconds (1000 by default), and once more when the dispatcher is closed. */
  stats$(period?: number, scheduler?: Scheduler): Observable<Stats>;
}
