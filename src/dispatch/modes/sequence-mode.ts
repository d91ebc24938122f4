import { Waiters } from '../admission/waiters.js';
import type { Waiting } from '../admission/waiters.js';
import type { Engine, Targets } from '../engine.js';
import { ClockBehindError, GapError } from '../../errors/gaps.js';
import { InvalidTimestampError } from '../../errors/messages.js';
import { without } from '../membership/audience.js';
import type { Participant } from '../membership/membership.js';
import type { HeldMessage } from '../orders/order.js';
import type { SequenceInput } from '../orders/sequence-input.js';
import { SequenceOrder } from '../orders/sequence-order.js';
import type { Endpoint } from '../receivers/endpoint.js';
import type { Time } from '../receivers/host.js';
import type { Held } from '../release/held-places.js';
import type { Scheduler } from '../scheduler.js';
import type { ForwardCall } from '../senders/forward-call.js';
import type { SourceState } from '../stats/snapshot.js';
import type { OrderStats } from '../stats/stats.js';
import { elapsedOn } from '../timing/elapsed.js';
import type { Clocked, LatePolicy, Timestamp } from '../../types.js';
import { CallsByNumber } from './calls-by-number.js';
import { GapWatch } from './gap-watch.js';
import { PulledCalls } from './pulled-calls.js';
import { StampedMode } from './stamped-mode.js';
import type { SourceMember } from './stamped-mode.js';

/** Options of the mode, as they were read. */
export interface SequenceSettings {
  readonly seed: Timestamp | 'first';
  readonly window: number;
  readonly gap: 'wait' | 'error';
  readonly skipAfter: number | undefined;
  readonly late: LatePolicy;
  readonly scheduler: Scheduler;
}

type Input<T> = SequenceInput<Held<T>>;

const NOBODY: readonly never[] = [];

/** By sequence: the next number goes out at once, and with it every consecutive one that waits. */
export class SequenceMode<T> extends StampedMode<T, Input<T>> {
  declare readonly order: SequenceOrder<T, Held<T>>;
  /** The number is the order: calls of one sender may pass each other. */
  readonly inOrder: boolean = false;
  readonly window: number;
  readonly beyond: Waiters = new Waiters((ts) => ts <= this.clock + this.window);
  readonly gaps: GapWatch<T>;
  readonly #calls = new CallsByNumber();
  readonly #pulled = new PulledCalls();
  /** Receivers at which nothing was readable any more, while somebody waited there. */
  readonly #starved = new Set<Endpoint<T>>();
  readonly #failsAtGap: boolean;

  constructor(engine: Engine<T>, settings: SequenceSettings) {
    const { seed, window, gap, skipAfter, late, scheduler } = settings;
    const now = skipAfter === undefined ? undefined : elapsedOn(scheduler);
    super(engine, new SequenceOrder<T, Held<T>>({ seed, window, nothing: NOBODY, now }), late);
    this.window = this.order.window;
    this.#failsAtGap = gap === 'error';
    this.gaps = new GapWatch(this, skipAfter, scheduler, now);
    this.isPlain = skipAfter === undefined;
    engine.admission.awaited = () => this.#awaited();
    engine.admission.blocked = () => this.#endStall();
  }

  protected timeOf(): Time {
    return this.order;
  }

  lateAt(): Targets<T> {
    return NOBODY;
  }

  protected createInput(sender: SourceMember<T>): Input<T> {
    return this.order.join(sender, { usual: sender.writesTo ?? NOBODY });
  }

  protected removeInput(input: Input<T>): void {
    this.order.leave(input);
  }

  setStrict(): void {}

  heard(): void {}

  aheadError(sender: string, _input: Input<T>, ts: Timestamp): Error {
    return new InvalidTimestampError(sender, ts);
  }

  waits(call: ForwardCall<T, Input<T>>, begins: boolean): void {
    if (begins) this.#calls.add(call);
    else this.#calls.delete(call);
    if (!call.isPulled) return;
    if (begins) this.#pulled.add(call);
    else this.#pulled.delete(call);
  }

  override freed(endpoint: Endpoint<T>): void {
    if (endpoint.hasWaiters && endpoint.isStarved) this.#starved.add(endpoint);
  }

  /** Who brings the next number, or may: a pulled source of a receiver that has nothing to read. */
  #awaited(): Iterable<Waiting> {
    const calls: Iterable<Waiting> = this.#calls.at(this.clock + 1);
    if (this.#starved.size === 0) return calls;
    const all = [...calls];
    for (const endpoint of this.#starved) {
      const seeking = endpoint.isStarved ? [...endpoint.waiters.seeking] : [];
      if (seeking.length === 0) this.#starved.delete(endpoint);
      else all.push(...seeking);
    }
    return all;
  }

  // -- what comes in

