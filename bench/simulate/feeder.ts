import type { Listener, Message } from './message.js';
import type { Station } from './station.js';

/** What feeding one message to one listener takes. */
export interface FeedCost {
  /** Milliseconds of the processor, and of the network interface. */
  readonly processor: number;
  readonly network: number;
}

/** Passes each batch on to each of its listeners: the server of the log, or a relay. */
export class Feeder {
  /** How many messages it has passed on, each as often as it has gone out. */
  fed = 0;
  readonly processor: Station;
  readonly network: Station;
  readonly #listeners: readonly Listener[];
  readonly #cost: FeedCost;

  constructor(processor: Station, network: Station, listeners: readonly Listener[], cost: FeedCost) {
    this.processor = processor;
    this.network = network;
    this.#listeners = listeners;
    this.#cost = cost;
  }

  feed(messages: readonly Message[]): void {
    const { processor, network } = this.#cost;
    for (const listener of this.#listeners) {
      this.fed += messages.length;
      this.processor.serve(messages.length * processor, () => {
        this.network.serve(messages.length * network, () => listener.add(messages));
      });
    }
  }
}
