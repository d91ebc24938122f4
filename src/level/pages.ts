import { isOurs } from '../log/is-ours.js';
import { LogDamagedError } from '../log/store-errors.js';
import type { Timestamp } from '../types.js';
import { spanOf, spans, type Span } from './keys.js';
import { isDamage } from './failure.js';
import { decodeRecord } from './record.js';
import { PAGE, type Store } from './store.js';

/** Fetched at once, so that a page of small records takes one trip to the store. */
const BYTES = 256 * 1024;

/** Which part of the log to read, and what of it may be gone. */
export interface Page {
  readonly after: Timestamp;
  readonly limit: number;
  /** Where the log ends. What comes in while the page is read is left for the next one. */
  readonly last: Timestamp;
  /** Up to where the log is trimmed by now. */
  readonly trimmed: () => Timestamp;
}

/** Reads a page, and refuses it where a position is missing or a record was altered. */
export async function readPage<E>(
  store: Store,
  place: string,
  page: Page,
  size: number = PAGE,
): Promise<(readonly [E, Timestamp])[]> {
  const { after, limit, last } = page;
  const entries: (readonly [E, Timestamp])[] = [];
  if (after >= last) return entries;
  let expected = after + 1;
  const cursor = store.iterator({ ...spans('e', after), highWaterMarkBytes: BYTES });
  try {
    while (entries.length < limit && expected <= last) {
      const records = await cursor.nextv(Math.min(limit - entries.length, size));
      if (records.length === 0) break;
      for (const [key, record] of records) {
        if (entries.length >= limit || expected > last) break;
        const span = spanIn(place, key, expected);
        const { first } = span;
        // What was trimmed while the page was read is no hole.
        if (first > expected && first <= page.trimmed() + 1) expected = first;
        if (first > expected) throw new LogDamagedError(place, expected, first - 1);
        const values = decode(place, key, record, { first: expected, last: span.last });
        const end = Math.min(values.length, expected - first + limit - entries.length, last - first + 1);
        for (let i = expected - first; i < end; i++) entries.push([values[i] as E, first + i]);
        expected = Math.max(expected, first + end);
      }
    }
  } catch (error) {
    if (isOurs(error) || !isDamage(error)) throw error;
    // Once more, record by record, to find the first that can't be read.
    if (size > 1) return await readPage(store, place, page, 1);
    throw new LogDamagedError(place, expected, last, error);
  } finally {
    await cursor.close();
  }
  if (entries.length < limit && expected <= last && last > page.trimmed()) {
    throw new LogDamagedError(place, Math.max(expected, page.trimmed() + 1), last);
  }
  return entries;
}

function spanIn(place: string, key: string, expected: Timestamp): Span {
  const span = spanOf(key);
  if (span !== undefined) return span;
  throw new LogDamagedError(place, expected, Infinity, new Error(`the key ${key} is damaged`));
}

function decode(place: string, key: string, record: Uint8Array, { first, last }: Span): readonly unknown[] {
  try {
    return decodeRecord(key, record) as readonly unknown[];
  } catch (error) {
    throw new LogDamagedError(place, first, last, error);
  }
}
