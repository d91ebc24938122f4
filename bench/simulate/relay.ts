import { Feeder, type FeedCost } from './feeder.js';
import type { Events } from './events.js';
import type { Listener, Message } from './message.js';
import { Station } from './station.js';

/** A process that takes the log in and passes it on. */
export class Relay implements Listener {
  readonly processor: Station;
  readonly #feeder: Feeder;
  readonly #take: number;

  constructor(events: Events, listeners: readonly Listener[], take: number, cost: FeedCost) {
    this.processor = new Station(events);
    this.#feeder = new Feeder(this.processor, new Station(events), listeners, cost);
    this.#take = take;
  }

  add(messages: readonly Message[]): void {
    this.processor.serve(messages.length * this.#take, () => this.#feeder.feed(messages));
  }
}
