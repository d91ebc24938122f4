import type { Events } from './events.js';
import { Gather } from './gather.js';
import type { Listener, Message } from './message.js';
import { BATCH, PAGE, type Constants, type Plan } from './plan.js';
import type { Station } from './station.js';

/** A process that follows the log, and tells its receivers. */
export class Follower implements Listener {
  /** How often each receiver was told the clock. */
  ticks = 0;
  /** Bytes to its pages. */
  bytes = 0;
  readonly processor: Station;
  readonly #events: Events;
  readonly #gather: Gather<Message>;
  readonly #tickEvery: number;
  #ticked = -Infinity;

  constructor(
    id: number,
    events: Events,
    plan: Plan,
    constants: Constants,
    processor: Station,
    told: (message: Message) => void,
  ) {
    const { take, deliver, tick, tickBytes, itemBytes } = constants;
    const receivers = plan.receivers / plan.processes;
    const together = plan.together === true;
    this.processor = processor;
    this.#events = events;
    this.#tickEvery = plan.tickEvery ?? 0;
    // What is stored in the same process is told as it was stored, not page by page, and `append` holds what that takes.
    const taking = (all: number, own: number): number => (together ? 0 : all * take + own * deliver);
    this.#gather = new Gather(together ? BATCH : PAGE, (messages, done) => {
      const own = messages.filter(({ process }) => process === id);
      const ticking = this.#isTickDue() ? receivers : 0;
      processor.serve(taking(messages.length, own.length) + ticking * tick, () => {
        for (const message of own) told(message);
        if (ticking > 0) this.ticks++;
        this.bytes += ticking * tickBytes + own.length * itemBytes;
        done();
      });
    });
  }

  add(messages: readonly Message[]): void {
    this.#gather.add(messages);
  }

  #isTickDue(): boolean {
    const { now } = this.#events;
    if (now - this.#ticked < this.#tickEvery) return false;
    this.#ticked = now;
    return true;
  }
}
