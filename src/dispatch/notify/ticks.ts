import type { Effect, Effects } from '../effects/effects.js';
import type { Scheduler } from '../scheduler.js';
import { Group } from '../structures/group.js';
import type { Clocked, Timestamp } from '../../types.js';

/** Who is told that time has passed. */
export interface TickListener {
  /** Whether it has not been told of this timestamp. */
  isBehind(ts: Timestamp): boolean;
  /** Its own committed clock. */
  readonly now: Timestamp;
  /** It is told, where it is behind. */
  tick(item: Clocked<never>): void;
}

/** What telling of time needs of its dispatcher. */
export interface TickHost {
  readonly effects: Effects;
  begin(): void;
  end(): void;
}

/** Who is told of time, and when: with each timestamp, or once for many by a scheduler. */
export class Ticks implements Effect<Timestamp> {
  /** Those who have subscribers, or wait for their next item. */
  readonly #listeners = new Group<TickListener>();
  /** The only listener. */
  #only: TickListener | undefined;
  readonly #host: TickHost;
  readonly #effects: Effects;
  readonly #scheduler: Scheduler | undefined;
  #timer: { unsubscribe(): void } | undefined;
  /** A flush is scheduled, or about to be. */
  #pending = false;

  constructor(host: TickHost, scheduler: Scheduler | undefined) {
    this.#host = host;
    this.#effects = host.effects;
    this.#scheduler = scheduler;
  }

  listen(listener: TickListener): void {
    if (this.#listeners.has(listener)) return;
    this.#listeners.add(listener);
    this.#look();
  }

  unlisten(listener: TickListener): void {
    if (!this.#listeners.delete(listener)) return;
    this.#look();
    if (this.#listeners.size === 0 && this.#timer !== undefined) this.#stopTimer();
  }

  /** Whether anybody has to be told of a timestamp, when this listener learns of it by a message. */
  concerns(told: TickListener | undefined): boolean {
    return this.#only === undefined ? !this.#pending && this.#listeners.size > 0 : this.#only !== told;
  }

  /** Time has passed for everybody: an effect, now or later. */
  pass(ts: Timestamp, told?: TickListener): void {
    if (!this.concerns(told)) return;
    if (this.#scheduler !== undefined) this.#flushLater(this.#scheduler);
    else this.#effects.add(this, ts);
  }

  /** Time has passed for this one. */
  passFor(listener: TickListener, ts: Timestamp): void {
    if (!this.#listeners.has(listener)) return;
    if (this.#scheduler !== undefined) this.#flushLater(this.#scheduler);
    else this.#effects.add(TELL_ONE, listener, ts);
  }

  /** `pass` by whoever runs the effects, where nothing comes before this. */
  tell(ts: Timestamp, told?: TickListener): void {
    if (!this.concerns(told)) return;
    if (this.#scheduler !== undefined) this.#flushLater(this.#scheduler);
    else this.run(ts);
  }

  /** As an effect: all listeners are told. */
  run(ts: Timestamp): void {
    const tick: Clocked<never> = [null, ts];
    const { list } = this.#listeners;
    for (let i = 0; i < list.length; i++) (list[i] as TickListener).tick(tick);
  }

  stop(): void {
    this.#stopTimer();
    this.#listeners.clear();
    this.#look();
  }

  #stopTimer(): void {
    this.#timer?.unsubscribe();
    this.#timer = undefined;
    this.#pending = false;
  }

  #flushLater(scheduler: Scheduler): void {
    if (this.#pending || this.#listeners.size === 0) return;
    this.#pending = true;
    // A scheduler is user code, too, and may run its work at once.
    this.#effects.call(() => {
      if (!this.#pending) return;
      try {
        const timer = scheduler.schedule(() => this.#flush());
        // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- a scheduler may have run it at once
        if (this.#pending) this.#timer = timer;
      } catch (error) {
        this.#pending = false;
        throw error;
      }
      // Nobody is left, or the last has left meanwhile.
      if (this.#listeners.size === 0) this.#stopTimer();
    });
  }

  #flush(): void {
    if (!this.#pending) return;
    this.#host.begin();
    this.#pending = false;
    this.#timer = undefined;
    for (const listener of this.#listeners.list) {
      const { now } = listener;
      if (listener.isBehind(now)) this.#effects.add(TELL_ONE, listener, now);
    }
    this.#host.end();
  }

  #look(): void {
    this.#only = this.#listeners.size === 1 ? this.#listeners.list[0] : undefined;
  }
}

const TELL_ONE: Effect<TickListener, Timestamp> = { run: (listener, ts) => listener.tick([null, ts]) };
