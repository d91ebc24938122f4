import type { DBSchema, IDBPDatabase, IDBPTransaction } from 'idb';
import type { CheckpointMark } from '../log/checkpoint-order.js';
import type { Checkpoint } from '../log/event-log.js';
import { randomId } from '../log/random-id.js';
import type { Timestamp } from '../types.js';

/** The format that this release writes, and the newest that it reads: the version of the database. */
export const FORMAT_VERSION = 1;

const STORES = ['entries', 'ids', 'checkpoints', 'marks', 'meta'] as const;

/** The name of a store. */
export type StoreName = (typeof STORES)[number];

/** Records with entries and with ids are found by the last position that they cover. */
interface Schema extends DBSchema {
  entries: { key: Timestamp; value: EntryRecord };
  ids: { key: Timestamp; value: IdRecord };
  /** Checkpoints by name; and without their states, so that all can be listed. */
  checkpoints: { key: string; value: Checkpoint };
  marks: { key: string; value: CheckpointMark };
  /** `id` and `trimmed`. */
  meta: { key: string; value: string | number };
}

/** Entries that were stored together. */
export interface EntryRecord {
  readonly first: Timestamp;
  readonly entries: readonly unknown[];
  /** Which append stored them. */
  readonly by: string;
}

/** The ids of entries that were stored together. */
export interface IdRecord {
  readonly first: Timestamp;
  readonly ids: readonly (string | undefined)[];
}

/** The database of a log. */
export type Database = IDBPDatabase<Schema>;

/** A transaction that can read; one that can write, too, is one. */
export type Transaction = IDBPTransaction<Schema, StoreName[], IDBTransactionMode>;

/** A transaction that can write. */
export type WriteTransaction = IDBPTransaction<Schema, StoreName[], 'readwrite'>;

/** Makes a new log. Later releases change the format here, and must keep `meta` readable. */
export function create(db: Database, meta: (key: string, value: string | number) => void): void {
  for (const store of STORES) db.createObjectStore(store);
  meta('id', randomId());
  meta('trimmed', 0);
}

/** Whether a database is that of a log, of this format or another. */
export function isLog({ objectStoreNames, version }: Database): boolean {
  const stores = version === FORMAT_VERSION ? STORES : (['entries', 'meta'] as const);
  return stores.every((store) => objectStoreNames.contains(store));
}
