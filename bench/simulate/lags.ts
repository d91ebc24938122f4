const LEAST = 0.001;
const STEP = Math.log(1.01);

/** How long messages took, in milliseconds, by classes that are a hundredth wide: millions of them in little room. */
export class Lags {
  count = 0;
  readonly #classes: number[] = [];

  add(milliseconds: number): void {
    const index = Math.max(0, Math.ceil(Math.log(milliseconds / LEAST) / STEP));
    this.#classes[index] = (this.#classes[index] ?? 0) + 1;
    this.count++;
  }

  /** What this share of them took at most; NaN where there is none. */
  quantile(share: number): number {
    let left = share * this.count;
    for (let i = 0; i < this.#classes.length; i++) {
      left -= this.#classes[i] ?? 0;
      if (left <= 0) return LEAST * Math.exp(i * STEP);
    }
    return NaN;
  }
}
