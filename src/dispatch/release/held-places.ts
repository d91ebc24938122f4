import type { Engine, Targets } from '../engine.js';
import { Waiters } from '../admission/waiters.js';
import { EVERYBODY, Everybody } from '../membership/audience.js';
import type { Audience } from '../membership/audience.js';
import type { HeldMessage } from '../orders/order.js';
import { NOBODY_AWAITS, NOTHING_HELD, makeRoom } from '../queue/room.js';
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

  /** Whether nobody is there, and no more may be held for those to come. */
  get isFull(): boolean {
    const { membership, broadcasts, settings } = this.#engine;
    return membership.everybody.size === 0 && broadcasts.count >= settings.maxHeld;
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
      for (const endpoint of except) endpoint.queue.excluded++;
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
    if (payload instanceof Everybody) endpoint.queue.excluded++;
    else endpoint.queue.reserved--;
    endpoint.drop(item, reason);
  }

  /** A held message is let go, whoever it was for. */
  dropAll({ item, payload }: HeldMessage<T, Held<T>>, reason: DropReason): void {
    const list = payload instanceof Everybody ? this.#engine.membership.everybody.list : payload;
    for (const endpoint of list) {
      if (payload instanceof Everybody && !payload.hasPlaceAt(endpoint)) endpoint.queue.excluded--;
      else {
        if (!(payload instanceof Everybody)) endpoint.queue.reserved--;
        endpoint.drop(item, reason);
      }
      this.#engine.freed(endpoint);
    }
    if (payload instanceof Everybody) this.#releaseBroadcast();
  }

  #withdrawAll(item: Clocked<T>, held: Everybody<Endpoint<T>>): Targets<T> {
    const { list } = this.#engine.membership.everybody;
    this.#releaseBroadcast();
    return list.filter((endpoint) => {
      if (held.hasPlaceAt(endpoint)) return true;
      endpoint.queue.excluded--;
      if (held.except.has(endpoint) || endpoint.life !== 'open') return false;
      // It joined since: whether it has room is asked now.
      return endpoint.hasRoom || makeRoom(this.#engine, endpoint, item, NOTHING_HELD, NOBODY_AWAITS);
    });
  }

  #releaseBroadcast(): void {
    this.#engine.broadcasts.count--;
    this.#engine.admission.freed(this.unattended);
  }
}
