import { GapError } from '../errors.js';
import type { Clocked, ForwardRefusal, Gap, GapPolicy, Timestamp } from '../types.js';
import type { Channel, Time } from './channel.js';
import type { Core } from './core.js';
import type { Forwarder } from './forwarder.js';
import type { ForwardingOrder, Targets } from './order.js';
import type { Scheduler } from './scheduler.js';

/**
 * Forwarding by sequence: the message after the last one goes out at once, and with it every consecutive one that waits.
 *
 * What waits lies in a ring with one slot for each timestamp of the window, so that every step is O(1).
 */
export class SequenceOrder<T> implements ForwardingOrder<T> {
  held = 0;
  heldMost = 0;
  clock: Timestamp;
  skipped = 0;
  onGap: ((gap: Gap) => void) | undefined;
  readonly unique = true;
  readonly gapless: boolean = false;
  readonly strict = true;
  readonly window: number;
  readonly plain = true;
  readonly #core: Core<T>;
  readonly #gap: GapPolicy;
  readonly #skipAfter: number | undefined;
  readonly #scheduler: Scheduler;
  /** The slots, and for each what else is to be known of its message. Their number is a power of two. */
  #items: (Clocked<T> | undefined)[] = [undefined];
  /** `undefined` for a tick, which fills its place like a message. */
  #targets: (Targets<T> | undefined)[] = [undefined];
  #members: (Forwarder<T> | undefined)[] = [undefined];
  /** When it came, where gaps are given up after a time. */
  #since: number[] = [];
  #mask = 0;
  /** Slots in use. */
  #filled = 0;
  /** The gap that the clock stands at, once it is known. */
  #open: Gap | undefined;
  #timer: { unsubscribe(): void } | undefined;
  /** The gaps that were given up last: what comes for them is late, not repeated. */
  readonly #given: Gap[] = [];

  constructor(core: Core<T>, window: number, gap: GapPolicy, scheduler: Scheduler) {
    this.#core = core;
    this.clock = core.seed;
    this.window = window;
    this.#gap = gap;
    this.#skipAfter = typeof gap === 'object' ? gap.skipAfter : undefined;
    this.#scheduler = scheduler;
  }

  // -- what comes in

  judge(_member: Forwarder<T>, ts: Timestamp): ForwardRefusal | undefined {
    if (ts <= this.clock) return this.#given.some(({ from, to }) => from <= ts && ts <= to) ? 'late' : 'duplicate';
    if (ts > this.clock + this.window) return 'full';
    return this.#at(ts) === undefined ? undefined : 'duplicate';
  }

  awaits(_member: Forwarder<T>, ts: Timestamp | undefined): boolean {
    return ts === undefined || ts === this.clock + 1;
  }

  insert(member: Forwarder<T>, item: Clocked<T>, targets: Targets<T>): void {
    this.#core.room.reserve(targets);
    member.held++;
    this.held++;
    this.#fill(item, targets, member);
  }

  tick(member: Forwarder<T>, item: Clocked<T>): ForwardRefusal | undefined {
    const refusal = this.judge(member, item[1]);
    if (refusal === undefined) this.#fill(item, undefined, member);
    return refusal;
  }

  hear(): void {}

