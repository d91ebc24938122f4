import { progressOf } from '../../progress/carry.js';
import type { Progress, ProgressEnd, ProgressWaiter } from '../../progress/progress.js';
import type { Timestamp } from '../../types.js';

/** Who waits before there is anything to wait for. */
interface Early {
  readonly ts: Timestamp;
  readonly waiter: ProgressWaiter;
  /** How to stop waiting, once it waits for the real one. */
  stop: (() => void) | undefined;
}

/** The progress of a stream that is not there yet: nothing is settled before it is. */
export class OpeningProgress implements Progress {
  readonly name: string;
  readonly #early = new Set<Early>();
  #real: Progress | undefined;
  #end: ProgressEnd | undefined;

  constructor(name: string) {
    this.name = name;
  }

  get clock(): Timestamp {
    return this.#real?.clock ?? -Infinity;
  }

  get settled(): Timestamp {
    return this.#real?.settled ?? -Infinity;
  }

  get strict(): boolean {
    return this.#real?.strict ?? false;
  }

  get unique(): boolean {
    return this.#real?.unique ?? false;
  }

  /** From now on it is that of this stream. */
  opened(stream: unknown): void {
    this.#real = progressOf(stream);
    for (const early of this.#early) early.stop = this.#real?.whenSettled(early.ts, early.waiter);
    this.#early.clear();
  }

  /** There will be none. */
  end(end: ProgressEnd): void {
    if (this.#real !== undefined) return;
    this.#end = end;
    for (const { waiter } of this.#early) waiter.ended(end);
    this.#early.clear();
  }

  whenSettled(ts: Timestamp, waiter: ProgressWaiter): () => void {
    if (this.#real !== undefined) return this.#real.whenSettled(ts, waiter);
    if (this.#end !== undefined) waiter.ended(this.#end);
    const early: Early = { ts, waiter, stop: undefined };
    if (this.#end === undefined) this.#early.add(early);
    return () => {
      this.#early.delete(early);
      early.stop?.();
    };
  }
}
