/** Milliseconds without any progress after which nothing more is waited for. */
const LONGEST = 60_000;

/** Waits for something that goes on, however long it takes as a whole. */
export class Patience {
  #seen = -1;
  #at = 0;

  /** Whether `progress` has stood still for too long. */
  isOver(progress: number): boolean {
    if (progress !== this.#seen) {
      this.#seen = progress;
      this.#at = performance.now();
    }
    return performance.now() - this.#at > LONGEST;
  }
}