  evict(channel: Channel<T>): boolean {
    for (let ts = this.clock + 1; ts <= this.clock + this.#items.length; ts++) {
      const item = this.#at(ts);
      const slot = ts & this.#mask;
      if (item === undefined || this.#targets[slot] !== channel.alone) continue;
      this.#items[slot] = [null, ts];
      this.#forget(slot);
      channel.load--;
      channel.drop(item, 'drop-oldest');
      return true;
    }
    return false;
  }

  /** Gives up so many missing timestamps that `ts` comes into the window; false where that can't be done just now. */
  makeWay(ts: Timestamp): boolean {
    while (!this.#core.busy && ts > this.clock + this.window) {
      const to = this.#filled > 0 ? this.#findGap().to : Infinity;
      this.#giveUp(Math.min(to, ts - this.window));
      this.#core.run();
    }
    return ts <= this.clock + this.window;
  }

  takeNext(member: Forwarder<T>, item: Clocked<T>, channel: Channel<T>): boolean {
    const ts = item[1];
    if (!(ts > this.clock && ts <= this.clock + this.window && Number.isSafeInteger(ts))) return false;
    if (channel.life !== 'open' || !channel.hasRoom || item[0] === null || this.#at(ts) !== undefined) return false;
    if (ts === this.clock + 1 && !this.#core.busy && this.#skipAfter === undefined) {
      this.clock = ts;
      this.#core.releaseNow(item, channel.alone);
      if (this.#filled > 0) this.#core.run();
      return true;
    }
    channel.load++;
    member.held++;
    this.held++;
    this.#fill(item, channel.alone, member);
    return true;
  }

  #fill(item: Clocked<T>, targets: Targets<T> | undefined, member: Forwarder<T>): void {
    const ts = item[1];
    if (ts - this.clock > this.#items.length) this.#grow(ts - this.clock);
    const slot = ts & this.#mask;
    this.#items[slot] = item;
    this.#targets[slot] = targets;
    this.#members[slot] = member;
    if (this.#skipAfter !== undefined) this.#since[slot] = this.#scheduler.now();
    this.#filled++;
    // Behind a gap there is nothing to do, unless somebody is to be told of the gap.
    if (ts === this.clock + 1 || this.#skipAfter !== undefined || this.onGap !== undefined) this.#core.run();
    if (this.held > this.heldMost) this.heldMost = this.held;
  }

  /** The message of the slot has left the buffer. */
  #forget(slot: number): void {
    this.held--;
    (this.#members[slot] as Forwarder<T>).held--;
    this.#targets[slot] = undefined;
  }

  #at(ts: Timestamp): Clocked<T> | undefined {
    const item = this.#items[ts & this.#mask];
    return item?.[1] === ts ? item : undefined;
  }

  #grow(span: number): void {
    const mask = 2 ** Math.max(4, Math.ceil(Math.log2(span))) - 1;
    const spread = <V>(old: V[], empty: V): V[] => {
      const slots = new Array<V>(mask + 1).fill(empty);
      this.#items.forEach((item, slot) => {
        if (item !== undefined) slots[item[1] & mask] = old[slot] as V;
      });
      return slots;
    };
    this.#targets = spread(this.#targets, undefined);
    this.#members = spread(this.#members, undefined);
    if (this.#skipAfter !== undefined) this.#since = spread(this.#since, 0);
    this.#items = spread(this.#items, undefined);
    this.#mask = mask;
  }

  // -- what goes out

  drain(): void {
    while (this.#step());
  }

  #step(): boolean {
    const item = this.#at(this.clock + 1);
    if (item === undefined) return this.#filled > 0 && this.#standAtGap();
    this.clock++;
    const slot = this.clock & this.#mask;
    const targets = this.#targets[slot];
    this.#items[slot] = undefined;
    if (--this.#filled === 0) this.stop();
    if (targets !== undefined) {
      this.#forget(slot);
      this.#core.release(item, targets);
    }
    this.#core.pass(this.clock);
    return true;
  }

  /** The next message is missing while later ones wait. True where it is given up, so that there is more to do. */
  #standAtGap(): boolean {
    const over = this.#core.members.size === 0 && this.#core.broadcasters === 0;
    if (!over && this.#skipAfter === undefined && this.onGap === undefined) return false;
    if (this.#open === undefined || this.clock >= this.#open.to) {
      this.#open = this.#findGap();
      if (this.#skipAfter === undefined) this.onGap?.(this.#open);
      else this.#timer ??= this.#wakeFor(this.#open);
    }
    if (over) this.#giveUp(this.#open.to);
    return over;
  }

  #findGap(): Gap {
    let to = this.clock + 1;
    while (this.#at(to + 1) === undefined) to++;
    return { from: this.clock + 1, to };
  }

  /** What is missing up to `to` isn't waited for any longer. */
  #giveUp(to: Timestamp): void {
    const gap = { from: this.clock + 1, to };
    if (this.#gap === 'error') return this.#fail(new GapError(gap.from, gap.to));
    if (this.#skipAfter !== undefined) this.onGap?.(gap);
    this.skipped += gap.to - gap.from + 1;
    this.#given.push(gap);
    if (this.#given.length > this.window) this.#given.shift();
    this.clock = gap.to;
  }

  /** Everybody fails at the gap: what waits behind it is out of order for good. */
  #fail(error: GapError): void {
    this.#items.forEach((item, slot) => {
      const targets = this.#targets[slot];
      if (item === undefined || targets === undefined) return;
      this.#forget(slot);
      for (const channel of this.#core.room.withdraw(targets)) channel.drop(item, 'gap');
    });
    this.#items.fill(undefined);
    this.#filled = 0;
    for (const channel of [...this.#core.everybody]) channel.fail(error);
  }

  #wakeFor(gap: Gap): { unsubscribe(): void } {
    return this.#scheduler.schedule(
      () => {
        this.#timer = undefined;
        this.#check();
      },
      Math.max(0, this.#due(gap) - this.#scheduler.now()),
    );
  }

  /** When the message behind the gap has waited long enough. */
  #due(gap: Gap): number {
    return (this.#since[(gap.to + 1) & this.#mask] as number) + (this.#skipAfter as number);
  }

  #check(): void {
    while (this.#filled > 0) {
      const gap = this.#findGap();
      if (this.#due(gap) > this.#scheduler.now()) {
        this.#timer ??= this.#wakeFor(gap);
        return;
      }
      this.#giveUp(gap.to);
      this.#core.run();
    }
  }

  // -- who is there

  join(): void {}

  leave(): void {}

  open(): Time {
    return this.#core.time;
  }

  close(): void {}

  stop(): void {
    this.#timer?.unsubscribe();
    this.#timer = undefined;
  }
}
