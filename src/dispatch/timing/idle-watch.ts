import type { Scheduler } from '../scheduler.js';
import { elapsedOn } from './elapsed.js';
import { startTimer } from './timer.js';

/** A source as far as its silence goes. */
export interface Watched {
  /** When it spoke last, by the watch's own time. */
  heard: number;
  /** Whether it waits in a call: meanwhile it does not count as silent. */
  readonly waiting: boolean;
}

/**
 * Finds sources that have been silent for `after` milliseconds, by one timer for all of them.
 *
 * A source is watched from the first time it is heard until it is idle or forgotten. To hear one takes constant time.
 */
export class IdleWatch<S extends Watched> {
  readonly #after: number;
  readonly #scheduler: Scheduler;
  readonly #now: () => number;
  readonly #onIdle: (sources: readonly S[]) => void;
  readonly #watched = new Set<S>();
  #timer: { unsubscribe(): void } | undefined;

  constructor(after: number, scheduler: Scheduler, onIdle: (sources: readonly S[]) => void) {
    this.#after = after;
    this.#scheduler = scheduler;
    this.#now = elapsedOn(scheduler);
    this.#onIdle = onIdle;
  }

  hear(source: S): void {
    source.heard = this.#now();
    this.#watched.add(source);
    if (this.#timer === undefined) this.#wakeAfter(this.#after);
  }

  forget(source: S): void {
    this.#watched.delete(source);
    if (this.#watched.size === 0) this.#stopTimer();
  }

  /** Forgets all sources. */
  stop(): void {
    this.#watched.clear();
    this.#stopTimer();
  }

  #wakeAfter(ms: number): void {
    this.#timer = startTimer(this.#scheduler, ms, () => this.#check());
  }

  #stopTimer(): void {
    this.#timer?.unsubscribe();
    this.#timer = undefined;
  }

  #check(): void {
    this.#timer = undefined;
    const now = this.#now();
    const idle: S[] = [];
    let next = Infinity;
    for (const source of this.#watched) {
      if (source.waiting) source.heard = now;
      const due = source.heard + this.#after;
      if (due > now) next = Math.min(next, due);
      else idle.push(source);
    }
    for (const source of idle) this.#watched.delete(source);
    if (this.#watched.size > 0) this.#wakeAfter(next - now);
    // Last, and about all at once: whoever is told of one may hear from another.
    if (idle.length > 0) this.#onIdle(idle);
  }
}
