/** How long to wait before the next try: twice as long each time, and never as long as others do. */
export class Backoff {
  readonly #first: number;
  readonly #longest: number;
  #tries = 0;

  constructor(first: number, longest: number) {
    this.#first = first;
    this.#longest = longest;
  }

  next(): number {
    // Beyond 2 ** 1023 a number ends.
    const pause = Math.min(this.#longest, this.#first * 2 ** Math.min(this.#tries++, 1000));
    return pause * (0.5 + Math.random() / 2);
  }

  /** It has worked. */
  reset(): void {
    this.#tries = 0;
  }
}
