import type { Progress, ProgressEnd, ProgressWaiter } from '../progress/progress.js';
import { ProgressWaiters } from '../progress/waiters.js';
import type { Timestamp } from '../types.js';
import type { Channel, Watcher } from './channel.js';
import type { Order } from './order.js';

type Watched = Pick<Channel<unknown>, 'name' | 'seen' | 'settled' | 'closed'> & { watch(watcher: Watcher): () => void };

/** How far a channel's consumers are. It watches the channel only while somebody waits. */
export class ChannelProgress implements Progress {
  readonly #channel: Watched;
  readonly #order: Pick<Order<unknown>, 'strict' | 'unique'>;
  /** What `seen` reads before anything was told. */
  readonly #start: Timestamp;
  readonly #waiters: ProgressWaiters = new ProgressWaiters();
  #stop: (() => void) | undefined;

  constructor(channel: Watched, order: Pick<Order<unknown>, 'strict' | 'unique'>) {
    this.#channel = channel;
    this.#order = order;
    this.#start = channel.seen;
  }

  get name(): string {
    return this.#channel.name;
  }

  get strict(): boolean {
    return this.#order.strict;
  }

  get unique(): boolean {
    return this.#order.unique;
  }

  get clock(): Timestamp {
    return this.#channel.seen === this.#start ? -Infinity : this.#channel.seen;
  }

  get settled(): Timestamp {
    if (this.clock === -Infinity || this.#channel.closed) return this.clock;
    return this.#channel.settled;
  }

  whenSettled(ts: Timestamp, waiter: ProgressWaiter): () => void {
    if (this.settled >= ts) {
      waiter.reached();
      return noop;
    }
    const leave = this.#waiters.add(ts, waiter);
    if (this.#stop === undefined) this.#watch();
    return leave;
  }

  #watch(): void {
    const end = (how: ProgressEnd): void => {
      this.#stop = undefined;
      this.#waiters.advance(this.clock);
      this.#waiters.end(how);
    };
    const stop = this.#channel.watch({
      next: () => {
        this.#waiters.advance(this.settled);
        if (this.#waiters.size === 0) this.#unwatch();
      },
      error: (error) => end({ failed: true, error }),
      complete: () => end({ failed: false }),
    });
    if (!this.#channel.closed) this.#stop = stop;
  }

  #unwatch(): void {
    this.#stop?.();
    this.#stop = undefined;
  }
}

const noop = (): void => undefined;
