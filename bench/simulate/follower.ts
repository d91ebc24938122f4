import { Gather } from './gather.js';
import type { Message } from './message.js';
import { BATCH, PAGE, type Constants, type Plan } from './plan.js';
import type { Station } from './station.js';

/** A process that follows the log, and tells its receivers. */
export class Follower {
  /** How often each receiver was told the clock. */
  ticks = 0;
  /** Bytes to its pages. */
  bytes = 0;
  readonly core: Station;
  readonly #gather: Gather<Message>;

  constructor(id: number, plan: Plan, constants: Constants, core: Station, told: (message: Message) => void) {
    this.core = core;
    const receivers = plan.receivers / plan.processes;
    const { batch, take, deliver, tick, tickBytes, itemBytes } = constants;
    const together = plan.together === true;
    // What is stored in the same process is told as it was stored, not page by page, and `append` holds what that takes.
    const taking = (all: number, own: number): number => (together ? 0 : batch + all * take + own * deliver);
    this.#gather = new Gather(together ? BATCH : PAGE, (messages, done) => {
      const own = messages.filter(({ process }) => process === id);
      core.serve(taking(messages.length, own.length) + receivers * tick, () => {
        for (const message of own) told(message);
        this.ticks++;
        this.bytes += receivers * tickBytes + own.length * itemBytes;
        done();
      });
    });
  }

  add(messages: readonly Message[]): void {
    this.#gather.add(messages);
  }
}
