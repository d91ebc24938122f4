import type { Effects } from '../effects/effects.js';
import { ProgressWaiters } from '../../progress/waiters.js';
import type { ProgressEnd, ProgressWaiter } from '../../progress/progress.js';
import { Group } from '../structures/group.js';
import type { Timestamp } from '../../types.js';

/** Who follows a receiver's clock and takes nothing from it. */
export interface ClockObserver {
  readonly closed?: boolean;
  next(ts: Timestamp): void;
  error(error: unknown): void;
  complete(): void;
}

/** Those who follow a receiver's clock, and those who wait for a timestamp there. */
export class ClockWatch {
  readonly #effects: Effects;
  readonly #observers = new Group<ClockObserver>();
  readonly #waiters = new ProgressWaiters();
  /** The last clock that the observers were told. */
  #told: Timestamp = -Infinity;

  constructor(effects: Effects) {
    this.#effects = effects;
  }

  get isEmpty(): boolean {
    return this.#observers.size === 0 && this.#waiters.size === 0;
  }

  /** `clock`: as it stands, where it has begun. */
  observe(observer: ClockObserver, clock: Timestamp | undefined): () => void {
    this.#observers.add(observer);
    if (clock !== undefined && clock > this.#told) this.#told = clock;
    if (clock !== undefined) this.#effects.call(() => observer.next(clock));
    return () => this.#observers.delete(observer);
  }

  wait(ts: Timestamp, waiter: ProgressWaiter): () => void {
    return this.#waiters.add(ts, waiter);
  }

  /** The clock has moved. */
  moved(clock: Timestamp): void {
    if (this.#observers.size === 0 || clock <= this.#told) return;
    this.#told = clock;
    const { list } = this.#observers;
    this.#effects.call(() => {
      for (const observer of list) if (this.#observers.has(observer)) observer.next(clock);
    });
  }

  /** More is settled. */
  settled(ts: Timestamp): void {
    if (this.#waiters.next <= ts) this.#effects.call(() => this.#waiters.advance(ts));
  }

  /** Nobody need wait any longer. */
  giveUp(): void {
    if (this.#waiters.size > 0) this.#effects.call(() => this.#waiters.end({ failed: false }));
  }

  /** Nothing follows any more. */
  end(end: ProgressEnd): void {
    const { list } = this.#observers;
    this.#observers.clear();
    this.#effects.call(() => {
      for (const observer of list) {
        if (end.failed) observer.error(end.error);
        else observer.complete();
      }
      this.#waiters.end(end);
    });
  }
}
