/**
 * Takes what has come in while it was busy, all at once: group commit, and a reader that is behind.
 *
 *     in      a -- b c d --------- e -----
 *     taken   [a]------ [b c d]--- [e]----
 */
export class Gather<T> {
  #waiting: T[] = [];
  #isBusy = false;
  readonly #most: number;
  readonly #take: (taken: readonly T[], done: () => void) => void;

  /** `take` is given at most `most` at a time, and calls `done` when it is ready for the next. */
  constructor(most: number, take: (taken: readonly T[], done: () => void) => void) {
    this.#most = most;
    this.#take = take;
  }

  add(items: readonly T[]): void {
    for (const item of items) this.#waiting.push(item);
    if (!this.#isBusy) this.#next();
  }

  #next(): void {
    this.#isBusy = this.#waiting.length > 0;
    if (this.#isBusy) this.#take(this.#waiting.splice(0, this.#most), () => this.#next());
  }
}
