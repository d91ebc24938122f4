import type { Scheduler } from './scheduler.js';

/** A source as far as its silence goes. */
export interface Watched {
  /** When it last spoke, on the scheduler's clock. */
  heard: number;
  /** Calls of its own that are being held back: meanwhile its silence is not its fault. */
  readonly waiting: number;
}

/** Finds sources that have been silent for `after` milliseconds, by one timer for all of them. */
export class IdleWatch<S extends Watched> {
  readonly #after: number;
  readonly #scheduler: Scheduler;
  readonly #onIdle: (source: S) => void;
  readonly #watched = new Set<S>();
  #timer: { unsubscribe(): void } | undefined;

  constructor(after: number, scheduler: Scheduler, onIdle: (source: S) => void) {
    this.#after = after;
    this.#scheduler = scheduler;
    this.#onIdle = onIdle;
  }

  hear(source: S): void {
    source.heard = this.#scheduler.now();
    this.#watched.add(source);
    this.#timer ??= this.#wake(this.#after);
  }

  forget(source: S): void {
    this.#watched.delete(source);
    if (this.#watched.size === 0) this.stop();
  }

  stop(): void {
    this.#timer?.unsubscribe();
    this.#timer = undefined;
  }

  #wake(delay: number): { unsubscribe(): void } {
    return this.#scheduler.schedule(() => {
      this.#check();
    }, delay);
  }

  #check(): void {
    const now = this.#scheduler.now();
    let next = Infinity;
    const idle: S[] = [];
    for (const source of this.#watched) {
      if (source.waiting > 0) source.heard = now;
      const due = source.heard + this.#after;
      if (due <= now) idle.push(source);
      else next = Math.min(next, due);
    }
    for (const source of idle) this.#watched.delete(source);
    this.#timer = next === Infinity ? undefined : this.#wake(next - now);
    for (const source of idle) this.#onIdle(source);
  }
}
