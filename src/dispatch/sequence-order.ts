import { GapError } from '../errors/gaps.js';
import type { Clocked, ForwardRefusal, Gap, GapPolicy, Timestamp } from '../types.js';
import type { Channel, Time } from './channel.js';
import type { Core } from './core.js';
import type { ForwardMember } from './forward-member.js';
import type { ForwardingOrder, Targets } from './order.js';
import type { Scheduler } from './scheduler.js';
import { Slots, originOf } from './slots.js';

/**
 * Forwarding by sequence: the message after the last one goes out at once, and with it every consecutive one that waits.
 */
export class SequenceOrder<T> implements ForwardingOrder<T> {
  readonly core: Core<T>;
  heldMost = 0;
  clock: Timestamp;
  skipped = 0;
  readonly unique = true;
  readonly gapless: boolean = false;
  readonly strict = true;
  readonly window: number;
  readonly plain: boolean;
  readonly #gap: GapPolicy;
  readonly #skipAfter: number | undefined;
  readonly #scheduler: Scheduler;
  /** What waits, ticks included: they fill their place like messages. */
  readonly #slots = new Slots<T>();
  #ticks = 0;
  #onGap: ((gap: Gap) => void) | undefined;
  /** Whether it matters that the clock stands at a gap: somebody is told, or it is given up after a time. */
  #watched: boolean;
  /** The gap that the clock stands at, once it is known. */
  #open: Gap | undefined;
  #timer: { unsubscribe(): void } | undefined;
  /** The gaps that were given up last: what comes for them is late, not repeated. */
  readonly #given: Gap[] = [];

  constructor(core: Core<T>, window: number, gap: GapPolicy, scheduler: Scheduler) {
    this.core = core;
    core.order = this;
    this.clock = core.seed;
    this.window = window;
    this.#gap = gap;
    this.#skipAfter = typeof gap === 'object' ? gap.skipAfter : undefined;
    this.plain = this.#skipAfter === undefined;
    this.#watched = !this.plain;
    this.#scheduler = scheduler;
  }

  get held(): number {
    return this.#slots.size - this.#ticks;
  }

  /** Tells of gaps from now on. */
  watch(onGap: (gap: Gap) => void): void {
    this.#onGap = onGap;
    this.#watched = true;
  }

