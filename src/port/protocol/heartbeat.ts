import { startTimer } from '../../dispatch/timing/timer.js';
import type { Scheduler } from '../../dispatch/scheduler.js';

/** So often in the longest silence it looks whether anything was heard. */
const LOOKS = 4;

/** What a heartbeat needs of its line. */
export interface Heart {
  /** Nothing was heard for a while: ask for a sign of life. */
  ping(): void;
  /** Nothing was heard for too long. */
  silent(): void;
}

/**
 * Notices that the other side has gone silent: between `silence` and a quarter more after the last frame. It counts its
 * own looks, so that a process that slept for an hour asks before it gives up.
 */
export class Heartbeat {
  readonly #scheduler: Scheduler;
  readonly #silence: number;
  readonly #heart: Heart;
  #heard = true;
  #quiet = 0;
  #timer: { unsubscribe(): void } | undefined;

  constructor(scheduler: Scheduler, silence: number, heart: Heart) {
    this.#scheduler = scheduler;
    this.#silence = silence;
    this.#heart = heart;
    if (silence < Infinity) this.#wait();
  }

  /** A frame has arrived. */
  heard(): void {
    this.#heard = true;
  }

  stop(): void {
    this.#timer?.unsubscribe();
    this.#timer = undefined;
  }

  #wait(): void {
    this.#timer = startTimer(this.#scheduler, this.#silence / LOOKS, () => this.#look());
  }

  #look(): void {
    this.#quiet = this.#heard ? 0 : this.#quiet + 1;
    this.#heard = false;
    if (this.#quiet >= LOOKS) return this.#heart.silent();
    this.#wait();
    if (this.#quiet > 0) this.#heart.ping();
  }
}
