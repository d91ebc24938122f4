import { LogDamagedError } from '../log/store-errors.js';
import type { Timestamp } from '../types.js';
import { trimmedIn } from './head.js';
import type { EntryRecord, Transaction } from './schema.js';

/** Entries with their positions, and up to where the log was trimmed when they were read. */
export interface Page<E> {
  readonly entries: readonly (readonly [entry: E, ts: Timestamp])[];
  readonly trimmed: Timestamp;
}

/** Reads the entries after a position, at most `limit`. Refuses them where one is missing. */
export async function readPage<E>(tx: Transaction, place: string, after: Timestamp, limit: number): Promise<Page<E>> {
  const trimmed = await trimmedIn(tx);
  const start = Math.max(after, trimmed);
  const end = start + limit;
  const store = tx.objectStore('entries');
  const entries: (readonly [E, Timestamp])[] = [];
  let next = start + 1;
  const take = (record: EntryRecord): void => {
    const { first } = record;
    if (first > next) throw new LogDamagedError(place, next, first - 1);
    const upTo = Math.min(end, first + record.entries.length - 1);
    for (; next <= upTo; next++) entries.push([record.entries[next - first] as E, next]);
  };
  (await store.getAll(IDBKeyRange.bound(start, end, true))).forEach(take);
  // The last ones may stand in a record that reaches further.
  const rest = next <= end ? await store.get(IDBKeyRange.lowerBound(end, true)) : undefined;
  if (rest !== undefined) take(rest);
  return { entries, trimmed };
}
