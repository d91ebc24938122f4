import type { Effect } from '../effects/effects.js';
import { Waiters } from '../admission/waiters.js';
import type { TickListener } from '../notify/ticks.js';
import type { Queue } from '../queue/queue.js';
import { Group } from '../structures/group.js';
import type { ProgressWaiter } from '../../progress/progress.js';
import type { Clocked, Drop, DropReason, Timestamp } from '../../types.js';
import { ClockWatch } from './clock-watch.js';
import type { ClockObserver } from './clock-watch.js';
import { ANYBODY } from './consumers.js';
import type { Subscriber } from './consumers.js';
import type { Host, Time } from './host.js';
import { Leases } from './leases.js';
import { Pulls } from './pulls.js';
import type { PullSide } from './pulls.js';

/** Only moves forward: takes messages, then only delivers what it has, then nothing. */
export type Life = 'open' | 'draining' | 'ended';

/** The dispatcher's side of a receiver: its queue, its consumers, what they were told, and its end. */
export class Endpoint<T> implements Effect<number>, TickListener, PullSide<T> {
  // What every message touches comes first.
  /** The only subscriber, where nothing but a message or a tick can be due: it may be told directly. */
  direct: Subscriber<T> | undefined;
  /** The last timestamp that a consumer was told, once `begun`, and is done with. */
  seen: Timestamp = 0;
  begun = false;
  /** Whether it was told by a tick. */
  ticked = false;
  delivered = 0;
  /** How many messages were ever put into its queue. */
  arrived = 0;
  life: Life = 'open';
  readonly queue: Queue<T>;
  readonly name: string;
  /** Receivers are numbered as they join. */
  readonly joined: number;
  /** Set once, when it joins. */
  time!: Time;
  dropped = 0;
  /** Senders that write here by name. */
  writers = 0;
  /** Whether anybody ever wrote here: without, it does not complete for want of them. */
  written = false;
  /** `send` and `forward` calls that wait for room here, for `maxWaiting`. */
  waiting = 0;
  /** What it ends with once it is empty. */
  failure: { readonly error: unknown } | undefined;
  readonly pulls: Pulls<T>;
  readonly leases: Leases<T> = new Leases();
  readonly host: Host<Endpoint<T>>;
  readonly #onDrop: ((drop: Drop<T>) => void) | undefined;
  readonly #subscribers = new Group<Subscriber<T>>();
  /** Those of them that have been told what waited, or the clock. */
  readonly #active = new Group<Subscriber<T>>();
  #waiters: Waiters | undefined;
  #watch: ClockWatch | undefined;
  /** Subscribers that begin when nobody has anything in hand. */
  readonly #deferred = new Set<Subscriber<T>>();
  #endedAt: Timestamp | undefined;
  /** A readable message was dropped: its subscribers have yet to be told of its timestamp. */
  #droppedAt: Timestamp | undefined;
  /** The last timestamp that subscribers were told, since one began. */
  #emitted: Timestamp | undefined;
  #settledAtEnd: Timestamp = 0;
  /** Whether its end is going to be decided. */
  #isEnding = false;
  /** Whether something that is held comes before its failure. */
  #isPending: (() => boolean) | undefined;

  constructor(
    host: Host<Endpoint<T>>,
    name: string,
    joined: number,
    queue: Queue<T>,
    onDrop: ((drop: Drop<T>) => void) | undefined,
  ) {
    this.host = host;
    this.name = name;
    this.joined = joined;
    this.queue = queue;
    this.#onDrop = onDrop;
    this.pulls = new Pulls(this);
  }

  // -- what is known of it

  /** With bound 0 there is room only for what a consumer waits for, whatever other consumers have in hand. */
  get hasRoom(): boolean {
    const { queue } = this;
    return queue.bound > 0 ? queue.load < queue.bound : queue.load - queue.unfinished < this.#demand;
  }

