import { ClosedError } from '../errors/life.js';
import { DuplicateNameError } from '../errors/names.js';
import { InvalidOptionError } from '../errors/options.js';
import type { Clocked, Late, LatePolicy, Overflow, SourceErrorPolicy, Timestamp } from '../types.js';
import { Channel } from './channel.js';
import type { Member } from './member.js';
import { DEFAULT_BOUND, count, oneOf } from './options.js';
import type { Merged, ReceiverOptions } from './options.js';
import type { Order, Targets } from './order.js';
import { Room } from './room.js';
import { Ticker } from './ticker.js';
import { EVERYBODY } from './everybody.js';

const OVERFLOWS = ['error', 'drop-oldest', 'drop-newest'] as const;

/**
 * What all modes share: who is there, and one loop that delivers.
 *
 * The loop is the only place that delivers. Whatever a handler does meanwhile (send, complete, join) waits for the
 * message that is being delivered.
 */
export class Core<T> {
  readonly seed: Timestamp;
  readonly maxWaiting: number;
  readonly sourceError: SourceErrorPolicy;
  readonly ticker: Ticker<T>;
  readonly room: Room<T> = new Room(this);
  /** Everything up to here has been delivered, so that channels may tell it. */
  readonly time: { now: Timestamp };
  /** Told of late messages. */
  onLate: ((late: Late<T>) => void) | undefined;
  latePolicy: LatePolicy = 'error';
  /** How it orders; an order that is made for a core takes this place. */
  order!: Order<T>;
  busy = false;
  /** Whether there may be something to do for the loop. */
  stirred = false;
  closed = false;
  readonly channels: Map<string, Channel<T>> = new Map();
  /** The channels that are there, in the order in which they joined; a change during delivery makes a new list. */
  everybody: Channel<T>[] = [];
  /** How many of them can't be told directly. */
  indirect = 0;
  readonly members: Map<string, Member<T>> = new Map();
  /** Members, and others that keep all receivers open, that write to everybody. */
  broadcasters = 0;
  late = 0;
  duplicates = 0;
  refused = 0;
  readonly #options: Merged<T>;
  readonly #bound: number;
  readonly #overflowPolicy: Overflow;
  /** Channels that may have come to their end. */
  readonly #ending: Channel<T>[] = [];
  /** Names of receivers that have left, so that a route to one of them is told from a mistake. Bounded. */
  readonly #departed = new Set<string>();

  constructor(options: Merged<T>) {
    this.#options = options;
    this.seed = count('seed', options.seed, 0, 0, false);
    this.time = { now: this.seed };
    this.#bound = count('bound', options.bound, DEFAULT_BOUND);
    this.#overflowPolicy = oneOf('overflow', options.overflow, OVERFLOWS);
    this.maxWaiting = count('maxWaiting', options.maxWaiting, DEFAULT_BOUND);
    this.sourceError = oneOf('sourceError', options.sourceError, ['error', 'complete']);
    const ticks = options.ticks ?? 'each';
    if (ticks !== 'each' && typeof ticks.schedule !== 'function') {
      throw new InvalidOptionError('ticks', ticks, "'each' or a scheduler");
    }
    this.ticker = new Ticker(this, ticks === 'each' ? undefined : ticks);
  }

  // -- who is there

