import type { Engine, Targets } from '../engine.js';
import { Waiters } from '../admission/waiters.js';
import { EVERYBODY, Everybody, without } from '../membership/audience.js';
import type { Audience } from '../membership/audience.js';
import type { HeldMessage } from '../orders/order.js';
import { NOBODY_AWAITS, NOTHING_HELD, makeRoom } from '../queue/capacity.js';
import type { Endpoint } from '../receivers/endpoint.js';
import type { Clocked, DropReason } from '../../types.js';

/** Whom a held message is for. */
export type Held<T> = Audience<Endpoint<T>>;

/** The places that held messages take at their receivers. */
export class HeldPlaces<T> {
  /** Calls that wait because too much is held for nobody. */
  readonly unattended: Waiters = new Waiters(() => !this.isFull);
  readonly #engine: Engine<T>;

  constructor(engine: Engine<T>) {
    this.#engine = engine;
  }

  /** How many messages for everybody are held. */
  protected get broadcasts(): number {
    return this.#engine.broadcasts.count;
  }

  /** Whether nobody is there who takes anything, and no more may be held for those to come. */
  get isFull(): boolean {
    const { membership, settings, draining } = this.#engine;
    return membership.everybody.size === draining && this.broadcasts >= settings.maxHeld;
  }

  /** A message for `targets` takes its place at those of them that take it in. */
  reserve(targets: Targets<T>, taking: Targets<T>): Held<T> {
    if (targets !== EVERYBODY) {
      for (let i = 0; i < taking.length; i++) (taking[i] as Endpoint<T>).queue.reserved++;
      return taking.length === targets.length ? targets : taking;
    }
    const { membership, broadcasts } = this.#engine;
    const except = new Set<Endpoint<T>>();
    broadcasts.count++;
    if (taking.length < membership.everybody.size) {
      for (const endpoint of membership.everybody.list) if (!taking.includes(endpoint)) except.add(endpoint);
      for (const endpoint of except) endpoint.queue.dropped++;
    }
    return new Everybody(membership.joined, except);
  }

  /** A held message is released: it leaves its places, and this is who gets it. */
  withdraw(item: Clocked<T>, held: Held<T>): Targets<T> {
    if (held instanceof Everybody) return this.#withdrawAll(item, held);
    for (let i = 0; i < held.length; i++) (held[i] as Endpoint<T>).queue.reserved--;
    return held;
  }

  /** One receiver does without a held message; it may stay for the others. */
  drop({ item, payload }: HeldMessage<T, Held<T>>, endpoint: Endpoint<T>, reason: DropReason): void {
    if (payload instanceof Everybody) endpoint.queue.dropped++;
    else endpoint.queue.reserved--;
    endpoint.drop(item, reason);
  }

  /**
   * What is left of a message that makes room at one receiver; nothing where all who are there do without it: else what
   * is held for those to come would have no bound.
   */
  withoutDropped(held: Held<T>, endpoint: Endpoint<T>): Held<T> | undefined {
    return this.#isLeftTo(held, endpoint) ? undefined : without(held, endpoint);
  }

  /** A held message has made room at one receiver. */
  dropOldest(message: HeldMessage<T, Held<T>>, endpoint: Endpoint<T>): void {
    const { item, payload } = message;
    if (!this.#isLeftTo(payload, endpoint)) return this.drop(message, endpoint, 'drop-oldest');
    this.#placesOf(payload);
    endpoint.drop(item, 'drop-oldest');
  }

  /** Whether a message for everybody has a place at this receiver, and all others who are there do without it. */
  #isLeftTo(held: Held<T>, endpoint: Endpoint<T>): held is Everybody<Endpoint<T>> {
    if (!(held instanceof Everybody) || !held.hasPlaceAt(endpoint)) return false;
    return this.#engine.membership.everybody.list.every((other) => other === endpoint || held.except.has(other));
  }

  /** A held message is let go, whoever it was for. */
  dropAll({ item, payload }: HeldMessage<T, Held<T>>, reason: DropReason): void {
    const list = payload instanceof Everybody ? this.#placesOf(payload) : payload;
    for (const endpoint of list) {
      if (!(payload instanceof Everybody)) endpoint.queue.reserved--;
      endpoint.drop(item, reason);
      this.#engine.freed(endpoint);
      endpoint.mayEnd();
    }
  }

  #withdrawAll(item: Clocked<T>, held: Everybody<Endpoint<T>>): Targets<T> {
    const { list } = this.#engine.membership.everybody;
    const places = this.#placesOf(held);
    if (places.length === list.length) return list;
    // Whoever joined since is asked now whether there is room.
    return list.filter(
      (endpoint) => held.hasPlaceAt(endpoint) || (endpoint.joined > held.accepted && this.takesIn(endpoint, item)),
    );
  }

  /** Whether a receiver that has no place for a message takes it in: its overflow policy decides. */
  protected takesIn(endpoint: Endpoint<T>, item: Clocked<T>): boolean {
    if (endpoint.life !== 'open') return false;
    if (endpoint.hasRoom || makeRoom(this.#engine, endpoint, item, NOTHING_HELD, NOBODY_AWAITS)) return true;
    endpoint.mayEnd();
    return false;
  }

  /** A broadcast is held no longer; those who kept a place for it. */
  #placesOf(held: Everybody<Endpoint<T>>): Targets<T> {
    const { membership, broadcasts, admission } = this.#engine;
    broadcasts.count--;
    admission.freed(this.unattended);
    return membership.everybody.list.filter((endpoint) => {
      if (held.hasPlaceAt(endpoint)) return true;
      if (held.except.has(endpoint)) endpoint.queue.dropped--;
      else endpoint.queue.earlier--;
      return false;
    });
  }
}
