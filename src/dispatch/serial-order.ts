import type { Clocked, Timestamp } from '../types.js';
import type { Channel, Time } from './channel.js';
import type { Member } from './member.js';
import type { Core } from './core.js';
import type { Order, Targets } from './order.js';
import { Ring } from './ring.js';

/** Serializing: each message gets the next timestamp when it is accepted, and goes out in that order. */
export class SerialOrder<T> implements Order<T> {
  readonly core: Core<T>;
  readonly unique = true;
  readonly gapless: boolean = true;
  readonly strict = true;
  readonly held = 0;
  readonly heldMost = 0;
  clock: Timestamp;
  /** What was sent from inside handlers, and whom it is for, side by side. */
  readonly #queue = new Ring<Clocked<T>>();
  readonly #targets = new Ring<Targets<T>>();

  constructor(core: Core<T>) {
    this.core = core;
    core.order = this;
    this.clock = core.seed;
  }

  accept(item: Clocked<T>, targets: Targets<T>): void {
    if (this.core.busy) return this.enqueue(item, targets);
    this.clock = item[1];
    this.core.releaseNow(item, this.core.channelsOf(targets));
  }

  /** By `next`, to a loop at rest: whoever is told directly has room. */
  publish(member: Member<T>, value: T, targets: Targets<T>): void {
    const item: Clocked<T> = [value, ++this.clock];
    const only = targets.length === 1 ? targets[0] : undefined;
    if (only?.direct !== undefined) return this.core.releaseTo(only, item);
    const channels = this.core.channelsOf(targets);
    if (this.core.areDirect(channels)) return this.core.releaseNow(item, channels);
    this.core.releaseNow(item, this.core.channelsOf(this.core.room.make(member, item, targets)));
  }

  /** From inside a handler: the message waits for its turn. */
  enqueue(item: Clocked<T>, targets: Targets<T>): void {
    this.clock = item[1];
    this.core.room.reserve(targets);
    this.#queue.push(item);
    this.#targets.push(targets);
    this.core.run();
  }

  drain(): void {
    for (let item = this.#queue.shift(); item !== undefined; item = this.#queue.shift()) {
      this.core.release(item, this.#targets.shift() as Targets<T>);
      this.core.pass(item[1]);
    }
  }

  evict(channel: Channel<T>): boolean {
    return channel.forsake();
  }

  awaits(): boolean {
    return false;
  }

  join(): void {}

  leave(): void {}

  open(): Time {
    return this.core.time;
  }

  close(): void {}

  stop(): void {}
}
