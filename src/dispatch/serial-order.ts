import type { Clocked, Timestamp } from '../types.js';
import type { Channel, Time } from './channel.js';
import type { Core } from './core.js';
import type { Order, Targets } from './order.js';
import { PairRing } from './pair-ring.js';

/** Serializing: each message gets the next timestamp when it is accepted, and goes out in that order. */
export class SerialOrder<T> implements Order<T> {
  readonly unique = true;
  readonly strict = true;
  readonly held = 0;
  readonly heldMost = 0;
  clock: Timestamp;
  readonly #core: Core<T>;
  /** What was sent from inside handlers. */
  readonly #queue = new PairRing<Clocked<T>, Targets<T>>();

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
    core.run();
  }

  accept(item: Clocked<T>, targets: Targets<T>): void {
    this.clock = item[1];
    this.#core.reserve(targets);
    this.#queue.push(item, targets);
    this.#core.run();
  }

  step(): boolean {
    const item = this.#queue.peek();
    if (item === undefined) return false;
    const targets = this.#queue.peekSecond();
    this.#queue.drop();
    this.#core.release(item, targets);
    this.#core.pass(item[1]);
    return true;
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