  /** The very next one, with nothing in its way, goes out as it comes. */
  override append(input: Input<T>, item: Clocked<T>, to: Endpoint<T>): boolean {
    const { engine, order } = this;
    if (item[1] !== order.clock + 1 || to.direct === undefined || !engine.effects.idle) {
      return super.append(input, item, to);
    }
    if (!this.isPlain || engine.admission.waiting > 0 || !order.pass(item)) return super.append(input, item, to);
    engine.accounts.accepted++;
    if (order.isEmpty) this.output.tellNow(item, to);
    else this.output.runShort(item, to);
    return true;
  }

  override count(): void {
    super.count();
    this.gaps.look();
  }

  override release(): void {
    super.release();
    this.engine.admission.freed(this.beyond);
  }

  /** Gives up so many missing numbers that `ts` comes into the window. */
  makeWay(ts: Timestamp): boolean {
    while (ts > this.clock + this.window) {
      const { gap } = this.order;
      const to = Math.min(gap?.to ?? Infinity, ts - this.window);
      if (!this.giveUp(to)) return false;
    }
    return true;
  }

  // -- what is missing

  /** What is missing up to `to` isn't waited for any more. False where everybody fails instead. */
  giveUp(to: Timestamp): boolean {
    const gap = { from: this.clock + 1, to };
    if (this.#failsAtGap) {
      this.#failAt(new GapError(gap.from, gap.to));
      return false;
    }
    this.gaps.givenUp(gap);
    this.order.giveUp(to);
    this.release();
    return true;
  }

  /** Everybody fails at the gap: what waits behind it is out of order for good, and the clock stands. */
  #failAt(error: GapError): void {
    // Before anything is dropped, so that nobody completes for want of it.
    for (const endpoint of this.engine.membership.everybody.list) endpoint.ending.fail(error);
    this.#dropAll(this.order.clear(), 'gap');
  }

  /** Goes on after `ts`; what is held up to there is dropped. */
  skipTo(ts: Timestamp): void {
    if (!Number.isSafeInteger(ts)) throw new InvalidTimestampError('skipTo', ts);
    this.engine.begin();
    if (ts < this.clock) throw new ClockBehindError('skipTo()', ts, this.clock);
    this.#dropAll(this.order.skip(ts), 'skipped');
    this.release();
    this.engine.end();
  }

  /** Goes on with `ts`; what is held up to there, and at `ts`, is dropped. */
  skipBefore(ts: Timestamp): void {
    this.#dropAll(this.order.skipBefore(ts), 'skipped');
  }

  /** Whether all of these have room for a snapshot: what it stands for leaves its places to it. */
  hasRoomAt(ts: Timestamp, targets: Targets<T>): boolean {
    const gone = [...this.order.heldThrough(ts)];
    return this.engine.list(targets).every((to) => {
      if (to.life !== 'open' || to.isStarved) return true;
      return to.hasRoomWithout(gone.filter(({ payload }) => without(payload, to) !== payload).length);
    });
  }

  #dropAll(messages: readonly HeldMessage<T, Held<T>>[], reason: 'gap' | 'skipped'): void {
    for (const message of messages) this.places.dropAll(message, reason);
  }

  /**
   * Where all sources are pulled and wait beyond what is missing, nobody can bring it any more. True where everybody has
   * failed for it.
   */
  #endStall(): boolean {
    const { keptOpen, membership } = this.engine;
    if (keptOpen || this.#pulled.size === 0 || this.#pulled.size < membership.senders.size) return false;
    const least = this.#pulled.leastAfter(this.clock);
    if (least === undefined || !membership.everybody.list.some(({ life }) => life === 'open')) return false;
    this.order.expect(least - 1);
    const { gap } = this.order;
    if (gap === undefined) return false;
    if (!this.#failsAtGap) {
      this.gaps.look();
      return false;
    }
    // Up to what is held, or in hand.
    const to = Math.min(gap.to, least - 1);
    this.gaps.report({ from: gap.from, to });
    return !this.giveUp(to);
  }

  // -- who is there

  /** Numbers of a source whose receivers have left are still needed. */
  deserted(): boolean {
    return false;
  }

  override leave(sender: Participant<T>): void {
    super.leave(sender);
    this.gaps.look();
  }

  /** Nobody is left who could bring what is missing. */
  finish(): void {
    for (let { gap } = this.order; gap !== undefined; { gap } = this.order) {
      this.gaps.report(gap);
      if (!this.giveUp(gap.to)) return;
    }
  }

  stop(): void {
    this.gaps.stop();
  }

  stats(): OrderStats {
    const { order } = this;
    return {
      frontier: order.clock,
      held: order.held,
      heldMost: this.heldMost,
      heldBy: null,
      gaps: order.gaps(),
      skipped: order.skipped,
    };
  }

  sourceState(sender: Participant<T>): SourceState {
    return { promise: this.clock, idle: false, held: this.order.heldOf(this.inputOf(sender)) };
  }
}
