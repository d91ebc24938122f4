import type { Clocked, Timestamp } from '../types.js';
import type { Channel } from './channel.js';
import type { Core } from './core.js';
import type { Scheduler } from './scheduler.js';

/** Tells the channels that somebody listens to that time has passed: with each message, or coalesced by a scheduler. */
export class Ticker<T> {
  readonly #core: Core<T>;
  readonly #scheduler: Scheduler | undefined;
  #flush: { unsubscribe(): void } | undefined;
  /** The channels with consumers; a change during delivery makes a new list. */
  listening: Channel<T>[] = [];
  readonly #pulling = new Set<Channel<T>>();

  constructor(core: Core<T>, scheduler: Scheduler | undefined) {
    this.#core = core;
    this.#scheduler = scheduler;
  }

  join(channel: Channel<T>): void {
    if (this.#core.busy) this.listening = [...this.listening, channel];
    else this.listening.push(channel);
  }

  leave(channel: Channel<T>): void {
    this.#pulling.delete(channel);
    const at = this.listening.indexOf(channel);
    if (at < 0) return;
    if (this.#core.busy) this.listening = this.listening.filter((other) => other !== channel);
    else this.listening.splice(at, 1);
  }

  /** Somebody waits for the channel's next item by pulling. */
  pulls(channel: Channel<T>): void {
    this.#pulling.add(channel);
  }

  /** `ts` has passed for all channels. */
  pass(ts: Timestamp): void {
    const { listening } = this;
    // The only one who listens has just got the message at `ts`.
    if (listening.length === 1 && (listening[0] as Channel<T>).seen >= ts && this.#pulling.size === 0) return;
    this.#pass(ts);
  }

  #pass(ts: Timestamp): void {
    if (this.#scheduler !== undefined) return this.#later(this.#scheduler);
    let tick: Clocked<T> | undefined;
    const { listening } = this;
    for (let i = 0; i < listening.length; i++) {
      const channel = listening[i] as Channel<T>;
      if (channel.seen < ts) channel.tell((tick ??= [null, ts]));
    }
    if (this.#pulling.size > 0) this.#tellPulling();
  }

  /** Time has passed for this channel alone. */
  passFor(channel: Channel<T>): void {
    if (this.#scheduler !== undefined) this.#later(this.#scheduler);
    else if (channel.seen < channel.time.now) channel.tell([null, channel.time.now]);
  }

  stop(): void {
    this.#flush?.unsubscribe();
    this.#flush = undefined;
    this.listening = [];
    this.#pulling.clear();
  }

  #later(scheduler: Scheduler): void {
    if (this.#flush !== undefined || this.listening.length + this.#pulling.size === 0) return;
    this.#flush = scheduler.schedule(() => {
      this.#flush = undefined;
      this.#core.exclusively(() => this.#tellAll());
    });
  }

  #tellAll(): void {
    let tick: Clocked<T> = [null, this.#core.time.now];
    for (const channel of this.listening) {
      const { now } = channel.time;
      if (channel.seen < now) channel.tell(tick[1] === now ? tick : (tick = [null, now]));
    }
    this.#tellPulling();
  }

  #tellPulling(): void {
    for (const channel of this.#pulling) {
      if (!channel.pulled) this.#pulling.delete(channel);
      else if (channel.seen < channel.time.now) channel.tell([null, channel.time.now]);
    }
  }
}
