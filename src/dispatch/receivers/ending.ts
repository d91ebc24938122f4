import type { Effects } from '../effects/effects.js';
import type { Timestamp } from '../../types.js';

/** Only moves forward: takes messages, then only delivers what it has, then nothing. */
export type Life = 'open' | 'draining' | 'ended';

/** What ending needs of a receiver's endpoint. */
export interface EndingSide {
  readonly host: { readonly effects: Effects; end(): void };
  readonly clock: Timestamp;
  readonly settled: Timestamp;
  readonly time: { readonly clock: Timestamp };
  /** Whether nothing is in its queue, or on its way there. */
  readonly isEmpty: boolean;
  /** Whether anything is held for it. */
  readonly holds: boolean;
  /** Whether nobody is left who writes to it. */
  readonly isUnwritten: boolean;
  /** It takes nothing more. */
  drained(): void;
  /** Whether nothing that was taken is unfinished. */
  finishLeases(): boolean;
  /** It has ended. */
  ended(wasDraining: boolean): void;
  /** Tells everybody of the end. */
  endForAll(): void;
}

/** When and with what a receiver ends, and how far time had come. */
export class Ending {
  life: Life = 'open';
  /** What it ends with once it is empty. */
  failure: { readonly error: unknown } | undefined;
  /** How far time had come, once it has ended. */
  at: Timestamp | undefined;
  readonly #side: EndingSide;
  #settled: Timestamp = 0;
  /** Whether its end is going to be decided. */
  #isDue = false;
  /** Whether something that is held comes before its failure. */
  #isPending: (() => boolean) | undefined;

  constructor(side: EndingSide) {
    this.#side = side;
  }

  /** What is settled, once it has ended: a failure settles nothing that was not. */
  get settled(): Timestamp {
    return this.failure === undefined ? (this.at as Timestamp) : this.#settled;
  }

  /** Whether nothing comes here any more, but what a reader has taken and not finished. */
  get isOver(): boolean {
    const side = this.#side;
    if (this.life === 'ended' || !side.isEmpty) return false;
    if (this.life === 'open') return side.isUnwritten;
    return !side.holds || this.#isPending?.() === false;
  }

  /**
   * Takes nothing more, and ends with `error` once what it holds is delivered; of what is held for order, only what
   * `isPending` says.
   */
  fail(error: unknown, isPending?: () => boolean): void {
    if (this.life !== 'open') return;
    this.failure = { error };
    this.#isPending = isPending;
    this.drain();
  }

  drain(): void {
    if (this.life !== 'open') return;
    this.life = 'draining';
    this.#side.drained();
    this.consider();
  }

  /**
   * Ends if there is nothing left to deliver, and nobody left who writes here. That is decided when everything before has
   * been told: a handler may still bring somebody in.
   */
  consider(): void {
    if (this.#isDue || !this.isOver) return;
    const side = this.#side;
    this.#isDue = true;
    side.host.effects.whenQuiet(() => {
      this.#isDue = false;
      if (this.isOver && side.finishLeases()) {
        this.#end(this.failure === undefined ? side.time.clock : side.clock);
        side.endForAll();
      }
      side.host.end();
    });
  }

  /** `silence`, and those are told that count on it. */
  #end(at: Timestamp): void {
    const wasDraining = this.life === 'draining';
    this.#stand(Math.max(at, this.#side.clock));
    this.#side.ended(wasDraining);
  }

  /** Ends now, without a failure. */
  close(): void {
    this.failure = undefined;
    this.#end(this.#side.time.clock);
  }

  /** Ends where it stands, and nobody is told. */
  silence(): void {
    this.#stand(this.#side.clock);
  }

  #stand(at: Timestamp): void {
    this.#settled = this.#side.settled;
    this.life = 'ended';
    this.at = at;
  }
}