  /** Whether somebody would take the next message, but none is readable. */
  get isStarved(): boolean {
    const { items, unfinished, bound } = this.queue;
    return items.size === 0 && unfinished === 0 && (bound > 0 || this.#demand > 0);
  }

  /** Calls that wait for room here. */
  get waiters(): Waiters {
    return (this.#waiters ??= new Waiters(() => this.life !== 'open' || this.hasRoom));
  }

  get hasWaiters(): boolean {
    return this.#waiters !== undefined && this.#waiters.size > 0;
  }

  /** Whether messages go to subscribers: to those that begin later, they don't yet. */
  get hasSubscribers(): boolean {
    return this.#subscribers.size > this.#deferred.size;
  }

  get clock(): Timestamp {
    return this.begun ? this.seen : this.time.start;
  }

  /** Nothing at or below follows here: it was told, is settled in the order, and nothing of it waits here. */
  get settled(): Timestamp {
    if (this.#endedAt !== undefined) return this.failure === undefined ? this.#endedAt : this.#settledAtEnd;
    if (!this.begun) return this.time.start;
    const waiting = Math.min(this.queue.items.peek()?.[1] ?? Infinity, this.leases.first);
    return Math.min(this.seen, this.time.settled, waiting - 1);
  }

  /** Whether nothing will come here any more. */
  get closed(): boolean {
    return this.life === 'ended' && !this.isBehind(this.now);
  }

  /** What it may tell of time. */
  get now(): Timestamp {
    return this.#endedAt ?? this.time.clock;
  }

  isBehind(ts: Timestamp): boolean {
    const { begun } = this;
    if (this.leases.count > 0) return this.leases.told < ts;
    return begun ? this.seen < ts : ts > this.time.start;
  }

  get #demand(): number {
    return this.hasSubscribers ? 1 : this.pulls.size;
  }

  // -- messages in

  /** Takes a message in; whoever waits for it is told in its turn. */
  place(item: Clocked<T>): void {
    if (this.put(item)) this.host.effects.extend(this, this.arrived);
  }

  /** Takes a message in: true where its subscribers are to be told. */
  put(item: Clocked<T>): boolean {
    if (this.life === 'ended') return false;
    if (!this.hasSubscribers && this.pulls.size > 0 && this.pulls.offer(item)) return false;
    this.queue.items.push(item);
    this.arrived++;
    return this.hasSubscribers;
  }

  /** Counts and reports a message that does not come here. */
  drop([value, ts]: Clocked<T>, reason: DropReason): void {
    this.dropped++;
    const onDrop = this.#onDrop;
    if (onDrop === undefined) return;
    this.host.effects.call(() => {
      if (!this.host.silent) onDrop({ receiver: this.name, value: value as T, ts, reason });
    });
  }

  /** Drops the oldest readable message; false where there is none. */
  dropOldest(): boolean {
    const oldest = this.queue.items.shift();
    if (oldest === undefined) return false;
    this.#droppedAt = oldest[1];
    this.drop(oldest, 'drop-oldest');
    return true;
  }

  // -- messages out, as effects

  /** The short way, where `direct` is there: it is told. */
  tell(item: Clocked<T>): void {
    this.delivered++;
    this.seen = item[1];
    this.begun = true;
    this.ticked = false;
    (this.direct as Subscriber<T>).next(item);
  }

  run(count: number): void {
    this.deliver(count);
    this.host.end();
  }

  /**
   * Delivers the messages that are among the first `count` that ever arrived here, and still readable; by an effect, which
   * then ends the operation.
   */
  deliver(count: number): void {
    const { items } = this.queue;
    if (this.direct !== undefined && this.arrived - items.size === count - 1) {
      // What nearly every message is: the next one, for a single subscriber.
      const item = items.shift() as Clocked<T>;
      if (this.hasWaiters) this.#makeRoom();
      this.tell(item);
    } else if (!this.#deliver(count)) return;
    if (this.#droppedAt !== undefined) this.#tellDropped(this.#droppedAt);
    if (items.size === 0 && (this.life !== 'open' || this.writers === 0)) this.mayEnd();
  }

  /** A message that was dropped meanwhile keeps its timestamp. */
  #tellDropped(ts: Timestamp): void {
    this.#droppedAt = undefined;
    const next = this.queue.items.peek();
    if (this.isBehind(ts) && (next === undefined || next[1] > ts)) this.#emitTick([null, ts]);
  }

  tick(tick: Clocked<never>): void {
    if (this.direct !== undefined) {
      this.seen = tick[1];
      this.begun = this.ticked = true;
      this.direct.next(tick);
    } else if (this.#active.size > 0) this.#emitTick(tick);
    else if (!this.hasSubscribers) this.pulls.tick(tick);
  }

  /** False where nobody is left to take anything. */
  #deliver(count: number): boolean {
    const { items } = this.queue;
    while (this.#active.size > 0) {
      if (this.arrived - items.size >= count) return true;
      const item = items.shift() as Clocked<T>;
      this.taken(item);
      this.#makeRoom();
      this.#emit(item);
    }
    return false;
  }

  /** There is room before the message is told, for who waits and for what its handler sends. */
  #makeRoom(): void {
    this.host.freed(this);
    this.host.end();
  }

  madeRoom(): void {
    this.host.freed(this);
    this.mayEnd();
  }

  /** Somebody waits for the next item. */
  wanted(): void {
    this.host.listen(this);
    this.host.freed(this);
  }

  /** Nobody waits for the next item any more. */
  unwanted(): void {
    if (this.#subscribers.size === 0) this.host.unlisten(this);
  }

  #emit(item: Clocked<T>): void {
    this.#emitted = item[1];
    const { list } = this.#active;
    for (let i = 0; i < list.length; i++) (list[i] as Subscriber<T>).next(item);
  }

  #emitTick(tick: Clocked<never>): void {
    this.told(tick);
    this.#emit(tick);
  }

  /** A message goes to a consumer for good. */
  taken(item: Clocked<T>): void {
    this.delivered++;
    this.told(item);
  }

  /** A consumer is told of an item; time moves on, unless something before is unfinished. */
  told([value, ts]: Clocked<T>): void {
    if (this.leases.count > 0) {
      if (ts > this.leases.told) this.leases.told = ts;
      return;
    }
    this.#move(ts, value === null);
  }

  #move(ts: Timestamp, ticked: boolean): void {
    // What was given back, for whoever comes next, is no news of time.
    if (this.begun && ts < this.seen) return;
    this.seen = ts;
    this.begun = true;
    this.ticked = ticked;
    this.#watch?.moved(ts, this.settled);
  }

