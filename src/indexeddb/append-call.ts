import { planAppend, type AppendPlan } from '../log/append-plan.js';
import { DedupeWindow } from '../log/dedupe-window.js';
import { LogOutcomeUnknownError } from '../log/errors.js';
import type { AppendOptions } from '../log/event-log.js';
import { packedRecords } from '../log/packed-records.js';
import type { Timestamp } from '../types.js';
import { isPassing } from './failure.js';
import { headIn } from './head.js';
import type { Database, Transaction, WriteTransaction } from './schema.js';
import type { StoredIds } from './stored-ids.js';
import { reading, writing, type Durability, type Write } from './transaction.js';

const STORES: ('entries' | 'ids' | 'meta')[] = ['entries', 'ids', 'meta'];
const NO_IDS = new DedupeWindow(0);

/** What an append stored, or has to store. */
export interface Attempt<E> {
  readonly plan: AppendPlan<E>;
  /** The last position before it. */
  readonly last: Timestamp;
}

/**
 * One append. Its positions are taken inside the transaction, so whoever else appends does so before or after it.
 *
 * Where a connection breaks down, a transaction may be stored without an answer. So each record says which append it
 * is of, and what is tried again looks for it first.
 */
export class AppendCall<E> {
  readonly #entries: readonly E[];
  readonly #options: AppendOptions;
  readonly #by: string;
  /** What was tried before and has no answer. */
  #doubt: Attempt<E> | undefined;

  constructor(entries: readonly E[], options: AppendOptions, by: string) {
    this.#entries = entries;
    this.#options = options;
    this.#by = by;
  }

  /** Whether something may be stored, as far as is known. */
  get inDoubt(): boolean {
    return this.#doubt !== undefined;
  }

  /** Stores it, unless it turns out to be stored. */
  async store(db: Database, ids: StoredIds, durability: Durability): Promise<Attempt<E>> {
    try {
      const stored = await writing(db, STORES, durability, (tx, write) => this.#storeIn(tx, ids, write));
      this.#doubt = undefined;
      return stored;
    } catch (error) {
      // What says why it was refused was not stored.
      if (!isPassing(error)) this.#doubt = undefined;
      throw error;
    }
  }

  /** What was stored without an answer, if it was. */
  async find(db: Database): Promise<Attempt<E> | undefined> {
    return reading(db, STORES, (tx) => this.#findIn(tx));
  }

  async #storeIn(tx: WriteTransaction, ids: StoredIds, write: Write): Promise<Attempt<E>> {
    const before = await this.#findIn(tx);
    if (before !== undefined) return before;
    this.#doubt = undefined;
    const { last } = await headIn(tx);
    const window = this.#options.ids === undefined ? NO_IDS : await ids.in(tx, last);
    const plan = planAppend(this.#entries, this.#options, last, window);
    for (const record of packedRecords(plan, last + 1)) {
      const { first, entries } = record;
      write(tx.objectStore('entries').add({ first, entries, by: this.#by }, record.last));
      if (record.ids !== undefined) write(tx.objectStore('ids').add({ first, ids: record.ids }, record.last));
    }
    if (plan.fresh.length > 0) this.#doubt = { plan, last };
    return { plan, last };
  }

  async #findIn(tx: Transaction): Promise<Attempt<E> | undefined> {
    if (this.#doubt === undefined) return undefined;
    const { plan, last } = this.#doubt;
    const end = last + plan.fresh.length;
    const [{ trimmed }, record] = await Promise.all([headIn(tx), tx.objectStore('entries').get(end)]);
    if (record?.by === this.#by) return this.#doubt;
    if (trimmed >= end) throw new LogOutcomeUnknownError(new Error('the log was trimmed meanwhile'));
    return undefined;
  }
}
