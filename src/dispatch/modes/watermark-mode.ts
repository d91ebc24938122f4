import type { Engine } from '../engine.js';
import { AheadMessageError } from '../../errors/order.js';
import type { WaitingCall } from '../admission/waiting-call.js';
import type { Participant } from '../membership/membership.js';
import type { StampedOrder } from '../orders/order.js';
import type { Held, HeldPlaces } from '../release/held-places.js';
import type { Scheduler } from '../scheduler.js';
import type { ForwardCall } from '../senders/forward-call.js';
import type { SourceState } from '../stats/snapshot.js';
import type { OrderStats } from '../stats/stats.js';
import { IdleWatch } from '../timing/idle-watch.js';
import type { LatePolicy, Timestamp } from '../../types.js';
import { StampedMode } from './stamped-mode.js';
import type { SourceMember } from './stamped-mode.js';

/** Options of the mode, as they were read. */
export interface WatermarkSettings {
  readonly seed: Timestamp | undefined;
  readonly maxLead: number | undefined;
  readonly resyncAfter: number;
  readonly late: LatePolicy;
  readonly idleAfter: number | undefined;
  readonly scheduler: Scheduler;
}

/** What an order by watermark knows of a source. */
export interface PromisingInput {
  readonly owner: object;
  readonly promise: Timestamp;
  readonly silent: boolean;
}

/** What orders by watermark have beyond the port. */
export interface WatermarkOrderPort<T, I> extends StampedOrder<T, Held<T>, I> {
  readonly frontier: Timestamp;
  readonly holder: I | undefined;
  holders(): readonly I[];
  /** What a lead is counted from. */
  leadBase(input: I): Timestamp;
  leave(input: I): void;
  setStrict(input: I, strict: boolean): void;
  setSilent(input: I, silent: boolean): void;
}

/** How a source takes part in the idle watch. */
interface Watched<T> {
  readonly sender: SourceMember<T>;
  heard: number;
  readonly waiting: boolean;
}

/** What both frontiers share: sources that fall idle, and who is waited for. */
export abstract class WatermarkMode<T, I extends PromisingInput> extends StampedMode<T, I> {
  declare readonly order: WatermarkOrderPort<T, I>;
  readonly inOrder: boolean = true;
  readonly beyond = undefined;
  readonly window: number = Infinity;
  readonly #maxLead: number | undefined;
  readonly #watch: IdleWatch<Watched<T>> | undefined;
  readonly #watched = new Map<Participant<T>, Watched<T>>();
  readonly #idle = new Set<Participant<T>>();

  constructor(
    engine: Engine<T>,
    order: WatermarkOrderPort<T, I>,
    settings: WatermarkSettings,
    places?: HeldPlaces<T>,
    timeless = false,
  ) {
    super(engine, order, settings.late, places, timeless);
    this.#maxLead = settings.maxLead;
    if (settings.idleAfter !== undefined) {
      this.isPlain = false;
      this.#watch = new IdleWatch(settings.idleAfter, settings.scheduler, engine, (sources) => this.#fallIdle(sources));
    }
    engine.admission.awaited = () => this.#awaited();
  }

  setStrict(input: I, strict: boolean): void {
    this.order.setStrict(input, strict);
  }

  override join(sender: Participant<T>, like: Participant<T> | undefined): void {
    super.join(sender, like);
    this.heard(sender);
  }

  override leave(sender: Participant<T>): void {
    super.leave(sender);
    const watched = this.#watched.get(sender);
    if (watched !== undefined) this.#watch?.forget(watched);
    this.#watched.delete(sender);
    this.#idle.delete(sender);
  }

  protected removeInput(input: I): void {
    this.order.leave(input);
  }

  heard(sender: Participant<T>): void {
    if (this.#watch === undefined || this.engine.closed) return;
    let watched = this.#watched.get(sender);
    if (watched === undefined) {
      const source = sender as SourceMember<T>;
      watched = {
        sender: source,
        heard: 0,
        get waiting() {
          return source.isHeldBack;
        },
      };
      this.#watched.set(sender, watched);
    }
    this.#watch.hear(watched);
    const hasLeft = sender.writesTo !== undefined && sender.reach === 0;
    if (this.#idle.delete(sender) && !hasLeft) this.order.setSilent(this.inputOf(sender), false);
  }

  waits({ sender }: ForwardCall<T, I>): void {
    if (!this.engine.membership.senders.has(sender.name)) return;
    const first = sender.first?.call as ForwardCall<T, I> | undefined;
    this.order.hold(sender.input, first?.ts);
    this.release();
  }

  deserted(sender: Participant<T>): boolean {
    this.order.leave(this.inputOf(sender));
    return true;
  }

  aheadError(sender: string, input: I, ts: Timestamp): Error {
    return new AheadMessageError(sender, ts, this.order.leadBase(input), this.#maxLead ?? Infinity);
  }

  makeWay(): boolean {
    return true;
  }

  finish(): void {}

  stop(): void {
    this.#watch?.stop();
  }

  stats(): OrderStats {
    const { order } = this;
    const { frontier, holder } = order;
    const promise = holder?.promise;
    let heldBy: OrderStats['heldBy'] = null;
    if (holder !== undefined && promise !== undefined && this.#isBehindOthers(promise)) {
      heldBy = { source: (holder.owner as Participant<T>).name, promise };
    }
    return {
      frontier: frontier === Infinity ? null : frontier,
      held: order.held,
      heldMost: this.heldMost,
      heldBy,
      gaps: [],
      skipped: 0,
    };
  }

  sourceState(sender: Participant<T>): SourceState {
    const input = this.inputOf(sender);
    return { promise: input.promise, idle: this.#idle.has(sender), held: this.order.heldOf(input) };
  }

  #isBehindOthers(promise: Timestamp): boolean {
    if (this.order.held > 0 || this.clock > promise) return true;
    for (const sender of this.engine.membership.senders.values()) {
      if (this.inputOf(sender).promise > promise) return true;
    }
    return false;
  }

  #fallIdle(sources: readonly Watched<T>[]): void {
    this.engine.begin();
    for (const { sender } of sources) {
      this.#idle.add(sender);
      this.order.setSilent(this.inputOf(sender), true);
    }
    this.release();
    // Where nobody is waited for, everything up to the clock is settled, and nobody is told of that by a tick.
    if (this.order.frontier === Infinity) {
      for (const endpoint of this.engine.membership.everybody.list) endpoint.settledMoved();
    }
    this.engine.end();
  }

  /** Sources that hold a frontier back: the first that they wait with may go in beyond the bound. */
  #awaited(): Iterable<WaitingCall> {
    const calls: WaitingCall[] = [];
    for (const { owner } of this.order.holders()) {
      const { waitsWith } = owner as SourceMember<T>;
      if (waitsWith !== undefined) calls.push(waitsWith);
    }
    return calls;
  }
}
