import type { Clocked, Drop, DropReason, Overflow, Timestamp } from '../types.js';
import type { Core } from './core.js';
import type { Line } from './line.js';
import { Ring } from './ring.js';
import type { Waiter } from './waiter.js';

/** Who is told: the part of an RxJS subscriber that a channel needs. */
export interface Consumer<T> {
  next(item: Clocked<T>): void;
  error(error: unknown): void;
  complete(): void;
}

/** One call that waits for the next item of a channel. */
export interface Pull<T> {
  readonly settle: (item: Clocked<T> | undefined) => void;
  readonly fail: (error: unknown) => void;
}

/** Who follows a channel's clock, and takes nothing. */
export interface Watcher {
  next(ts: Timestamp): void;
  error(error: unknown): void;
  complete(): void;
}

/** How far time has passed, for everybody who shares it. */
export interface Time {
  now: Timestamp;
}

/** A channel's life only moves forward: it takes messages, then only delivers what it has, then nothing. */
export type Life = 'open' | 'draining' | 'ended';

/** A receiver's bounded queue, its consumers, and what it knows of the time. */
export class Channel<T> {
  readonly name: string;
  readonly bound: number;
  readonly overflow: Overflow;
  readonly core: Core<T>;
  readonly onDrop: ((drop: Drop<T>) => void) | undefined;
  /** This channel alone, as the targets of a message. */
  readonly alone: readonly Channel<T>[] = [this];
  /**
   * Messages that have a place here: those in the queue, and accepted ones that are not readable yet (held for order, or
   * behind the one that is being delivered).
   */
  load = 0;
  life: Life = 'open';
  /** The last timestamp that a consumer was given. */
  seen: Timestamp;
  /** The last one that it was given by a tick. */
  ticked: Timestamp = -1;
  /** What this channel may tell: shared by all, or its own where each receiver has its own frontier. */
  time: Time;
  /** Senders that write to this channel by name. */
  senders = 0;
  /** Whether it ever had a sender or broadcaster: one that never had doesn't complete for want of them. */
  fed = false;
  dropped = 0;
  /** Calls that wait for room here, in the order in which they were made. */
  waiters: Line<Waiter> | undefined;
  consumers: readonly Consumer<T>[] = NOBODY;
  /** The only consumer, where nothing is out of the ordinary: it can be told without further ado. Kept by `refresh`. */
  direct: Consumer<T> | undefined;
  /** Accepted messages that nobody has taken yet, in order. */
  readonly #queue: Ring<Clocked<T>> = new Ring();
  #pulls: Set<Pull<T>> | undefined;
  #watchers: Set<Watcher> | undefined;
  /** How many of the next arrivals are to be dropped: `drop-oldest` made room for younger ones. */
  #forsaken = 0;
  #error: { readonly error: unknown } | undefined;

  constructor(
    core: Core<T>,
    name: string,
    bound: number,
    overflow: Overflow,
    onDrop: ((drop: Drop<T>) => void) | undefined,
  ) {
    this.core = core;
    this.name = name;
    this.time = core.time;
    this.seen = core.seed;
    this.bound = bound;
    this.overflow = overflow;
    this.onDrop = onDrop;
  }

  /** With bound 0 there is room only for what a consumer is waiting for. */
  get hasRoom(): boolean {
    return this.load < (this.bound || this.demand);
  }

  /** Messages that nobody has taken yet, though they are readable. */
  get queued(): number {
    return this.#queue.size;
  }

  /** Whether somebody would take the next message at once. */
  get starving(): boolean {
    return this.#queue.size === 0 && (this.bound > 0 || this.demand > 0);
  }

  get demand(): number {
    return this.consumers.length > 0 ? 1 : (this.#pulls?.size ?? 0);
  }

  /** Whether somebody waits for the next item by pulling. */
  get pulled(): boolean {
    return this.#pulls !== undefined && this.#pulls.size > 0 && this.consumers.length === 0;
  }

  /** Whether nothing will come here any more. */
  get closed(): boolean {
    return this.life === 'ended' && this.time.now <= this.seen;
  }

  /** Whether it ends once it is empty: it takes nothing more, or there is nobody left to write to it. */
  get finishing(): boolean {
    return this.life === 'draining' || (this.senders === 0 && this.fed && this.core.broadcasters === 0);
  }

  // -- messages in

  /** Takes a message that has its place here, and has just been released. */
  arrive(item: Clocked<T>): void {
    this.load--;
    this.put(item);
  }

  /** `arrive` for a message that has no place here yet. */
  put(item: Clocked<T>): void {
    const { direct } = this;
    if (direct === undefined) return this.#place(item);
    this.seen = item[1];
    direct.next(item);
  }

  #place(item: Clocked<T>): void {
    if (this.life === 'ended') return void this.drop(item, 'no-receiver');
    if (this.#forsaken > 0) {
      this.#forsaken--;
      this.refresh();
      this.load++; // its place was given away already
      return void this.drop(item, 'drop-oldest');
    }
    if (this.consumers.length > 0) this.emit(item);
    else if (!this.#hand(item)) {
      this.#queue.push(item);
      this.load++;
    }
    if (this.finishing) this.core.settle(this);
  }

