import type { Clocked, Timestamp } from '../types.js';
import type { Channel, Time } from './channel.js';
import type { Core } from './core.js';
import type { Order, Targets } from './order.js';
import { Ring } from './ring.js';

/** Serializing: each message gets the next timestamp when it is accepted, and goes out in that order. */
export class SerialOrder<T> implements Order<T> {
  readonly unique = true;
  readonly gapless: boolean = true;
  readonly strict = true;
  readonly held = 0;
  readonly heldMost = 0;
  clock: Timestamp;
  readonly #core: Core<T>;
  /** What was sent from inside handlers, and whom it is for, side by side. */
  readonly #queue = new Ring<Clocked<T>>();
  readonly #targets = new Ring<Targets<T>>();

  constructor(core: Core<T>) {
    this.#core = core;
    this.clock = core.seed;
  }

  /** For a channel that a consumer listens to and a loop at rest: there is nothing that the message could overtake. */
  acceptNow(value: T, channel: Channel<T>): void {
    const core = this.#core;
    const ts = ++this.clock;
    core.busy = true;
    try {
      channel.emit([value, ts]);
      core.pass(ts);
    } finally {
      core.busy = false;
    }
    if (this.#queue.size > 0 || core.ends) core.run();
  }

  accept(item: Clocked<T>, targets: Targets<T>): void {
    this.clock = item[1];
    if (!this.#core.busy) return this.#core.releaseNow(item, this.#core.channelsOf(targets));
    this.#core.room.reserve(targets);
    this.#queue.push(item);
    this.#targets.push(targets);
  }

  drain(): void {
    for (let item = this.#queue.shift(); item !== undefined; item = this.#queue.shift()) {
      this.#core.release(item, this.#targets.shift() as Targets<T>);
      this.#core.pass(item[1]);
    }
  }

  evict(channel: Channel<T>): boolean {
    if (channel.arriving === 0) return false;
    channel.arriving--;
    channel.forsaken++;
    return true;
  }

  awaits(): boolean {
    return false;
  }

  join(): void {}

  leave(): void {}

  open(): Time {
    return this.#core.time;
  }

  close(): void {}

  stop(): void {}
}
