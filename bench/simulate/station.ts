import type { Events } from './events.js';

/** What does one thing at a time, in the order in which it was asked: a processor, a disk, a network interface. */
export class Station {
  /** Milliseconds that it has worked, or will have. */
  busy = 0;
  readonly #events: Events;
  #freeAt = 0;

  constructor(events: Events) {
    this.#events = events;
  }

  /** Works for so many milliseconds, as soon as it is free. */
  serve(milliseconds: number, then: () => void): void {
    this.#freeAt = Math.max(this.#freeAt, this.#events.now) + milliseconds;
    this.busy += milliseconds;
    this.#events.at(this.#freeAt, then);
  }
}
