import type { Effect } from '../effects/effects.js';
import { Waiters } from '../admission/waiters.js';
import type { TickListener } from '../notify/ticks.js';
import type { Queue } from '../queue/queue.js';
import type { Clocked, Drop, DropReason, Timestamp } from '../../types.js';
import type { Subscriber } from './consumers.js';
import { Ending } from './ending.js';
import type { EndingSide, Life } from './ending.js';
import type { Host } from './host.js';
import { Leases } from './leases.js';
import type { LeaseSide } from './leases.js';
import { Pulls } from './pulls.js';
import type { PullSide } from './pulls.js';
import { ReceiverProgress } from './receiver-progress.js';
import { Subscribers } from './subscribers.js';
import type { SubscriberSide } from './subscribers.js';

/**
 * The dispatcher's side of a receiver: what comes in, what its consumers are told, and how far time has passed here.
 *
 * Its parts own the rest, and exist once somebody needs them: subscribers, those who pull, what they have not finished,
 * and who follows the clock.
 */
export class Endpoint<T>
  extends ReceiverProgress<T>
  implements Effect<number>, TickListener, PullSide<T>, LeaseSide<T>, SubscriberSide<T>, EndingSide
{
  // What every message touches comes first.
  /** The only subscriber, where nothing but a message or a tick can be due: it may be told directly. */
  direct: Subscriber<T> | undefined;
  delivered = 0;
  /** How many messages were ever put into its queue. */
  arrived = 0;
  readonly queue: Queue<T>;
  readonly name: string;
  /** Receivers are numbered as they join. */
  readonly joined: number;
  dropped = 0;
  /** Senders that write here by name. */
  writers = 0;
  /** Whether anybody ever wrote here: without, it does not complete for want of them. */
  written = false;
  /** `send` and `forward` calls that wait for room here, for `maxWaiting`. */
  waiting = 0;
  readonly host: Host<Endpoint<T>>;
  readonly ending: Ending = new Ending(this);
  readonly #onDrop: ((drop: Drop<T>) => void) | undefined;
  #subscribers: Subscribers<T> | undefined;
  #pulls: Pulls<T> | undefined;
  #leases: Leases<T> | undefined;
  #waiters: Waiters | undefined;
  /** A readable message was dropped: its subscribers have yet to be told of its timestamp. */
  #droppedAt: Timestamp | undefined;

  constructor(
    host: Host<Endpoint<T>>,
    name: string,
    joined: number,
    queue: Queue<T>,
    onDrop: ((drop: Drop<T>) => void) | undefined,
  ) {
    super();
    this.host = host;
    this.name = name;
    this.joined = joined;
    this.queue = queue;
    this.#onDrop = onDrop;
  }

  // -- its parts

  get subscribers(): Subscribers<T> {
    return (this.#subscribers ??= new Subscribers(this));
  }

  get pulls(): Pulls<T> {
    return (this.#pulls ??= new Pulls(this));
  }

  get leases(): Leases<T> {
    return (this.#leases ??= new Leases(this));
  }

  /** Calls that wait for room here. */
  get waiters(): Waiters {
    return (this.#waiters ??= new Waiters(() => this.life !== 'open' || this.hasRoom));
  }

  get hasWaiters(): boolean {
    return this.#waiters !== undefined && this.#waiters.size > 0;
  }

  // -- what is known of it

  /** With bound 0 there is room only for what a consumer waits for, whatever other consumers have in hand. */
  get hasRoom(): boolean {
    return this.hasRoomWithout(0);
  }

  /** Whether there is room once so many of its messages are gone. */
  hasRoomWithout(count: number): boolean {
    const { queue } = this;
    const load = queue.load - count;
    return queue.bound > 0 ? load < queue.bound : load - queue.unfinished < this.#demand;
  }

  /** Whether somebody would take the next message, but none is readable. */
  get isStarved(): boolean {
    const { items, unfinished, bound } = this.queue;
    return items.size === 0 && unfinished === 0 && (bound > 0 || this.#demand > 0);
  }

  get #demand(): number {
    return this.hasSubscribers ? 1 : (this.#pulls?.size ?? 0);
  }

  /** Whether messages go to subscribers. */
  get hasSubscribers(): boolean {
    return this.#subscribers?.takeMessages === true;
  }

  get life(): Life {
    return this.ending.life;
  }

  get failure(): { readonly error: unknown } | undefined {
    return this.ending.failure;
  }

  /** Whether nothing will come here any more. */
  get closed(): boolean {
    return this.life === 'ended' && !this.isBehind(this.now);
  }

  get isEmpty(): boolean {
    return this.queue.items.size === 0 && this.queue.promised === 0;
  }

  get holds(): boolean {
    return this.queue.held > 0;
  }

  get isUnwritten(): boolean {
    return !this.queue.isExpecting && this.host.isUnwritten(this);
  }

  get isOver(): boolean {
    return this.ending.isOver;
  }

  // -- messages in

  /** Takes a message in; whoever waits for it is told in its turn. */
  place(item: Clocked<T>): void {
    if (this.put(item)) this.host.effects.extend(this, this.arrived);
  }

  /** Takes a message in: true where its subscribers are to be told. */
  put(item: Clocked<T>): boolean {
    if (this.life === 'ended') return false;
    const { hasSubscribers } = this;
    if (!hasSubscribers && this.#pulls !== undefined && this.#pulls.offer(item)) return false;
    this.queue.items.push(item);
    this.arrived++;
    return hasSubscribers;
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
    this.see(item[1]);
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
    if (this.direct !== undefined && !this.hasWaiters && this.arrived - items.size === count - 1) {
      // What nearly every message is: the next one, for a single subscriber. Whoever waits might end the receiver.
      this.tell(items.shift() as Clocked<T>);
    } else if (!this.subscribers.deliver(count)) return;
    if (this.#droppedAt !== undefined) this.#tellDropped(this.#droppedAt);
    if (items.size === 0 && (this.life !== 'open' || this.writers === 0)) this.mayEnd();
  }

  /** A message that was dropped meanwhile keeps its timestamp. */
  #tellDropped(ts: Timestamp): void {
    this.#droppedAt = undefined;
    const next = this.queue.items.peek();
    if (this.isBehind(ts) && (next === undefined || next[1] > ts)) this.subscribers.emitTick([null, ts]);
  }

  tick(tick: Clocked<never>): void {
    const ts = tick[1];
    if (this.direct !== undefined) {
      if (!this.isDoneBefore(ts)) return;
      this.see(ts);
      this.direct.next(tick);
    } else if (!this.isBehind(ts)) return;
    else if (this.#subscribers?.areActive === true) this.#subscribers.emitTick(tick);
    else if (!this.hasSubscribers) this.#pulls?.tick(tick);
  }

  /** A message goes to a consumer for good. */
  taken(item: Clocked<T>): void {
    this.delivered++;
    this.told(item[1]);
  }

  // -- consumers come and go

  /** Somebody waits for the next item. */
  wanted(): void {
    if (this.life !== 'ended') this.host.listen(this);
    this.host.freed(this);
  }

  /** Nobody waits for the next item any more. */
  unwanted(): void {
    if (this.#subscribers?.isEmpty !== false) this.host.unlisten(this);
  }

  /** The last subscriber has left, or begins later: those who pull go on. */
  deserted(): void {
    this.#pulls?.resume();
    if (this.#subscribers?.isEmpty === false) return;
    if (this.#pulls === undefined || this.#pulls.size === 0) this.host.unlisten(this);
    this.madeRoom();
  }

  /** To be called when anything changes that decides who may be told directly. */
  look(): void {
    const isPlain = this.life === 'open' && !this.isWatched && this.queue.unfinished === 0;
    this.direct = isPlain ? this.#subscribers?.only : undefined;
  }

  makeRoom(): void {
    this.host.freed(this);
    this.host.end();
  }

  madeRoom(): void {
    this.host.freed(this);
    this.mayEnd();
  }

  // -- messages that were taken come to an end

  finished(): void {
    this.#subscribers?.activateDeferred();
    this.madeRoom();
  }

  givenBack(): void {
    this.#subscribers?.activateDeferred();
    this.#pulls?.resume();
    this.mayEnd();
  }

  finishLeases(): boolean {
    if (this.queue.unfinished === 0) return true;
    if (this.life === 'draining') this.#pulls?.endLeases();
    if (this.leases.taken > 0 || this.#subscribers?.areActive !== true) return false;
    // For those who read it is the past.
    for (const item of this.leases.clear()) this.drop(item, 'closed');
    return true;
  }

  // -- the end

  mayEnd(): void {
    this.ending.consider();
  }

  drained(): void {
    this.look();
    this.host.drained(this);
    this.host.freed(this);
  }

  /** Ends now, whatever is left. */
  close(): void {
    if (this.life === 'ended') return;
    this.host.begin();
    const { queue } = this;
    for (const item of this.#leases?.clear() ?? []) this.drop(item, 'closed');
    for (let item = queue.items.shift(); item !== undefined; item = queue.items.shift()) this.drop(item, 'closed');
    const { clock } = this.time;
    if (this.isBehind(clock)) this.move(clock);
    this.ending.close();
    this.host.effects.call(() => this.endForAll());
    this.host.end();
  }

  ended(wasDraining: boolean): void {
    this.look();
    this.host.ended(this, wasDraining);
    this.#pulls?.end(this.now);
  }

  endForAll(): void {
    const subscribers = this.#subscribers;
    if (subscribers !== undefined) {
      if (subscribers.areActive && this.isBehind(this.now)) subscribers.emitTick([null, this.now]);
      for (const subscriber of subscribers.endActive()) this.#endFor(subscriber);
      subscribers.activateDeferred();
      this.host.unlisten(this);
    }
    this.endFollowers();
  }

  endLate(subscriber: Subscriber<T>, clock: Timestamp): void {
    if (this.failure === undefined && this.isBehind(clock)) this.move(clock);
    if (this.clock > this.time.start) subscriber.next([null, this.clock]);
    this.#endFor(subscriber);
  }

  #endFor(subscriber: Subscriber<T>): void {
    if (this.failure === undefined) subscriber.complete();
    else subscriber.error(this.failure.error);
  }

  /** Lets go of everybody at once: nothing is emitted afterwards, and every promise settles. */
  silence(): void {
    this.ending.silence();
    this.#subscribers?.clear();
    this.look();
    this.queue.items.clear();
    this.#leases?.clear();
    this.#pulls?.end(this.clock);
    this.endFollowers();
  }
}
