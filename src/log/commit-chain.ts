interface Failure {
  readonly error: unknown;
}

/**
 * Entries of one sender that may only be stored after each other: once one could not be stored, none of the later ones
 * is (law 50).
 */
export class CommitChain {
  #refusal: Failure | undefined;
  #failure: Failure | undefined;

  /** Why the chain takes no more entries, if it doesn't. */
  get refusal(): Failure | undefined {
    return this.#failure ?? this.#refusal;
  }

  /** Why the entries that wait are not stored, if they aren't. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** An entry was not even taken. Those that wait came before it, and are stored. */
  refuse(error: unknown): void {
    this.#refusal ??= { error };
  }

  /** An entry was not stored. Those that wait came after it. */
  fail(error: unknown): void {
    this.#failure ??= { error };
  }
}
