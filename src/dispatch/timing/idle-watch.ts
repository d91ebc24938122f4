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

/** What a watch needs of its dispatcher: a scheduler is user code, too, and may call back at once. */
export interface WatchHost {
  readonly effects: { call(work: () => void): void };
  begin(): void;
  end(): void;
}

/**
 * Finds sources that have been silent for `after` milliseconds, by one timer for all of them.
 *
 * A source is watched from the first time it is heard until it is idle or forgotten. To hear one takes constant time.
 */
export class IdleWatch<S extends Watched> {
  readonly #after: number;
  readonly #scheduler: Scheduler;
  readonly #elapsed: () => number;
  readonly #host: WatchHost;
  readonly #onIdle: (sources: readonly S[]) => void;
  readonly #watched = new Set<S>();
  #timer: { unsubscribe(): void } | undefined;
  /** The timer is about to be started. */
  #isStarting = false;
  /** By how much timers were ahead of the scheduler's clock: what they have waited for has passed. */
  #ahead = 0;

  constructor(after: number, scheduler: Scheduler, host: WatchHost, onIdle: (sources: readonly S[]) => void) {
    this.#after = after;
    this.#scheduler = scheduler;
    this.#elapsed = elapsedOn(scheduler);
    this.#host = host;
    this.#onIdle = onIdle;
  }

  /** Within an operation. */
  hear(source: S): void {
    source.heard = this.#now();
    this.#watched.add(source);
    if (this.#timer === undefined) this.#wakeAt(source.heard + this.#after);
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

  #now(): number {
    return this.#elapsed() + this.#ahead;
  }

  #wakeAt(due: number): void {
    if (this.#isStarting) return;
    this.#isStarting = true;
    this.#host.effects.call(() => {
      this.#isStarting = false;
      if (this.#watched.size === 0) return;
      const timer = startTimer(this.#scheduler, Math.max(0, due - this.#now()), () => this.#check(due));
      if (!timer.isOver) this.#timer = timer;
    });
  }

  #stopTimer(): void {
    this.#timer?.unsubscribe();
    this.#timer = undefined;
  }

  #check(due: number): void {
    this.#host.begin();
    this.#timer = undefined;
    this.#ahead += Math.max(0, due - this.#now());
    const now = this.#now();
    const idle: S[] = [];
    let next = Infinity;
    for (const source of this.#watched) {
      if (source.waiting) source.heard = now;
      const at = source.heard + this.#after;
      if (at > now) next = Math.min(next, at);
      else idle.push(source);
    }
    for (const source of idle) this.#watched.delete(source);
    if (this.#watched.size > 0) this.#wakeAt(next);
    // Last, and about all at once: whoever is told of one may hear from another.
    if (idle.length > 0) this.#onIdle(idle);
    this.#host.end();
  }
}
