const SIZE = 1 << 14;

/** Nobody's message: a tick. */
export const TICK = 255;

/** What a lane of the stage has seen last: a ring of marbles in typed arrays, so that 5,000 a second leave no garbage. */
export class Track {
  readonly #positions = new Float64Array(SIZE);
  readonly #kinds = new Uint8Array(SIZE);
  readonly #numbers = new Uint32Array(SIZE);
  readonly #boards = new Uint8Array(SIZE);
  readonly #times = new Float64Array(SIZE);
  /** How many marbles there have been; the ring has the last of them, from `#first` on. */
  length = 0;
  #first = 0;

  /** Where the last marble lies. */
  get newest(): number {
    return this.length > this.#first ? this.#positions[(this.length - 1) & (SIZE - 1)]! : 0;
  }

  /** `kind` is a region or `TICK`, `number` the order of arrival, `boards` a bit for each board that it is for. */
  push(position: number, kind: number, number: number, boards: number, time: number): void {
    const i = this.length++ & (SIZE - 1);
    this.#first = Math.max(this.#first, this.length - SIZE);
    this.#positions[i] = position;
    this.#kinds[i] = kind;
    this.#numbers[i] = number;
    this.#boards[i] = boards;
    this.#times[i] = time;
  }

  /** Forgets what lies right of a position. */
  cut(position: number): void {
    while (this.newest > position) this.length--;
  }

  /** From the newest back to the first one that lies left of `least`. */
  forEachBack(
    least: number,
    visit: (position: number, kind: number, number: number, boards: number, time: number) => void,
  ): void {
    for (let n = this.length - 1; n >= this.#first; n--) {
      const i = n & (SIZE - 1);
      const position = this.#positions[i]!;
      if (position < least) return;
      visit(position, this.#kinds[i]!, this.#numbers[i]!, this.#boards[i]!, this.#times[i]!);
    }
  }
}
