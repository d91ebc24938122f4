/** What an input is found by. */
export interface Keyed {
  /** What its messages may concern; anything where that is not known. */
  readonly keys: readonly object[] | undefined;
}

const NONE: readonly never[] = [];

/** Inputs by what their messages may concern, so that nobody else is asked. */
export class InputsByKey<I extends Keyed> {
  /** Most keys have one input: it needs no set. */
  readonly #byKey = new Map<object, I | Set<I>>();
  /** Those of which it is not known. */
  readonly #others = new Set<I>();

  add(input: I): void {
    if (input.keys === undefined) {
      this.#others.add(input);
      return;
    }
    for (const key of input.keys) {
      const inputs = this.#byKey.get(key);
      if (inputs === undefined) this.#byKey.set(key, input);
      else if (inputs instanceof Set) inputs.add(input);
      else if (inputs !== input) this.#byKey.set(key, new Set([inputs, input]));
    }
  }

  delete(input: I): void {
    this.#others.delete(input);
    for (const key of input.keys ?? NONE) {
      const inputs = this.#byKey.get(key);
      if (inputs === input || (inputs instanceof Set && inputs.delete(input) && inputs.size === 0)) {
        this.#byKey.delete(key);
      }
    }
  }

  /** Whose messages may concern `key`. */
  of(key: object): I[] {
    const inputs = this.#byKey.get(key);
    if (inputs === undefined) return [...this.#others];
    return inputs instanceof Set ? [...inputs, ...this.#others] : [inputs, ...this.#others];
  }
}