  openChannel(name: string, options: ReceiverOptions<T> = {}): Channel<T> {
    if (this.closed) throw new ClosedError('dispatcher', name);
    if (this.channels.has(name)) throw new DuplicateNameError('receiver', name);
    const channel = new Channel(
      this,
      name,
      count('bound', options.bound, this.#bound),
      options.overflow === undefined ? this.#overflowPolicy : oneOf('overflow', options.overflow, OVERFLOWS),
      options.onDrop ?? this.#options.onDrop,
    );
    channel.time = this.order.open(channel);
    channel.fed = this.broadcasters > 0;
    this.channels.set(name, channel);
    this.indirect++;
    this.everybody = this.busy ? [...this.everybody, channel] : (this.everybody.push(channel), this.everybody);
    this.room.admit(channel);
    return channel;
  }

  /** The channel has ended. */
  left(channel: Channel<T>): void {
    this.channels.delete(channel.name);
    this.#departed.delete(channel.name);
    this.#departed.add(channel.name);
    if (this.#departed.size > DEFAULT_BOUND) this.#departed.delete(this.#departed.values().next().value as string);
    this.everybody = this.everybody.filter((other) => other !== channel);
    this.indirect--;
    this.ticker.leave(channel);
    this.order.close(channel);
    this.room.freed(channel);
    channel.waiters = undefined;
  }

  channelsOf(targets: Targets<T>): Targets<T> {
    return targets === EVERYBODY ? this.everybody : targets;
  }

  /** Whether all of them can be told directly. */
  areDirect(channels: Targets<T>): boolean {
    if (channels === this.everybody) return this.indirect === 0;
    return channels.every(({ direct }) => direct !== undefined);
  }

  hasDeparted(name: string): boolean {
    return this.#departed.has(name);
  }

  /** So that a clash is found before anything else is done. */
  checkSender(name: string): void {
    if (this.closed) throw new ClosedError('dispatcher', name);
    if (this.members.has(name)) throw new DuplicateNameError('sender', name);
  }

  addMember(member: Member<T>, like?: Member<T>): void {
    this.checkSender(member.name);
    this.members.set(member.name, member);
    if (member.named === undefined) this.keepOpen();
    else {
      for (const channel of member.named) {
        channel.senders++;
        channel.feed();
      }
    }
    this.order.join(member, like);
  }

  removeMember(member: Member<T>): void {
    this.members.delete(member.name);
    for (const waiter of this.room.waiters())
      if (waiter.member === member) waiter.reject(new ClosedError('sender', member.name));
    this.order.leave(member);
    if (member.named === undefined) this.letClose();
    else {
      for (const channel of member.named) {
        channel.senders--;
        this.settle(channel);
      }
    }
    this.run();
  }

  /** No receiver completes until `letClose`. */
  keepOpen(): void {
    this.broadcasters++;
    for (const channel of this.everybody) channel.feed();
  }

  letClose(): void {
    if (--this.broadcasters === 0) for (const channel of [...this.everybody]) this.settle(channel);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.exclusively(() => {
      for (const member of [...this.members.values()]) member.complete();
      for (const channel of [...this.everybody]) channel.drain();
    });
    this.order.stop();
  }

  /** Lets go of everything at once: nothing is emitted afterwards. */
  silence(): void {
    this.closed = true;
    this.order.stop();
    this.ticker.stop();
    for (const waiter of this.room.waiters()) waiter.reject(new ClosedError('dispatcher', waiter.member.name));
    for (const member of this.members.values()) member.closed = true;
    for (const channel of this.everybody) channel.silence();
    this.members.clear();
    this.channels.clear();
    this.everybody = [];
  }

  // -- the loop

  /** Delivers everything that is due, unless that is being done already: then it will be. */
  run(): void {
    this.stirred = true;
    if (this.busy) return;
    this.busy = true;
    try {
      do this.order.drain();
      while (this.#ending.length > 0 ? this.#end() : this.room.waiting > 0 && this.room.retry());
      this.stirred = false;
    } finally {
      this.busy = false;
    }
  }

  /** Does something that emits, so that whatever comes of it waits for its turn. */
  exclusively(work: () => void): void {
    if (this.busy) return work();
    this.busy = true;
    try {
      work();
    } finally {
      this.busy = false;
    }
    this.run();
  }

  /** Delivers one message that was accepted before. */
  release(item: Clocked<T>, targets: Targets<T>): void {
    if (targets.length === 1) return (targets[0] as Channel<T>).arrive(item);
    const channels = this.room.withdraw(targets);
    for (let i = 0; i < channels.length; i++) (channels[i] as Channel<T>).put(item);
  }

  /** Delivers one message to a loop at rest: there is nothing that it could overtake. */
  releaseNow(item: Clocked<T>, channels: Targets<T>): void {
    const { listening } = this.ticker;
    const everybody = channels === this.everybody && this.areDirect(channels);
    this.busy = true;
    try {
      for (let i = 0; i < channels.length; i++) (channels[i] as Channel<T>).put(item);
      // Where everybody has got the message, and nobody has come, nobody is left to be told that time has passed.
      if (everybody && listening === this.ticker.listening) this.time.now = item[1];
      else this.pass(item[1]);
    } finally {
      this.busy = false;
    }
    if (this.stirred) this.run();
  }

  /** `releaseNow` for one channel. */
  releaseTo(channel: Channel<T>, item: Clocked<T>): void {
    this.busy = true;
    try {
      channel.put(item);
      this.pass(item[1]);
    } finally {
      this.busy = false;
    }
    if (this.stirred) this.run();
  }

  /** Everything up to `ts` has been delivered. */
  pass(ts: Timestamp): void {
    this.time.now = ts;
    this.ticker.pass(ts);
  }

  /** The channel ends, if it is empty, as soon as the message that is being delivered is through. */
  settle(channel: Channel<T>): void {
    if (!channel.finishing) return;
    channel.refresh();
    if (channel.load > 0) return;
    this.#ending.push(channel);
    this.run();
  }

  #end(): true {
    const channel = this.#ending.shift() as Channel<T>;
    if (channel.life !== 'ended' && channel.finishing && channel.load === 0) channel.end();
    return true;
  }
}
