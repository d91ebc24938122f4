import { decodeRecord, encodeRecord } from './record.js';
import type { Operation, Store } from './store.js';

/** The format that this release writes, and the newest that it reads. Later ones must keep this one record readable. */
export const FORMAT_VERSION = 1;

/** Reads one record; `undefined` where there is none. Throws where it is damaged. */
export async function readRecord(store: Store, key: string): Promise<unknown> {
  const record = await store.get(key);
  return record === undefined ? undefined : decodeRecord(key, record);
}

/** Writes one record, as part of a batch. */
export function putRecord(key: string, value: unknown): Operation & { readonly type: 'put' } {
  return { type: 'put', key, value: encodeRecord(key, value) };
}
