import type { WaitingCall } from '../admission/waiting-call.js';
import type { Waiters } from '../admission/waiters.js';
import type { Engine, Targets } from '../engine.js';
import { without } from '../membership/audience.js';
import type { Participant } from '../membership/membership.js';
import { Delivery } from '../notify/delivery.js';
import type { StampedOrder } from '../orders/order.js';
import type { Ordering } from '../ordering.js';
import type { Endpoint } from '../receivers/endpoint.js';
import type { Time } from '../receivers/host.js';
import { HeldPlaces } from '../release/held-places.js';
import type { Held } from '../release/held-places.js';
import { Release } from '../release/release.js';
import type { ForwardCall } from '../senders/forward-call.js';
import type { Observed, SourceState } from '../stats/snapshot.js';
import type { OrderStats } from '../stats/stats.js';
import type { Clocked, DropReason, Late, LatePolicy, Timestamp } from '../../types.js';
import { Notifier } from '../notify/notifier.js';

/** What is to be known of a source. */
export interface SourceTraits {
  /** It never repeats a timestamp. */
  readonly strict: boolean;
  /** How far it may run backwards. */
  readonly disorder: number;
}

/** A source, as far as its mode knows it. */
export interface SourceMember<T> extends Participant<T> {
  readonly traits: SourceTraits;
  /** Whether something of its own waits. */
  readonly isHeldBack: boolean;
  /** The first that it waits with. */
  readonly waitsWith: WaitingCall | undefined;
}

/** What the forwarding modes share: places of what is held, what is refused, and the release of what is due. */
export abstract class StampedMode<T, I extends object> implements Ordering<T>, Observed<T> {
  readonly engine: Engine<T>;
  readonly order: StampedOrder<T, Held<T>, I>;
  readonly places: HeldPlaces<T>;
  readonly output: Release<T>;
  readonly latePolicy: LatePolicy;
  readonly late: Notifier<Late<T>>;
  heldMost = 0;
  /** Whether calls of one sender go in one after the other. */
  abstract readonly inOrder: boolean;
  /** Whether there is nothing to do where no message is due, so that the short way may be taken. */
  isPlain = true;
  /** Calls with a message beyond the window. */
  abstract readonly beyond: Waiters | undefined;
  readonly #inputs = new Map<Participant<T>, I>();

  /** `timeless`: releasing tells nothing of time. */
  constructor(
    engine: Engine<T>,
    order: StampedOrder<T, Held<T>, I>,
    latePolicy: LatePolicy,
    places: HeldPlaces<T> = new HeldPlaces(engine),
    timeless = false,
  ) {
    this.engine = engine;
    this.order = order;
    this.latePolicy = latePolicy;
    this.places = places;
    const delivery = new Delivery(engine);
    this.output = new Release(engine, order, this.places, delivery, timeless);
    this.late = new Notifier(engine);
  }

  get clock(): Timestamp {
    return this.order.clock;
  }

  // -- what differs from mode to mode

  protected abstract createInput(sender: SourceMember<T>, like: I | undefined): I;
  protected abstract removeInput(input: I): void;
  /** Whether the source never repeats a timestamp has turned out, or has changed. */
  abstract setStrict(input: I, strict: boolean): void;
  /** A source has spoken. */
  abstract heard(sender: Participant<T>): void;
  /** A call begins to wait, or is decided. */
  abstract waits(call: ForwardCall<T, I>, begins: boolean): void;
  /** A message is beyond the window: true where there is a way for it now. */
  abstract makeWay(ts: Timestamp): boolean;
  /** Those of the receivers at which a message that isn't refused is late all the same. */
  abstract lateAt(input: I, ts: Timestamp, targets: Targets<T>): Targets<T>;
  /** How far beyond the clock a message may be. */
  abstract readonly window: number;
  /** The error of a message that is too far ahead of the other sources. */
  abstract aheadError(sender: string, input: I, ts: Timestamp): Error;
  /** What a new receiver may tell of time. */
  protected abstract timeOf(endpoint: Endpoint<T>): Time;
  abstract deserted(sender: Participant<T>): boolean;
  abstract finish(): void;
  abstract stop(): void;
  abstract stats(): OrderStats;
  abstract sourceState(sender: Participant<T>): SourceState;

  // -- who is there

