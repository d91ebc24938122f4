import type { Engine, Targets } from '../engine.js';
import type { Endpoint } from '../receivers/endpoint.js';
import type { HeldMessage } from '../orders/order.js';
import type { Clocked, DropReason } from '../../types.js';
import { HeldPlaces } from './held-places.js';
import type { Held } from './held-places.js';

const NOBODY: readonly never[] = [];

/**
 * Places where each receiver has a frontier of its own: a message for everybody is held at each by itself.
 *
 * Whoever joins gets what is held for everybody, too; whether there is room for that is asked when it goes out.
 */
export class GuestPlaces<T> extends HeldPlaces<T> {
  readonly #held: () => number;
  /** What came before its receiver. */
  readonly #guests = new Map<Endpoint<T>, Clocked<T>[]>();

  constructor(engine: Engine<T>, held: () => number) {
    super(engine);
    this.#held = held;
  }

  protected override get broadcasts(): number {
    return this.#held();
  }

  /** These messages were there before the receiver. */
  addGuests(endpoint: Endpoint<T>, items: readonly Clocked<T>[]): void {
    endpoint.queue.guests += items.length;
    if (items.length > 0) this.#guests.set(endpoint, [...items]);
  }

  forget(endpoint: Endpoint<T>): void {
    this.#guests.delete(endpoint);
  }

  override withdraw(item: Clocked<T>, held: Held<T>): Targets<T> {
    const [endpoint] = held as Targets<T>;
    if (endpoint === undefined || !this.#isGuest(endpoint, item)) return super.withdraw(item, held);
    return this.takesIn(endpoint, item) ? (held as Targets<T>) : NOBODY;
  }

  override drop(message: HeldMessage<T, Held<T>>, endpoint: Endpoint<T>, reason: DropReason): void {
    if (this.#isGuest(endpoint, message.item)) endpoint.drop(message.item, reason);
    else super.drop(message, endpoint, reason);
  }

  #isGuest(endpoint: Endpoint<T>, item: Clocked<T>): boolean {
    const guests = this.#guests.get(endpoint);
    const at = guests?.indexOf(item) ?? -1;
    if (at < 0) return false;
    guests?.splice(at, 1);
    endpoint.queue.guests--;
    return true;
  }
}
