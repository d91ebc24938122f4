import type { Scheduler } from 'rxjs-clocked-dispatch';

/** A scheduler that runs nothing by itself and knows what is still scheduled. */
export class CountingScheduler implements Scheduler {
  #time = 0;
  /** The longest time that anything was ever scheduled for. */
  longest = 0;
  #pending: { readonly at: number; readonly work: () => void }[] = [];

  get pending(): number {
    return this.#pending.length;
  }

  now(): number {
    return this.#time;
  }

  schedule(work: () => void, delay = 0): { unsubscribe(): void } {
    this.longest = Math.max(this.longest, delay);
    const task = { at: this.#time + delay, work };
    this.#pending.push(task);
    return { unsubscribe: () => (this.#pending = this.#pending.filter((other) => other !== task)) };
  }

  /** Lets so many milliseconds pass, and runs what falls due. */
  pass(milliseconds: number): void {
    const until = this.#time + milliseconds;
    for (;;) {
      const [next] = this.#pending.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#pending = this.#pending.filter((other) => other !== next);
      this.#time = next.at;
      next.work();
    }
    this.#time = until;
  }
}
