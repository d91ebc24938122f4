import type { Effects } from '../effects/effects.js';
import type { Queue } from '../queue/queue.js';
import { Group } from '../structures/group.js';
import type { Clocked, Timestamp } from '../../types.js';
import { ANYBODY } from './consumers.js';
import type { Subscriber } from './consumers.js';
import type { Leases } from './leases.js';
import type { ReceiverProgress } from './receiver-progress.js';

/** What telling subscribers needs of a receiver's endpoint. */
export interface SubscriberSide<T> extends Pick<ReceiverProgress<T>, 'isBehind' | 'now' | 'time' | 'told'> {
  readonly host: { readonly effects: Effects; begin(): void; end(): void };
  readonly queue: Queue<T>;
  readonly leases: Pick<Leases<T>, 'takeBack' | 'taken'>;
  readonly life: 'open' | 'draining' | 'ended';
  readonly failure: object | undefined;
  /** How many messages were ever put into the queue. */
  readonly arrived: number;
  /** A message goes to a consumer for good. */
  taken(item: Clocked<T>): void;
  /** There is room before the message is told, for who waits and for what its handler sends. */
  makeRoom(): void;
  /** Tells one that comes after the end how far time had come, and of the end. */
  endLate(subscriber: Subscriber<T>, clock: Timestamp): void;
  /** Who may be told directly has changed. */
  look(): void;
  /** Somebody has come, or nobody is left. */
  wanted(): void;
  deserted(): void;
  mayEnd(): void;
}

/** Those who are told of everything. Each begins in its turn: with what waited (the first only), then the clock. */
export class Subscribers<T> {
  readonly #side: SubscriberSide<T>;
  readonly #all = new Group<Subscriber<T>>();
  /** Those of them that have been told what waited, or the clock. */
  readonly #active = new Group<Subscriber<T>>();
  /** Those of them that begin when nobody has anything in hand. */
  #deferred: Set<Subscriber<T>> | undefined;
  /** The last timestamp that they were told, since one began. */
  #emitted: Timestamp | undefined;

  constructor(side: SubscriberSide<T>) {
    this.#side = side;
  }

  get isEmpty(): boolean {
    return this.#all.size === 0;
  }

  /** Whether messages go to them: to those that begin later, they don't yet. */
  get takeMessages(): boolean {
    return this.#all.size > (this.#deferred?.size ?? 0);
  }

  /** Whether anybody has begun. */
  get areActive(): boolean {
    return this.#active.size > 0;
  }

  /** The only one, where it has begun. */
  get only(): Subscriber<T> | undefined {
    return this.#all.size === 1 ? this.#active.list[0] : undefined;
  }

  /** `clock`: as it is told to this one. */
  add(subscriber: Subscriber<T>): void {
    // One that is closed before it begins takes nothing.
    if (subscriber.closed === true) return;
    const side = this.#side;
    side.host.begin();
    const { now, arrived } = side;
    this.#all.add(subscriber);
    if (this.#isInHand) this.#defer(subscriber);
    else side.host.effects.call(() => this.#activate(subscriber, now, arrived));
    side.look();
    side.wanted();
    side.host.end();
  }

  delete(subscriber: Subscriber<T>): void {
    if (!this.#all.delete(subscriber)) return;
    const side = this.#side;
    side.host.begin();
    this.#active.delete(subscriber);
    this.#deferred?.delete(subscriber);
    side.look();
    if (this.#all.size === 0) side.deserted();
    side.host.end();
  }

  emit(item: Clocked<T>): void {
    this.#emitted = item[1];
    const { list } = this.#active;
    for (let i = 0; i < list.length; i++) (list[i] as Subscriber<T>).next(item);
  }

  emitTick(tick: Clocked<never>): void {
    this.#side.told(tick[1]);
    this.emit(tick);
  }

  /**
   * Delivers the messages that are among the first `count` that ever arrived, and still readable. False where nobody is
   * left to take anything.
   */
  deliver(count: number): boolean {
    const side = this.#side;
    const { items } = side.queue;
    while (this.#active.size > 0) {
      if (side.arrived - items.size >= count) return true;
      const item = items.shift() as Clocked<T>;
      side.taken(item);
      side.makeRoom();
      this.emit(item);
    }
    return false;
  }

  /** Nobody has anything in hand: those who waited for that begin now. */
  activateDeferred(): void {
    if (this.#deferred === undefined || this.#isInHand) return;
    const { now, arrived, host } = this.#side;
    const deferred = this.#deferred;
    this.#deferred = undefined;
    for (const subscriber of deferred) host.effects.call(() => this.#activate(subscriber, now, arrived));
  }

  /** Those who have begun end; returns them. */
  endActive(): readonly Subscriber<T>[] {
    const { list } = this.#active;
    for (const subscriber of list) this.#all.delete(subscriber);
    this.#active.clear();
    return list;
  }

  clear(): void {
    this.#all.clear();
    this.#active.clear();
    this.#deferred = undefined;
  }

  /** Tells one, in its turn, what waited (the first only), then the clock as it was when it subscribed. */
  #activate(subscriber: Subscriber<T>, clock: Timestamp, count: number): void {
    if (!this.#all.has(subscriber)) return;
    const side = this.#side;
    // What a reader has in hand may come back: until that is known, nothing later is told.
    if (this.#isInHand) {
      this.#defer(subscriber);
      side.deserted();
      return side.host.end();
    }
    if (subscriber.closed === true) return this.delete(subscriber);
    if (side.life === 'ended') {
      this.#all.delete(subscriber);
      return side.endLate(subscriber, clock);
    }
    this.#active.add(subscriber);
    side.look();
    this.#emitted = undefined;
    if (this.#active.size === 1 && (!this.#deliverBack() || !this.deliver(count))) return;
    // An error tells no time.
    if (side.failure === undefined) this.#tellClock(subscriber, clock);
    side.mayEnd();
    side.host.end();
  }

  #tellClock(subscriber: Subscriber<T>, clock: Timestamp): void {
    const side = this.#side;
    if (side.isBehind(clock)) this.emitTick([null, clock]);
    else if (clock > side.time.start && this.#emitted !== clock) subscriber.next([null, clock]);
  }

  /** What a reader has given back comes first. */
  #deliverBack(): boolean {
    const side = this.#side;
    while (this.#active.size > 0) {
      const item = side.queue.unfinished > 0 ? side.leases.takeBack(ANYBODY) : undefined;
      if (item === undefined) return true;
      side.makeRoom();
      this.emit(item);
    }
    return false;
  }

  /** Whether a reader has a message in hand, which may come back. */
  get #isInHand(): boolean {
    return this.#side.queue.unfinished > 0 && this.#side.leases.taken > 0;
  }

  #defer(subscriber: Subscriber<T>): void {
    (this.#deferred ??= new Set()).add(subscriber);
  }
}
