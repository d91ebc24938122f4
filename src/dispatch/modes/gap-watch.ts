import type { Engine } from '../engine.js';
import type { EventListener } from '../notify/notifier.js';
import type { Scheduler } from '../scheduler.js';
import { startTimer } from '../timing/timer.js';
import type { Gap, Timestamp } from '../../types.js';

/** What a watch of gaps needs of its mode. */
export interface Gapped<T> {
  readonly engine: Engine<T>;
  readonly clock: Timestamp;
  isPlain: boolean;
  readonly order: {
    readonly stuck: boolean;
    readonly gap: Gap | undefined;
    gaps(): readonly Gap[];
    since(): number;
  };
  giveUp(to: Timestamp): boolean;
}

/** Who is told of gaps, and when one is given up. */
export class GapWatch<T> {
  readonly #mode: Gapped<T>;
  readonly #skipAfter: number | undefined;
  readonly #scheduler: Scheduler;
  readonly #now: () => number;
  /** Each with the last missing number that it was told of. */
  readonly #listeners = new Map<EventListener<Gap>, { told: Timestamp }>();
  #timer: { unsubscribe(): void } | undefined;
  #starting = false;
  #stopped = false;

  constructor(mode: Gapped<T>, skipAfter: number | undefined, scheduler: Scheduler, now: (() => number) | undefined) {
    this.#mode = mode;
    this.#skipAfter = skipAfter;
    this.#scheduler = scheduler;
    this.#now = now ?? (() => 0);
  }

  /** Told of each gap once: of the open ones first, unless gaps are told when they are given up. */
  listen(listener: EventListener<Gap>): () => void {
    this.#listeners.set(listener, { told: -Infinity });
    this.#mode.isPlain = false;
    if (this.#skipAfter === undefined) for (const gap of this.#mode.order.gaps()) this.#tell(listener, gap);
    return () => {
      this.#listeners.delete(listener);
      this.#mode.isPlain = this.#skipAfter === undefined && this.#listeners.size === 0;
    };
  }

  /** The clock may stand at a gap: it is reported, or the timer that ends it is started. */
  look(): void {
    if (this.#skipAfter !== undefined) return this.#startTimer(this.#skipAfter);
    if (this.#listeners.size === 0 || this.#mode.engine.isDeserted) return;
    const { gap } = this.#mode.order;
    if (gap !== undefined) this.report(gap);
  }

  report(gap: Gap): void {
    if (this.#skipAfter === undefined) for (const listener of this.#listeners.keys()) this.#tell(listener, gap);
  }

  /** These numbers aren't waited for any more. */
  givenUp(gap: Gap): void {
    if (this.#skipAfter !== undefined) for (const listener of this.#listeners.keys()) this.#tell(listener, gap);
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.unsubscribe();
    this.#timer = undefined;
  }

  #tell(listener: EventListener<Gap>, { from, to }: Gap): void {
    const state = this.#listeners.get(listener);
    if (state === undefined || to <= state.told) return;
    const gap = { from: Math.max(from, state.told + 1), to };
    state.told = to;
    const { engine } = this.#mode;
    engine.effects.call(() => {
      if (!engine.silent && this.#listeners.has(listener)) listener.next(gap);
    });
  }

  #startTimer(skipAfter: number): void {
    const { order, engine } = this.#mode;
    if (!order.stuck) {
      this.#timer?.unsubscribe();
      this.#timer = undefined;
    } else if (this.#timer === undefined && !this.#starting && !this.#stopped) {
      this.#starting = true;
      // A scheduler is user code, too.
      engine.effects.call(() => {
        this.#starting = false;
        if (this.#stopped || !order.stuck) return;
        const due = order.since() + skipAfter;
        const wait = Math.max(0, due - this.#now());
        const timer = startTimer(this.#scheduler, wait, () => this.#expire(skipAfter, due));
        if (!timer.isOver) this.#timer = timer;
      });
    }
  }

  #expire(skipAfter: number, due: number): void {
    const { engine, order } = this.#mode;
    engine.begin();
    this.#timer = undefined;
    // What the timer has waited for has passed, whatever the scheduler's clock says.
    const now = Math.max(due, this.#now());
    for (let { gap } = order; gap !== undefined && order.since() + skipAfter <= now; { gap } = order) {
      this.#mode.giveUp(gap.to);
    }
    this.look();
    engine.end();
  }
}
