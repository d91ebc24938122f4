/** Reproducible random choices: the same seed makes the same ones (mulberry32). */
export class Choices {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** From 0 to 1, without 1. */
  number(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** An integer from 0 to `end`, without `end`. */
  below(end: number): number {
    return Math.floor(this.number() * end);
  }

  chance(probability: number): boolean {
    return this.number() < probability;
  }

  pick<T>(options: readonly T[]): T {
    return options[this.below(options.length)] as T;
  }

  /** One of those there are, if there are any. */
  pickFrom<T>(options: Iterable<T>): T | undefined {
    const all = [...options];
    return all.length === 0 ? undefined : this.pick(all);
  }

  /** One of the keys, each as often as its weight says. */
  weighted<K extends string>(weights: readonly (readonly [K, number])[]): K {
    let at = this.number() * weights.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [key, weight] of weights) if ((at -= weight) < 0) return key;
    return (weights.at(-1) as readonly [K, number])[0];
  }
}
