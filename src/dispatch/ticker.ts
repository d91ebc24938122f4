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
  /** The channel with consumers, where it is the only one and nobody waits for an item elsewhere. */
  #alone: Channel<T> | undefined;

  constructor(core: Core<T>, scheduler: Scheduler | undefined) {
    this.#core = core;
    this.#scheduler = scheduler;
  }

  join(channel: Channel<T>): void {
    if (this.#core.busy) this.listening = [...this.listening, channel];
    else this.listening.push(channel);
    this.#count();
  }

  leave(channel: Channel<T>): void {
    this.#pulling.delete(channel);
    const at = this.listening.indexOf(channel);
    if (at >= 0 && this.#core.busy) this.listening = this.listening.filter((other) => other !== channel);
    else if (at >= 0) this.listening.splice(at, 1);
    this.#count();
  }

  /** Somebody waits for the channel's next item by pulling. */
  pulls(channel: Channel<T>): void {
    this.#pulling.add(channel);
    this.#count();
  }

  /** `ts` has passed for all channels. */
  pass(ts: Timestamp): void {
    const alone = this.#alone;
    if (alone === undefined || alone.seen < ts) this.#pass(ts);
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
    this.#count();
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
    this.#count();
  }

  #count(): void {
    this.#alone = this.listening.length === 1 && this.#pulling.size === 0 ? this.listening[0] : undefined;
  }
}
