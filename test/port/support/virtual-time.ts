import { VirtualAction, VirtualTimeScheduler } from 'rxjs';

/** Time that passes when a test says so. */
export class VirtualTime extends VirtualTimeScheduler {
  constructor() {
    super(VirtualAction, 0);
  }

  /** Lets so many milliseconds pass, and whatever follows from them. */
  async pass(ms: number): Promise<void> {
    const until = this.maxFrames + ms;
    while (this.maxFrames < until) {
      this.maxFrames = Math.min(until, this.maxFrames + 1);
      this.flush();
      this.frame = this.maxFrames;
      await Promise.resolve();
    }
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Timers that are set. */
  get timers(): number {
    return this.actions.filter((action) => !action.closed).length;
  }
}