  /** Messages of one source that wait for their turn. */
  heldOf(member: ForwardMember<T>): number {
    let count = 0;
    for (const [, ts] of this.#messages()) if (this.#slots.origin(ts).member === member) count++;
    return count;
  }

  // -- what comes in

  judge(_member: ForwardMember<T>, ts: Timestamp): ForwardRefusal | undefined {
    if (ts <= this.clock) return this.#given.some(({ from, to }) => from <= ts && ts <= to) ? 'late' : 'duplicate';
    if (ts > this.clock + this.window) return 'full';
    return this.#slots.at(ts) === undefined ? undefined : 'duplicate';
  }

  awaits(_member: ForwardMember<T>, ts: Timestamp | undefined): boolean {
    return ts === undefined || ts === this.clock + 1;
  }

  insert(member: ForwardMember<T>, item: Clocked<T>, targets: Targets<T>): void {
    this.core.room.reserve(targets);
    this.#fill(item, member, targets);
  }

  tick(member: ForwardMember<T>, item: Clocked<T>): ForwardRefusal | undefined {
    const refusal = this.judge(member, item[1]);
    if (refusal !== undefined) return refusal;
    this.#ticks++;
    this.#fill(item, member, member.origin.targets);
    return undefined;
  }

  hear(): void {}

  evict(channel: Channel<T>): boolean {
    for (const item of this.#messages()) {
      if (this.#slots.origin(item[1]).targets !== channel.alone) continue;
      this.#slots.replace([null, item[1]]);
      this.#ticks++;
      channel.load--;
      channel.drop(item, 'drop-oldest');
      return true;
    }
    return false;
  }

  /** Gives up so many missing timestamps that `ts` comes into the window; false where that can't be done just now. */
  makeWay(ts: Timestamp): boolean {
    while (!this.core.busy && ts > this.clock + this.window) {
      const to = this.#slots.size > 0 ? this.#findGap().to : Infinity;
      this.#giveUp(Math.min(to, ts - this.window));
      this.core.run();
      // Everybody has failed at the gap: the clock stays there for good.
      if (this.#gap === 'error') return false;
    }
    return ts <= this.clock + this.window;
  }

  takeNext(member: ForwardMember<T>, item: Clocked<T>, channel: Channel<T>): boolean {
    const ts = item[1];
    if (!Number.isSafeInteger(ts) || item[0] === null) return false;
    const ahead = ts - this.clock;
    if (ahead <= 0 || ahead > this.window || channel.life !== 'open' || channel.load >= channel.bound) return false;
    if (ahead === 1 && !this.core.busy) {
      this.clock = ts;
      this.core.releaseNow(item, channel.alone);
      if (this.#slots.size > 0) this.core.run();
      return true;
    }
    if (!this.#slots.fill(item, member.origin, ahead)) return false;
    channel.load++;
    this.#stir(ahead);
    return true;
  }

  /** What waits, without the ticks. */
  *#messages(): Generator<Clocked<T>> {
    for (const item of this.#slots.inOrder(this.clock + 1)) if (item[0] !== null) yield item;
  }

  #fill(item: Clocked<T>, member: ForwardMember<T>, targets: Targets<T>): void {
    const usual = this.plain && targets === member.origin.targets;
    const origin = usual ? member.origin : originOf(member, targets, this.#scheduler.now());
    const ahead = item[1] - this.clock;
    this.#slots.fill(item, origin, ahead);
    this.#stir(ahead);
  }

  /** A slot has been filled, so many after the clock. */
  #stir(ahead: number): void {
    // Behind a gap there is nothing to do, unless somebody is to be told of the gap.
    if (ahead === 1 || this.#watched) this.core.run();
    const { held } = this;
    if (held > this.heldMost) this.heldMost = held;
  }

  // -- what goes out

  drain(): void {
    for (;;) {
      const ts = this.clock + 1;
      const item = this.#slots.take(ts);
      if (item === undefined) {
        if (this.#slots.size > 0 && this.#standAtGap()) continue;
        return;
      }
      this.clock = ts;
      if (this.#timer !== undefined && this.#slots.size === 0) this.stop();
      if (item[0] === null) this.#ticks--;
      else {
        const { only, targets } = this.#slots.origin(ts);
        if (only === undefined) this.core.release(item, targets);
        else only.arrive(item);
      }
      this.core.pass(ts);
    }
  }

  /** The next message is missing while later ones wait. True where it is given up, so that there is more to do. */
  #standAtGap(): boolean {
    const over = this.core.members.size === 0 && this.core.broadcasters === 0;
    if (!over && !this.#watched) return false;
    if (this.#open === undefined || this.clock >= this.#open.to) {
      this.#open = this.#findGap();
      if (this.#skipAfter === undefined) this.#onGap?.(this.#open);
      else this.#timer ??= this.#wakeFor(this.#open);
    }
    if (over) this.#giveUp(this.#open.to);
    return over;
  }

  #findGap(): Gap {
    return { from: this.clock + 1, to: this.#slots.from(this.clock + 2) - 1 };
  }

  /** What is missing up to `to` isn't waited for any longer. */
  #giveUp(to: Timestamp): void {
    const gap = { from: this.clock + 1, to };
    if (this.#gap === 'error') return this.#fail(new GapError(gap.from, gap.to));
    if (this.#skipAfter !== undefined) this.#onGap?.(gap);
    this.skipped += gap.to - gap.from + 1;
    this.#given.push(gap);
    if (this.#given.length > this.window) this.#given.shift();
    this.clock = gap.to;
  }

  /** Everybody fails at the gap: what waits behind it is out of order for good. */
  #fail(error: GapError): void {
    const lost = [...this.#messages()].map((item) => ({ item, targets: this.#slots.origin(item[1]).targets }));
    this.#slots.clear();
    this.#ticks = 0;
    const channels = [...this.core.everybody];
    // Before anything is reported: whoever is told may send, and that must find nobody who takes it.
    for (const channel of channels) channel.fail(error);
    for (const { item, targets } of lost) {
      for (const channel of this.core.room.withdraw(targets)) channel.drop(item, 'gap');
    }
    for (const channel of channels) this.core.settle(channel);
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
    return this.#slots.origin(gap.to + 1).since + (this.#skipAfter as number);
  }

  #check(): void {
    while (this.#slots.size > 0) {
      const gap = this.#findGap();
      if (this.#due(gap) > this.#scheduler.now()) {
        this.#timer ??= this.#wakeFor(gap);
        return;
      }
      this.#giveUp(gap.to);
      this.core.run();
    }
  }

  // -- who is there

  join(): void {}

  leave(): void {}

  open(): Time {
    return this.core.time;
  }

  close(): void {}

  stop(): void {
    this.#timer?.unsubscribe();
    this.#timer = undefined;
  }
}
