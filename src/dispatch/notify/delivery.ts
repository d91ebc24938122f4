import type { Effect } from '../effects/effects.js';
import type { Engine, Targets, Unsettled } from '../engine.js';
import type { Endpoint } from '../receivers/endpoint.js';
import type { Clocked } from '../../types.js';

/** Puts a released message into the queues of its receivers, and tells their subscribers. */
export class Delivery<T> implements Unsettled, Effect<Targets<T>, readonly number[]> {
  readonly #engine: Engine<T>;
  // What the short way is telling: those who have not seen its timestamp have not got it.
  #item: Clocked<T> | undefined;
  #list: Targets<T> = [];

  constructor(engine: Engine<T>) {
    this.#engine = engine;
  }

  /** Into the queues; the subscribers are told by one effect. */
  place(item: Clocked<T>, list: Targets<T>): void {
    if (list.length === 1) return (list[0] as Endpoint<T>).place(item);
    let told = false;
    for (let i = 0; i < list.length; i++) told = (list[i] as Endpoint<T>).put(item) || told;
    if (told)
      this.#engine.effects.add(
        this,
        list,
        list.map(({ arrived }) => arrived),
      );
  }

  /** As an effect: the subscribers of several receivers are told. */
  run(list: Targets<T>, counts: readonly number[]): void {
    for (let i = 0; i < list.length; i++) (list[i] as Endpoint<T>).deliver(counts[i] as number);
    this.#engine.end();
  }

  /**
   * The short way for a message to several receivers, each with one subscriber, when nothing else is to be told: no
   * queue, no effect. False where it can't be taken. An operation that is called from a subscriber finds the message in
   * the queues of the others first, so that nobody can tell the difference.
   */
  tellAll(item: Clocked<T>, list: Targets<T>): boolean {
    for (let i = 0; i < list.length; i++) if ((list[i] as Endpoint<T>).direct === undefined) return false;
    const engine = this.#engine;
    engine.effects.idle = false;
    this.#item = item;
    this.#list = list;
    engine.unsettled = this;
    try {
      for (let i = 0; i < list.length && engine.unsettled === this; i++) (list[i] as Endpoint<T>).tell(item);
      if (engine.unsettled === this) {
        engine.unsettled = undefined;
        // Where everybody has got the message, nobody is left to be told of its timestamp.
        if (list !== engine.membership.everybody.list) engine.ticks.tell(item[1]);
      }
    } finally {
      engine.unsettled = undefined;
      engine.effects.finish();
    }
    return true;
  }

  settle(): void {
    const item = this.#item as Clocked<T>;
    const rest = this.#list.filter((endpoint) => endpoint.isBehind(item[1]));
    this.place(item, rest);
    // Before whatever comes of the operation that is about to begin.
    this.#engine.ticks.pass(item[1]);
  }
}
