import { LogClosedError, type Stored } from '../log/errors.js';
import { isOurs } from '../log/is-ours.js';
import { storeFailure } from './failure.js';
import type { Operation, Store } from './store.js';

/** How a store is opened, and what to ask before it is opened again. */
export interface Opener {
  readonly place: string;
  readonly open: () => Promise<Store>;
  readonly close: (store: Store) => Promise<void>;
  /** Throws where opening would fail for want of room. The store stays open then, so that it can be read. */
  readonly assertRoom: () => void;
}

/**
 * An open store, which is opened again after a write that failed (law 54).
 *
 * It has to be: LevelDB goes on behind a record that it wrote in part, and at the next start it drops all that it wrote
 * from there on, without a word.
 */
export class Connection {
  readonly #opener: Opener;
  readonly #sync: boolean;
  #store: Store | undefined;
  /** What the write said that failed. */
  #failure: { readonly error: unknown } | undefined;
  #reopening: Promise<Store> | undefined;
  #closed = false;

  constructor(opener: Opener, store: Store, sync: boolean) {
    this.#opener = opener;
    this.#store = store;
    this.#sync = sync;
  }

  /** Whether a write failed since the store was opened. */
  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** Writes all or nothing. One write at a time; not where one has failed, before `recover()`. */
  async write(operations: Operation[]): Promise<void> {
    try {
      await this.#opened().batch(operations, { sync: this.#sync });
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  /** Opens the store again. Where that fails, the store is as it was, or opened at the next call. */
  async recover(): Promise<void> {
    if (this.#store !== undefined) this.#opener.assertRoom();
    this.#reopening ??= this.#reopen().finally(() => (this.#reopening = undefined));
    await this.#reopening;
  }

  /** Reads, once more where the store was opened again meanwhile. */
  async read<T>(use: (store: Store) => Promise<T>): Promise<T> {
    const store = this.#store ?? (await this.#available());
    try {
      return await use(store);
    } catch (error) {
      if (this.#closed) throw new LogClosedError();
      if (store === this.#store) throw error;
      return await use(await this.#available());
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    // What is being opened would stay open.
    await this.#reopening?.catch(() => undefined);
    const store = this.#store;
    this.#store = undefined;
    if (store !== undefined) await this.#opener.close(store);
  }

  /** What went wrong, as an error of this package. */
  failure(error: unknown, stored: Stored): Error {
    return isOurs(error) ? (error as Error) : storeFailure(this.#opener.place, error, stored);
  }

  async #available(): Promise<Store> {
    if (this.#store === undefined) await this.recover();
    return this.#opened();
  }

  #opened(): Store {
    if (this.#store === undefined) throw new LogClosedError();
    return this.#store;
  }

  async #reopen(): Promise<Store> {
    const store = this.#store;
    this.#store = undefined;
    if (store !== undefined) await this.#opener.close(store);
    if (this.#closed) throw new LogClosedError();
    this.#store = await this.#opener.open();
    this.#failure = undefined;
    return this.#store;
  }
}
