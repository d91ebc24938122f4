import type { Engine, Targets, Unsettled } from '../engine.js';
import type { Delivery } from '../notify/delivery.js';
import type { StampedOrder } from '../orders/order.js';
import type { Endpoint } from '../receivers/endpoint.js';
import type { Clocked, Timestamp } from '../../types.js';
import type { Held, HeldPlaces } from './held-places.js';

/** The order of a mode, as far as releasing goes. */
export type ReleaseOrder<T> = Pick<StampedOrder<T, Held<T>, never>, 'clock' | 'payload' | 'take' | 'dueAt'>;

/** Commits what an order has due: messages into the queues of their receivers, then the time. */
export class Release<T> implements Unsettled {
  readonly #engine: Engine<T>;
  readonly #order: ReleaseOrder<T>;
  readonly #places: HeldPlaces<T>;
  readonly #delivery: Delivery<T>;
  /** Each receiver has a frontier of its own: time is told by somebody else. */
  readonly #timeless: boolean;
  #releasing = false;
  /** The last timestamp that was passed on, once `#begun`. */
  #passed: Timestamp = 0;
  #begun = false;
  /** The timestamp that the short way is telling. */
  #telling: Timestamp = 0;

  constructor(
    engine: Engine<T>,
    order: ReleaseOrder<T>,
    places: HeldPlaces<T>,
    delivery: Delivery<T>,
    timeless = false,
  ) {
    this.#engine = engine;
    this.#order = order;
    this.#places = places;
    this.#delivery = delivery;
    this.#timeless = timeless;
  }

  /** Commits everything that is due. */
  run(): void {
    if (!this.#releasing) this.#commit(this.#order.take());
  }

  /**
   * `run` and the end of the operation in one, where nothing is to be told and nobody waits: while each message is for
   * one receiver that may be told directly, it is, one after the other. An operation that is called from there finds the
   * rest committed first. `first`, for `to`, was never held, and comes before what is.
   */
  runShort(first?: Clocked<T>, to?: Endpoint<T>): void {
    const engine = this.#engine;
    const order = this.#order;
    engine.effects.idle = false;
    engine.unsettled = this;
    try {
      if (first !== undefined) {
        this.#tell(first, to as Endpoint<T>);
        if (engine.unsettled !== this) return;
      }
      for (let item = order.take(); item !== undefined; item = order.take()) {
        const only = this.#direct(order.payload);
        if (only === undefined) {
          engine.unsettled = undefined;
          this.#commit(item);
          return engine.end();
        }
        only.queue.reserved--;
        this.#tell(item, only);
        if (engine.unsettled !== this) return;
      }
      // All is committed.
      engine.unsettled = undefined;
      this.#tellTime(order.clock);
    } finally {
      engine.unsettled = undefined;
      engine.effects.finish();
    }
  }

  /** The shortest way: a message that was never held is told to the only receiver, which may be told directly. */
  tellNow(item: Clocked<T>, to: Endpoint<T>): void {
    const engine = this.#engine;
    engine.effects.idle = false;
    engine.unsettled = this;
    try {
      this.#tell(item, to);
    } finally {
      engine.unsettled = undefined;
      engine.effects.finish();
    }
  }

  /** An operation is called from where a message is being told: what is due comes before it. */
  settle(): void {
    const next = this.#order.take();
    if (next === undefined || next[1] > this.#telling) this.#pass(this.#telling, undefined);
    this.#commit(next);
  }

  #direct(held: Held<T>): Endpoint<T> | undefined {
    const only = (held as Targets<T>).length === 1 ? (held as Targets<T>)[0] : undefined;
    return only?.direct === undefined ? undefined : only;
  }

  /** Tells of one message and its timestamp; nothing is unsettled any more where an operation was called from there. */
  #tell(item: Clocked<T>, to: Endpoint<T>): void {
    const engine = this.#engine;
    const ts = item[1];
    this.#telling = ts;
    to.tell(item);
    if (engine.unsettled === this) {
      if (!engine.ticks.concerns(to)) this.#note(ts);
      else if (!this.#order.dueAt(ts)) this.#tellTime(ts);
    }
    // Its last sender has left, and this was the last message; or nobody may be told directly any more.
    if (to.direct === undefined || to.writers === 0) {
      to.mayEnd();
      engine.end();
    }
  }

  /** The time itself, where nothing comes before it. */
  #tellTime(ts: Timestamp): void {
    if (!this.#isNews(ts)) return;
    this.#note(ts);
    this.#engine.ticks.tell(ts);
  }

  #commit(first: Clocked<T> | undefined): void {
    const order = this.#order;
    this.#releasing = true;
    for (let item = first; item !== undefined;) {
      const list = this.#places.withdraw(item, order.payload);
      this.#delivery.place(item, list);
      for (let i = 0; i < list.length; i++) this.#engine.freed(list[i] as Endpoint<T>);
      const next = order.take();
      // Time may be told once nothing more is due at its timestamp.
      if (next === undefined || next[1] > item[1]) this.#pass(item[1], list.length === 1 ? list[0] : undefined);
      item = next;
    }
    this.#pass(order.clock, undefined);
    this.#releasing = false;
  }

  #isNews(ts: Timestamp): boolean {
    return !this.#timeless && (this.#begun ? ts > this.#passed : ts > -Infinity);
  }

  #note(ts: Timestamp): void {
    this.#passed = ts;
    this.#begun = true;
  }

  #pass(ts: Timestamp, told: Endpoint<T> | undefined): void {
    if (!this.#isNews(ts)) return;
    this.#note(ts);
    this.#engine.ticks.pass(ts, told);
  }
}
