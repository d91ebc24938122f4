import type { AbortSignalLike, Timestamp } from '../types.js';
import type { CommitChain } from './commit-chain.js';

/** An entry that waits to be stored, and whoever waits for it. */
export interface Pending<E> {
  readonly entry: E;
  readonly id: string | undefined;
  /** What ends where this entry is not stored. */
  readonly chain: CommitChain | undefined;
  /** Where one of these has ended, it is not stored. */
  readonly behind: readonly CommitChain[];
  /** What `onStored` is told with it. */
  readonly tag: unknown;
  readonly resolve: (ts: Timestamp) => void;
  readonly reject: (error: unknown) => void;
  /** Stops listening for an abort. Absent where nothing can be aborted, or any more. */
  release?: (() => void) | undefined;
  withdrawn?: boolean;
}

/** The entries that wait to be stored, in the order of the calls. */
export class CommitQueue<E> {
  #pending: Pending<E>[] = [];
  #count = 0;
  #added = 0;

  /** How many entries wait. */
  get count(): number {
    return this.#count;
  }

  /** How many entries ever came in. */
  get added(): number {
    return this.#added;
  }

  /** How many of these went out again, one way or another. */
  get taken(): number {
    return this.#added - this.#pending.length;
  }

  add(pending: Pending<E>, signal?: AbortSignalLike): void {
    this.#pending.push(pending);
    this.#count++;
    this.#added++;
    if (signal !== undefined) this.#withdrawOn(signal, pending);
  }

  /** Takes the next entries, at most `max`; those of a chain that has ended are refused instead. */
  take(max: number): readonly Pending<E>[] {
    if (this.#pending.length === 0) return [];
    const batch: Pending<E>[] = [];
    let i = 0;
    while (i < this.#pending.length && batch.length < max) {
      const pending = this.#pending[i++]!;
      if (pending.withdrawn) continue;
      this.#count--;
      pending.release?.();
      const failure = pending.chain?.failure ?? failureOf(pending.behind);
      if (failure === undefined) batch.push(pending);
      else pending.reject(failure.error);
    }
    this.#pending = i === this.#pending.length ? [] : this.#pending.slice(i);
    return batch;
  }

  /** An entry that is being stored can't be taken back; one that waits can. */
  #withdrawOn(signal: AbortSignalLike, pending: Pending<E>): void {
    const withdraw = (): void => {
      pending.withdrawn = true;
      this.#count--;
      pending.reject(signal.reason);
    };
    signal.addEventListener('abort', withdraw, { once: true });
    pending.release = () => {
      signal.removeEventListener('abort', withdraw);
    };
  }
}

/** Why one of them has ended, where one has. */
function failureOf(chains: readonly CommitChain[]): CommitChain['failure'] {
  for (const { failure } of chains) if (failure !== undefined) return failure;
  return undefined;
}