  open(endpoint: Endpoint<T>): Time {
    // What is for everybody need not wait for somebody any more.
    this.engine.admission.freed(this.places.unattended);
    return this.timeOf(endpoint);
  }

  inputOf(sender: Participant<T>): I {
    return this.#inputs.get(sender) as I;
  }

  join(sender: Participant<T>, like: Participant<T> | undefined): void {
    const input = this.createInput(sender as SourceMember<T>, like && this.#inputs.get(like));
    this.#inputs.set(sender, input);
    if (sender.writesTo !== undefined && sender.reach === 0) this.deserted(sender);
  }

  leave(sender: Participant<T>): void {
    this.removeInput(this.inputOf(sender));
    this.#inputs.delete(sender);
  }

  /** Whether this receiver waits for the message, so that it may come in beyond the bound. */
  awaitsAt(input: I, ts: Timestamp, _endpoint: Endpoint<T>): boolean {
    return this.order.awaits(input, ts);
  }

  /** There is room at a receiver, or a consumer, while somebody waits. */
  freed(_endpoint: Endpoint<T>): void {}

  /** What is held for a receiver that has ended is reported, and let go. */
  ended(endpoint: Endpoint<T>): void {
    const { held } = endpoint.queue;
    if (held === 0) return;
    const gone = this.order.remove((payload) => without(payload, endpoint), held, endpoint);
    for (const message of gone) this.places.drop(message, endpoint, 'closed');
  }

  // -- what comes in

  /** Takes a message in, at those of the targets that take it. */
  insert(input: I, item: Clocked<T>, targets: Targets<T>, taking: Targets<T>): void {
    this.engine.accounts.accepted++;
    this.order.insert(input, item, this.places.reserve(targets, taking));
  }

  /** What is due is out: so much still waits. */
  count(): void {
    this.noteHeld();
  }

  protected noteHeld(): void {
    const { held } = this.order;
    if (held > this.heldMost) this.heldMost = held;
  }

  /** The short way for a source's next message to its only receiver, which has room; false where anything else is due. */
  append(input: I, item: Clocked<T>, to: Endpoint<T>): boolean {
    const { engine } = this;
    const { queue } = to;
    // Called from within a short way: what is due there comes first.
    if (engine.unsettled !== undefined) engine.begin();
    if (!this.isPlain || queue.load >= queue.bound) return false;
    const taken = this.order.append(input, item);
    if (taken === 0) return false;
    engine.accounts.accepted++;
    queue.reserved++;
    const { waiting } = engine.admission;
    if (taken === 1 && waiting === 0) this.noteHeld();
    else if (engine.effects.idle && waiting === 0) this.output.runShort();
    else {
      this.release();
      engine.end();
    }
    return true;
  }

  release(): void {
    this.output.run();
    this.count();
  }

  /** Makes room at a receiver by dropping the oldest message that is held for it. */
  evict(endpoint: Endpoint<T>): boolean {
    if (endpoint.queue.held === 0) return false;
    const { places } = this;
    const message = this.order.evict((payload) => places.withoutDropped(payload, endpoint), endpoint);
    if (message !== undefined) places.dropOldest(message, endpoint);
    return message !== undefined;
  }

  // -- what is refused

  /** A message is late at these receivers, or too far ahead, or came before: it is counted, and reported as the policy says. */
  reject(sender: string, reason: 'late' | 'ahead' | 'duplicate', item: Clocked<T>, targets: Targets<T>): void {
    const { accounts } = this.engine;
    if (reason === 'duplicate') accounts.duplicates++;
    else accounts[reason]++;
    if (reason === 'duplicate' || this.latePolicy === 'drop') this.dropAt(targets, item, reason);
    else if (this.latePolicy === 'divert') {
      const receivers = this.engine.list(targets).map(({ name }) => name);
      this.late.notify({ source: sender, value: item[0] as T, ts: item[1], clock: this.clock, receivers });
    }
  }

  /** A message that was taken in elsewhere is late at these receivers: they do without it. */
  rejectAt(sender: string, item: Clocked<T>, targets: Targets<T>): void {
    this.reject(sender, 'late', item, targets);
    if (this.latePolicy === 'error') this.dropAt(targets, item, 'late');
  }

  dropAt(targets: Targets<T>, item: Clocked<T>, reason: DropReason): void {
    for (const endpoint of this.engine.list(targets)) if (endpoint.life === 'open') endpoint.drop(item, reason);
  }
}
