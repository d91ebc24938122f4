import type { Events } from './events.js';
import type { Message } from './message.js';
import type { Constants, Plan } from './plan.js';
import { Station } from './station.js';

/** Who is given what the log has stored. */
export interface Listener {
  add(messages: readonly Message[]): void;
}

/** Gives each batch to each process: from the server itself, or from relays, which are all that the server feeds then. */
export class Network {
  /** Bytes out of the server. */
  bytes = 0;
  readonly server: Station;
  readonly #fed: readonly { readonly link: Station; readonly to: readonly Listener[] }[];
  readonly #direct: boolean;
  readonly #bytes: number;
  readonly #time: number;

  constructor(
    events: Events,
    { relays = 0, network }: Plan,
    { messageBytes }: Constants,
    processes: readonly Listener[],
  ) {
    this.server = new Station(events);
    this.#direct = relays === 0;
    this.#fed = this.#direct
      ? [{ link: this.server, to: processes }]
      : Array.from({ length: relays }, (_, r) => ({
          link: new Station(events),
          to: processes.filter((_, i) => i % relays === r),
        }));
    this.#bytes = messageBytes;
    this.#time = (messageBytes * 8 * 1000) / network;
  }

  send(messages: readonly Message[]): void {
    const fed = this.#direct ? this.#fed[0]!.to.length : this.#fed.length;
    this.bytes += fed * messages.length * this.#bytes;
    const time = messages.length * this.#time;
    for (const { link, to } of this.#fed) {
      const pass = (): void => {
        for (const listener of to) link.serve(time, () => listener.add(messages));
      };
      if (this.#direct) pass();
      else this.server.serve(time, pass);
    }
  }
}