  emit(item: Clocked<T>): void {
    this.seen = item[1];
    const consumers = this.consumers;
    for (let i = 0; i < consumers.length; i++) (consumers[i] as Consumer<T>).next(item);
    if (this.#watchers !== undefined) this.#watch(item[1]);
  }

  /** Gives away the place of the oldest message that is not readable yet; false when there is none. */
  forsake(): boolean {
    if (this.load === this.#queue.size) return false;
    this.load--;
    this.#forsaken++;
    this.refresh();
    return true;
  }

  /** Tells that time has passed; to be called where that is news. */
  tell(tick: Clocked<T>): void {
    const { direct } = this;
    if (direct === undefined) return this.#announce(tick);
    this.seen = this.ticked = tick[1];
    direct.next(tick);
  }

  #announce(tick: Clocked<T>): void {
    if (this.consumers.length > 0) {
      this.ticked = tick[1];
      this.emit(tick);
    } else if (this.#queue.size === 0 && (this.bound > 0 || this.load === 0)) {
      // With bound 0, whoever waits may have been promised the message that is on its way.
      this.#hand(tick);
    }
  }

  /** Counts and reports a message that doesn't come here. Always false, for use as a condition. */
  drop([value, ts]: Clocked<T>, reason: DropReason): false {
    this.dropped++;
    try {
      this.onDrop?.({ receiver: this.name, value: value as T, ts, reason });
    } catch (error) {
      reportUnhandled(error);
    }
    return false;
  }

  // -- messages out

  /** Takes the oldest readable message out of the queue. */
  shift(): Clocked<T> | undefined {
    if (this.#queue.size > 0) this.load--;
    return this.#queue.shift();
  }

  /** The next message; else, once, that time has passed. */
  take(): Clocked<T> | undefined {
    if (this.consumers.length > 0) return undefined;
    const item = this.shift();
    if (item !== undefined) {
      this.#taken(item);
      return item;
    }
    if (this.time.now > this.seen) {
      const tick = this.#see([null, this.time.now]);
      if (this.closed) this.#dismiss();
      return tick;
    }
    if (this.life === 'ended' && this.#error !== undefined) throw this.#error.error;
    return undefined;
  }

  /** All that is there, up to so many. */
  takeMany(max: number): Clocked<T>[] {
    const items: Clocked<T>[] = [];
    while (this.consumers.length === 0 && items.length < max) {
      const item = this.shift();
      if (item === undefined) break;
      items.push(item);
    }
    const last = items.at(-1);
    if (last !== undefined) this.#taken(last);
    // Room may have let more in, and time may have passed.
    for (let item; items.length < max && (item = this.take()) !== undefined;) items.push(item);
    return items;
  }

  /** Waits for the next item; the caller has found that there is none. */
  pull(pull: Pull<T>): void {
    if (this.closed) return pull.settle(undefined);
    (this.#pulls ??= new Set()).add(pull);
    this.core.ticker.pulls(this);
    if (this.bound === 0) this.core.room.freed(this);
  }

  cancel(pull: Pull<T>): void {
    this.#pulls?.delete(pull);
  }

  subscribe(consumer: Consumer<T>): void {
    this.core.exclusively(() => this.#welcome(consumer));
  }

  unsubscribe(consumer: Consumer<T>): void {
    if (!this.consumers.includes(consumer)) return;
    this.consumers = this.consumers.filter((other) => other !== consumer);
    this.refresh();
    if (this.consumers.length === 0) this.core.ticker.leave(this);
  }

  /** Follows the clock without taking anything. */
  watch(watcher: Watcher): () => void {
    if (this.seen > this.core.seed) watcher.next(this.seen);
    if (this.closed) this.#bid(watcher);
    else (this.#watchers ??= new Set()).add(watcher);
    this.refresh();
    return () => {
      if (this.#watchers?.delete(watcher) && this.#watchers.size === 0) this.#watchers = undefined;
      this.refresh();
    };
  }

  /** The last timestamp at which nothing more can follow here, as far as a consumer can know. */
  get settled(): Timestamp {
    const { unique, strict } = this.core.order;
    return unique || (strict && this.seen === this.ticked) || this.seen === this.core.seed ? this.seen : this.seen - 1;
  }

  // -- life

  /** Somebody has come who writes here. */
  feed(): void {
    this.fed = true;
    this.refresh();
  }

  /** Takes nothing more, and ends once everything that it holds is delivered: with `error`, or completed. */
  drain(): void {
    if (this.life !== 'open') return;
    this.life = 'draining';
    this.refresh();
    this.core.settle(this);
  }

  fail(error: unknown): void {
    if (this.life !== 'open') return;
    this.#error = { error };
    this.drain();
  }

  /** Ends now, whatever is left. */
  close(): void {
    if (this.life === 'ended') return;
    for (let item = this.shift(); item !== undefined; item = this.shift()) this.drop(item, 'closed');
    this.#error = undefined;
    this.seen = Math.max(this.seen, this.time.now);
    this.end();
  }

  end(): void {
    this.life = 'ended';
    // A completed receiver has told how far time had passed; an error tells nothing of time.
    this.time = { now: this.#error === undefined ? Math.max(this.time.now, this.seen) : this.seen };
    if (this.seen < this.time.now) this.tell([null, this.time.now]);
    const consumers = this.consumers;
    this.consumers = NOBODY;
    this.refresh();
    this.core.left(this);
    for (const consumer of consumers) this.#bid(consumer);
    if (this.closed) this.#dismiss();
    for (const pull of this.#pulls ?? []) {
      if (this.#error === undefined) pull.settle(undefined);
      else pull.fail(this.#error.error);
    }
    this.#pulls = undefined;
  }

  /** Silently lets go of everybody: nothing is emitted afterwards. */
  silence(): void {
    this.life = 'ended';
    this.consumers = NOBODY;
    this.refresh();
    this.#queue.clear();
    this.time = { now: this.seen };
    this.#dismiss();
    for (const pull of this.#pulls ?? []) pull.settle(undefined);
    this.#pulls = undefined;
  }

  /** A message was taken by pulling: there is room. */
  #taken(item: Clocked<T>): void {
    this.#see(item);
    this.core.room.freed(this);
    if (this.finishing) this.core.settle(this);
  }

  #see(item: Clocked<T>): Clocked<T> {
    this.seen = item[1];
    if (item[0] === null) this.ticked = item[1];
    if (this.#watchers !== undefined) this.#watch(item[1]);
    return item;
  }

  /** To be called after a change of whoever writes here, or listens. */
  refresh(): void {
    const plain = this.consumers.length === 1 && this.#watchers === undefined && this.#forsaken === 0;
    const before = this.direct;
    this.direct = plain && !this.finishing ? this.consumers[0] : undefined;
    this.core.indirect += Number(this.direct === undefined) - Number(before === undefined);
  }

  #watch(ts: Timestamp): void {
    for (const watcher of this.#watchers ?? []) watcher.next(ts);
  }

  /** Gives an item to the first who waits. */
  #hand(item: Clocked<T>): boolean {
    if (this.#pulls === undefined) return false;
    for (const pull of this.#pulls) {
      this.#pulls.delete(pull);
      this.#see(item);
      pull.settle(item);
      return true;
    }
    return false;
  }

  /** A first consumer gets what has waited; each is told the clock before anything new. */
  #welcome(consumer: Consumer<T>): void {
    const first = this.consumers.length === 0;
    const waited = this.#queue.size > 0;
    if (this.life === 'ended') {
      if (this.seen < this.time.now) this.#see([null, this.time.now]);
      this.#tellOne(consumer, this.seen);
      this.#dismiss();
      return this.#bid(consumer);
    }
    this.consumers = [...this.consumers, consumer];
    this.refresh();
    if (!first) return this.#tellOne(consumer, this.seen);
    this.core.ticker.join(this);
    while (this.consumers.length > 0 && this.#queue.size > 0) {
      this.emit(this.shift() as Clocked<T>);
      this.core.room.freed(this);
    }
    if (this.time.now > this.seen) this.tell([null, this.time.now]);
    else if (!waited) this.#tellOne(consumer, this.seen);
    if (this.finishing) this.core.settle(this);
    this.core.room.freed(this);
  }

  #tellOne(consumer: Consumer<T>, ts: Timestamp): void {
    if (ts > this.core.seed) consumer.next([null, ts]);
  }

  #bid(consumer: Pick<Consumer<T>, 'error' | 'complete'>): void {
    if (this.#error === undefined) consumer.complete();
    else consumer.error(this.#error.error);
  }

  #dismiss(): void {
    for (const watcher of this.#watchers ?? []) this.#bid(watcher);
    this.#watchers = undefined;
  }
}

const NOBODY: readonly never[] = [];

/** As RxJS does: whose function threw can't be told, and nobody else shall suffer. */
function reportUnhandled(error: unknown): void {
  setTimeout(() => {
    throw error;
  });
}
