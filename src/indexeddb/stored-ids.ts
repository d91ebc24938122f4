import { rememberIds, type AppendPlan } from '../log/append-plan.js';
import { DedupeWindow } from '../log/dedupe-window.js';
import type { Timestamp } from '../types.js';
import type { IdRecord, Transaction } from './schema.js';

/**
 * The newest ids of the log, read when they are needed first, and then as others add to them.
 *
 * A position has at most one id, so the newest `size` positions are a first guess at where the newest ids are.
 */
export class StoredIds {
  readonly #size: number;
  readonly #window: DedupeWindow;
  /** Up to which position the window is complete; undefined before it was read. */
  #upTo: Timestamp | undefined;

  constructor(size: number) {
    this.#size = size;
    this.#window = new DedupeWindow(size);
  }

  /** The ids as they are in a transaction, in which the log ends at `last`. */
  async in(tx: Transaction, last: Timestamp): Promise<DedupeWindow> {
    if (this.#size === 0) return this.#window;
    if (this.#upTo === undefined) this.#addAll(await newest(tx, last, this.#size));
    else if (this.#upTo < last) this.#addAll(await between(tx, this.#upTo, last));
    this.#upTo = last;
    return this.#window;
  }

  /** Adds what was stored from `first` on. Where it stands behind what is not known yet, it is read together with that. */
  add<E>(plan: AppendPlan<E>, first: Timestamp): void {
    if (this.#upTo !== first - 1) return;
    rememberIds(plan, first, this.#window);
    this.#upTo += plan.fresh.length;
  }

  #addAll(records: readonly IdRecord[]): void {
    for (const { first, ids } of records) {
      ids.forEach((id, i) => {
        if (id !== undefined) this.#window.add(id, first + i);
      });
    }
  }
}

async function newest(tx: Transaction, last: Timestamp, size: number): Promise<readonly IdRecord[]> {
  let records: readonly IdRecord[] = [];
  let count = 0;
  let width = size;
  for (let to = last; to > 0 && count < size; to -= width, width *= 2) {
    const found = await between(tx, to - width, to);
    records = [...found, ...records];
    for (const { ids } of found) count += ids.filter((id) => id !== undefined).length;
  }
  return records;
}

function between(tx: Transaction, after: Timestamp, upTo: Timestamp): Promise<readonly IdRecord[]> {
  return tx.objectStore('ids').getAll(IDBKeyRange.bound(after, upTo, true));
}