  // -- subscribers

  subscribe(subscriber: Subscriber<T>): void {
    // One that is closed before it begins takes nothing.
    if (subscriber.closed === true) return;
    this.host.begin();
    const clock = this.now;
    this.#subscribers.add(subscriber);
    this.#look();
    this.host.listen(this);
    const { arrived } = this;
    if (this.leases.taken > 0) this.#deferred.add(subscriber);
    else this.host.effects.call(() => this.#activate(subscriber, clock, arrived));
    this.host.freed(this);
    this.host.end();
  }

  unsubscribe(subscriber: Subscriber<T>): void {
    if (!this.#subscribers.delete(subscriber)) return;
    this.host.begin();
    this.#active.delete(subscriber);
    this.#deferred.delete(subscriber);
    this.#look();
    if (this.#subscribers.size === 0) {
      this.pulls.resume();
      if (this.pulls.size === 0) this.host.unlisten(this);
      this.host.freed(this);
      this.mayEnd();
    }
    this.host.end();
  }

  /** Tells a subscriber, in its turn, what waited (the first only), then the clock as it was when it subscribed. */
  #activate(subscriber: Subscriber<T>, clock: Timestamp, count: number): void {
    if (!this.#subscribers.has(subscriber)) return;
    // What a reader has in hand may come back: until that is known, nothing later is told.
    if (this.leases.taken > 0) return this.#defer(subscriber);
    if (subscriber.closed === true) return this.unsubscribe(subscriber);
    if (this.life === 'ended') {
      this.#subscribers.delete(subscriber);
      if (this.failure === undefined && this.isBehind(clock)) this.#move(clock, true);
      if (this.begun && this.seen > this.time.start) subscriber.next([null, this.seen]);
      return this.#endFor(subscriber);
    }
    this.#active.add(subscriber);
    this.#look();
    const first = this.#active.size === 1;
    this.#emitted = undefined;
    if (first && (!this.#deliverBack() || !this.#deliver(count))) return;
    if (this.isBehind(clock)) this.#emitTick([null, clock]);
    else if (clock > this.time.start && !this.#hasEmitted(clock)) subscriber.next([null, clock]);
    this.mayEnd();
    this.host.end();
  }

  #hasEmitted(ts: Timestamp): boolean {
    return this.#emitted === ts;
  }

  #defer(subscriber: Subscriber<T>): void {
    this.#deferred.add(subscriber);
    this.pulls.resume();
    this.host.end();
  }

  /** Nobody has anything in hand: those who waited for that begin now. */
  #activateDeferred(): void {
    if (this.leases.taken > 0 || this.#deferred.size === 0) return;
    const deferred = [...this.#deferred];
    this.#deferred.clear();
    const { now, arrived } = this;
    for (const subscriber of deferred) this.host.effects.call(() => this.#activate(subscriber, now, arrived));
  }

  /** What a reader has given back comes first. False where nobody is left to take it. */
  #deliverBack(): boolean {
    for (;;) {
      if (this.#active.size === 0) return false;
      const item = this.leases.takeBack(ANYBODY);
      if (item === undefined) return true;
      this.finished();
      this.#emit(item);
    }
  }

  /** To be called when anything changes that decides who may be told directly. */
  #look(): void {
    const plain = this.#subscribers.size === 1 && this.#watch === undefined && this.leases.count === 0;
    this.direct = plain && this.life === 'open' ? this.#active.list[0] : undefined;
  }

  // -- messages that are taken and not finished

  /** A reader took a message, and will say when it is done. */
  lease(item: Clocked<T>): void {
    this.leases.take(item, this.clock);
    this.queue.unfinished++;
    this.#look();
  }

  /** A message is finished: it leaves its place, and time may move on. */
  finished(): void {
    this.delivered++;
    this.queue.unfinished--;
    this.#look();
    const { done } = this.leases;
    if (done > this.clock) this.#move(done, false);
    this.#activateDeferred();
    this.host.freed(this);
    this.mayEnd();
  }

  acknowledge(item: Clocked<T>): void {
    this.host.begin();
    if (this.leases.finish(item)) this.finished();
    this.host.end();
  }

  /** These go to the next consumer, in order. */
  giveBack(items: readonly Clocked<T>[]): void {
    this.host.begin();
    for (const item of items) this.leases.giveBack(item);
    this.#activateDeferred();
    this.pulls.resume();
    this.mayEnd();
    this.host.end();
  }

  /** What a consumer was given for good could not be used: it goes to the next one, as if it had not been. */
  putBack(item: Clocked<T>): void {
    if (this.life === 'ended' || item[0] === null) return;
    this.host.begin();
    this.delivered--;
    this.lease(item);
    this.giveBack([item]);
    this.host.end();
  }

  // -- who follows its clock

  observeClock(observer: ClockObserver): () => void {
    this.host.begin();
    const stop = this.#watchClock().observe(observer, this.begun ? this.clock : undefined);
    if (this.life === 'ended') this.host.effects.call(() => this.#endWatch());
    this.host.end();
    return () => {
      stop();
      this.#unwatch();
    };
  }

  whenSettled(ts: Timestamp, waiter: ProgressWaiter): () => void {
    this.host.begin();
    const stop = this.#watchClock().wait(ts, waiter);
    if (ts <= this.settled) this.#watch?.moved(this.clock, this.settled);
    if (this.life === 'ended') this.host.effects.call(() => this.#endWatch());
    this.host.end();
    return () => {
      stop();
      this.#unwatch();
    };
  }

  #watchClock(): ClockWatch {
    if (this.#watch === undefined) {
      this.#watch = new ClockWatch(this.host.effects);
      this.#look();
    }
    return this.#watch;
  }

  #unwatch(): void {
    if (this.#watch?.isEmpty !== true) return;
    this.#watch = undefined;
    this.#look();
  }

  // -- life

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
    this.#look();
    this.host.drained(this);
    this.host.freed(this);
    this.mayEnd();
  }

  /**
   * Ends if there is nothing left to deliver, and nobody left who writes here. That is decided when everything before has
   * been told: a handler may still bring somebody in.
   */
  mayEnd(): void {
    if (this.#isEnding || !this.isOver) return;
    this.#isEnding = true;
    this.host.effects.whenQuiet(() => {
      this.#isEnding = false;
      if (this.isOver && this.#finishLeases()) {
        this.#end(this.failure === undefined ? this.time.clock : this.clock);
        this.#endForAll();
      }
      this.host.end();
    });
  }

  /** Whether nothing is unfinished. */
  #finishLeases(): boolean {
    if (this.queue.unfinished === 0) return true;
    if (this.life === 'draining') this.pulls.endLeases();
    if (this.leases.taken > 0 || this.#active.size === 0) return false;
    // For those who read it is the past.
    this.#dropAll(this.leases.clear().givenBack);
    return true;
  }

  /** Whether nothing comes here any more, but what a reader has taken and not finished. */
  get isOver(): boolean {
    const { life, queue } = this;
    if (life === 'ended' || queue.items.size > 0 || queue.promised > 0) return false;
    return life === 'open' ? !queue.isExpecting && this.host.isUnwritten(this) : !this.#hasPending;
  }

  #dropAll(items: readonly Clocked<T>[]): void {
    this.queue.unfinished -= items.length;
    for (const item of items) this.drop(item, 'closed');
  }

  get #hasPending(): boolean {
    return this.queue.held > 0 && (this.#isPending?.() ?? true);
  }

  /** Ends now, whatever is left. */
  close(): void {
    if (this.life === 'ended') return;
    this.host.begin();
    const { givenBack, taken } = this.leases.clear();
    this.delivered += taken;
    this.queue.unfinished -= taken;
    this.#dropAll(givenBack);
    for (let item = this.queue.items.shift(); item !== undefined; item = this.queue.items.shift()) {
      this.drop(item, 'closed');
    }
    this.failure = undefined;
    const { clock } = this.time;
    if (this.isBehind(clock)) this.#move(clock, true);
    this.#end(clock);
    this.host.effects.call(() => this.#endForAll());
    this.host.end();
  }

  #end(at: Timestamp): void {
    const wasDraining = this.life === 'draining';
    this.#settledAtEnd = this.settled;
    this.life = 'ended';
    this.#endedAt = Math.max(at, this.clock);
    this.#look();
    this.host.ended(this, wasDraining);
    this.pulls.end(this.#endedAt);
  }

  #endForAll(): void {
    if (this.#active.size > 0 && this.isBehind(this.now)) this.#emitTick([null, this.now]);
    const { list } = this.#active;
    for (const subscriber of list) this.#subscribers.delete(subscriber);
    this.#active.clear();
    for (const subscriber of list) this.#endFor(subscriber);
    this.#activateDeferred();
    this.#endWatch();
  }

  #endWatch(): void {
    const { failure } = this;
    this.#watch?.moved(this.clock, this.settled);
    this.#watch?.end(failure === undefined ? { failed: false } : { failed: true, error: failure.error });
    this.#watch = undefined;
  }

  /** Whoever waits for a timestamp here need not wait any longer: its dispatcher is closed. */
  /** More is settled than it was told of by itself. */
  settledMoved(): void {
    this.#watch?.moved(this.clock, this.settled);
  }

  giveUpWaiting(): void {
    this.#watch?.giveUp();
  }

  #endFor(subscriber: Subscriber<T>): void {
    if (this.failure === undefined) subscriber.complete();
    else subscriber.error(this.failure.error);
  }

  /** Lets go of everybody at once: nothing is emitted afterwards, and every promise settles. */
  silence(): void {
    this.#settledAtEnd = this.settled;
    this.life = 'ended';
    this.#endedAt = this.clock;
    this.#subscribers.clear();
    this.#active.clear();
    this.#look();
    this.queue.items.clear();
    this.leases.clear();
    this.#deferred.clear();
    this.pulls.end(this.clock);
    this.#endWatch();
  }
}
