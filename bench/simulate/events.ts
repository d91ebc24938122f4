/** The events of a simulation, in the order of their times; those of one time in the order in which they were planned. */
export class Events {
  #now = 0;
  #planned = 0;
  readonly #heap: { readonly at: number; readonly order: number; readonly run: () => void }[] = [];

  /** Simulated milliseconds. */
  get now(): number {
    return this.#now;
  }

  /** Runs it at a time that has not passed. */
  at(time: number, run: () => void): void {
    if (!(time >= this.#now)) throw new RangeError(`it is ${this.#now} already: nothing can happen at ${time}`);
    this.#heap.push({ at: time, order: this.#planned++, run });
    this.#up(this.#heap.length - 1);
  }

  /** Runs everything, also what is planned meanwhile. */
  run(): void {
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      this.#now = next.at;
      next.run();
    }
  }

  #take(): { readonly at: number; readonly run: () => void } | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first !== last && last !== undefined) {
      this.#heap[0] = last;
      this.#down(0);
    }
    return first;
  }

  #up(i: number): void {
    for (let parent = (i - 1) >> 1; i > 0 && this.#isBefore(i, parent); parent = (i - 1) >> 1) {
      this.#swap(i, parent);
      i = parent;
    }
  }

  #down(i: number): void {
    for (;;) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) {
        if (child < this.#heap.length && this.#isBefore(child, least)) least = child;
      }
      if (least === i) return;
      this.#swap(i, least);
      i = least;
    }
  }

  #isBefore(i: number, j: number): boolean {
    const [a, b] = [this.#heap[i]!, this.#heap[j]!];
    return a.at < b.at || (a.at === b.at && a.order < b.order);
  }

  #swap(i: number, j: number): void {
    [this.#heap[i], this.#heap[j]] = [this.#heap[j]!, this.#heap[i]!];
  }
}
