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
export class ReceiverPlaces<T> extends HeldPlaces<T> {
  readonly #held: () => number;
  /** What came before its receiver. */
  readonly #unplaced = new Map<Endpoint<T>, Clocked<T>[]>();

  constructor(engine: Engine<T>, held: () => number) {
    super(engine);
    this.#held = held;
  }

  protected override get broadcasts(): number {
    return this.#held();
  }

  /** These messages were there before the receiver. */
  addUnplaced(endpoint: Endpoint<T>, items: readonly Clocked<T>[]): void {
    endpoint.queue.unplaced += items.length;
    if (items.length > 0) this.#unplaced.set(endpoint, [...items]);
  }

  forget(endpoint: Endpoint<T>): void {
    this.#unplaced.delete(endpoint);
  }

  override withdraw(item: Clocked<T>, held: Held<T>): Targets<T> {
    const [endpoint] = held as Targets<T>;
    if (endpoint === undefined || !this.#isUnplaced(endpoint, item)) return super.withdraw(item, held);
    return this.takesIn(endpoint, item) ? (held as Targets<T>) : NOBODY;
  }

  override drop(message: HeldMessage<T, Held<T>>, endpoint: Endpoint<T>, reason: DropReason): void {
    if (this.#isUnplaced(endpoint, message.item)) endpoint.drop(message.item, reason);
    else super.drop(message, endpoint, reason);
  }

  #isUnplaced(endpoint: Endpoint<T>, item: Clocked<T>): boolean {
    const unplaced = this.#unplaced.get(endpoint);
    const at = unplaced?.indexOf(item) ?? -1;
    if (at < 0) return false;
    unplaced?.splice(at, 1);
    endpoint.queue.unplaced--;
    return true;
  }
}
