import { OverflowError } from '../errors/capacity.js';
import type { Clocked, DropReason, SendRefusal, Timestamp } from '../types.js';
import type { Channel } from './channel.js';
import type { Core } from './core.js';
import { EVERYBODY } from './everybody.js';
import { Line, behind } from './line.js';
import type { Member } from './member.js';
import type { Targets } from './order.js';
import type { Waiter } from './waiter.js';

/**
 * Who may come in, and who has to wait.
 *
 * A message takes its place at each of its receivers when it is accepted, not when it is released: so release never
 * waits, and what is held for order counts against the bound.
 */
export class Room<T> {
  /** How many calls wait. Each is among the waiters of its channels, in the order in which they were made. */
  waiting = 0;
  /** Those that wait for no channel, but for their turn. */
  readonly unbound: Line<Waiter> = new Line();
  readonly #core: Core<T>;
  /** Messages for everybody that are accepted, but not yet delivered. */
  #broadcasts = 0;

  constructor(core: Core<T>) {
    this.#core = core;
  }

  /** A new channel will get what was sent to everybody and isn't delivered yet, and so will the waiting ones. */
  admit(channel: Channel<T>): void {
    channel.load = this.#broadcasts;
    for (const waiter of this.waiters()) if (waiter.member.everybody) waiter.lineUp((channel.waiters ??= new Line()));
  }

  /** Everybody who waits, each once. */
  waiters(): Iterable<Waiter> {
    if (this.waiting === 0) return [];
    return new Set([...this.#core.everybody.flatMap(({ waiters }) => [...(waiters ?? [])]), ...this.unbound]);
  }

  /** The message has its place at each of its receivers, which it will reach later. */
  reserve(targets: Targets<T>): void {
    const channels = this.#core.channelsOf(targets);
    if (targets === EVERYBODY) this.#broadcasts++;
    for (let i = 0; i < channels.length; i++) (channels[i] as Channel<T>).load++;
  }

  /** The message is no longer on its way. */
  withdraw(targets: Targets<T>): Targets<T> {
    const channels = this.#core.channelsOf(targets);
    if (targets === EVERYBODY) this.#broadcasts--;
    for (let i = 0; i < channels.length; i++) (channels[i] as Channel<T>).load--;
    return channels;
  }

  /** Those of the targets that still take messages; for the others the message is dropped. */
  open(item: Clocked<T>, targets: Targets<T>): Targets<T> {
    const channels = this.#core.channelsOf(targets);
    for (let i = 0; i < channels.length; i++) {
      if ((channels[i] as Channel<T>).life === 'open') continue;
      return channels.filter((channel) => channel.life === 'open' || channel.drop(item, 'no-receiver'));
    }
    return targets;
  }

  /** Room has come up, or a consumer: those who wait for it go on. True where one did. */
  freed(channel: Channel<T>): boolean {
    const { waiters } = channel;
    let admitted = false;
    if (waiters === undefined || waiters.size === 0) return admitted;
    this.#core.exclusively(() => {
      for (let place = waiters.first; place !== undefined; place = behind(place)) {
        if (channel.life === 'open' && !channel.hasRoom && !channel.starving) break;
        admitted = place.item.attempt() || admitted;
      }
    });
    return admitted;
  }

  /** Messages have been delivered: there may be room, or somebody's turn. True where one who waits went on. */
  retry(): boolean {
    let admitted = false;
    const { everybody } = this.#core;
    // Somebody may join or leave meanwhile: that makes a new list.
    for (let i = 0; i < everybody.length; i++) admitted = this.freed(everybody[i] as Channel<T>) || admitted;
    for (const waiter of this.unbound) admitted = waiter.attempt() || admitted;
    return admitted;
  }

  /** Why a message can't be accepted right now. */
  refusal(member: Member<T>, ts: Timestamp, targets: Targets<T>): SendRefusal | undefined {
    const channels = this.#core.channelsOf(targets);
    let open = false;
    for (let i = 0; i < channels.length; i++) {
      const channel = channels[i] as Channel<T>;
      if (channel.life !== 'open') continue;
      open = true;
      if (!this.#admits(member, ts, channel)) return 'full';
    }
    return open ? undefined : 'no-receiver';
  }

  /** Whether the next message of `member`, whatever its timestamp, may find room. */
  welcomes(member: Member<T>, targets: Targets<T>): boolean {
    return this.#core
      .channelsOf(targets)
      .every((channel) => channel.life !== 'open' || this.#admits(member, undefined, channel));
  }

  /** Those of the targets that get the message by `next`. */
  make(member: Member<T>, item: Clocked<T>, targets: Targets<T>): Targets<T> {
    const channels = this.#core.channelsOf(targets);
    for (let i = 0; i < channels.length; i++) {
      const channel = channels[i] as Channel<T>;
      if (channel.life === 'open' && channel.hasRoom) continue;
      return channels.filter((each) => this.takesIn(member, item, each));
    }
    return targets;
  }

  /** Whether the channel gets a message by `next`; where there is no room, the overflow policy decides. */
  takesIn(member: Member<T>, item: Clocked<T>, channel: Channel<T>): boolean {
    if (channel.life !== 'open') return channel.drop(item, 'no-receiver');
    return this.#admits(member, item[1], channel) || this.#overflow(member, item, channel);
  }

  /** The message that everybody waits for is admitted beyond the bound, so that full buffers can't stop the order. */
  #admits(member: Member<T>, ts: Timestamp | undefined, channel: Channel<T>): boolean {
    return channel.hasRoom || (channel.starving && this.#core.order.awaits(member, ts, channel));
  }

  /** `next` found no room: true where the message may take its place after all. */
  #overflow(member: Member<T>, item: Clocked<T>, channel: Channel<T>): boolean {
    if (channel.overflow === 'error') {
      channel.fail(new OverflowError(channel.name, channel.bound, item[1]));
      return channel.drop(item, 'overflow');
    }
    if (channel.overflow === 'drop-oldest') {
      for (;;) {
        const oldest = channel.shift();
        if (oldest !== undefined) channel.drop(oldest, 'drop-oldest');
        else if (!this.#core.order.evict(channel, member)) break;
        if (this.#admits(member, item[1], channel)) return true;
      }
    }
    return channel.drop(item, 'drop-newest');
  }

  dropAll(item: Clocked<T>, targets: Targets<T>, reason: DropReason): void {
    for (const channel of this.#core.channelsOf(targets)) channel.drop(item, reason);
  }
}
