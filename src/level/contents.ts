import type { CheckpointMark } from '../log/checkpoint-order.js';
import { DedupeWindow } from '../log/dedupe-window.js';
import { isOurs } from '../log/is-ours.js';
import { randomId } from '../log/random-id.js';
import { LogDamagedError, LogFormatError } from '../log/store-errors.js';
import type { Timestamp } from '../types.js';
import { allOf, CHECKED, FORMAT, ID, isKey, nameOf, spanOf, spans, stateKey, TRIMMED, type Span } from './keys.js';
import { FORMAT_VERSION, putRecord, readRecord } from './meta.js';
import { isDamage } from './failure.js';
import { decodeRecord } from './record.js';
import { firstOf, PAGE, through, type Operation, type Store } from './store.js';

/** What a log knows of itself while it is open. */
export interface Contents {
  readonly id: string;
  readonly trimmed: Timestamp;
  readonly last: Timestamp;
  /** Up to where it was whole when it was opened before. */
  readonly checked: Timestamp;
  readonly window: DedupeWindow;
  readonly marks: Map<string, CheckpointMark>;
}

/** Where a log is, and what is known of it from elsewhere. */
export interface Place {
  readonly folder: string;
  /** The last position that is known to have been stored. */
  readonly head: Timestamp;
  /** How many ids to remember. */
  readonly dedupe: number;
}

/**
 * Reads what the log has to know, and looks for holes by the keys alone.
 *
 * Only behind what was whole when the log was opened last: opening it has moved everything from LevelDB's write-ahead
 * log, which drops damaged blocks in silence, into tables. What is altered there is found when it is read.
 */
export async function readContents(store: Store, place: Place): Promise<Contents> {
  await begin(store, place);
  const { id, trimmed, checked } = await readMeta(store, place);
  const last = await verifySpans(store, place, Math.max(trimmed, checked), trimmed);
  return { id, trimmed, last, checked, window: await readIds(store, place), marks: await readMarks(store) };
}

/** What a new log begins with. */
export function newMeta(trimmed: Timestamp = 0, checked: Timestamp = trimmed): Operation[] {
  return [
    putRecord(FORMAT, FORMAT_VERSION),
    putRecord(ID, randomId()),
    putRecord(TRIMMED, trimmed),
    putRecord(CHECKED, checked),
  ];
}

/** Refuses a log of a newer format, and a store that is no log. Resolves with what is left of it. */
export async function assertLog(store: Store, folder: string): Promise<'new' | 'log' | 'without its format'> {
  const format = await readRecord(store, FORMAT);
  if (typeof format === 'number' && format > FORMAT_VERSION) throw new LogFormatError(folder, format, FORMAT_VERSION);
  if (format !== undefined) return 'log';
  const key = await firstOf(store.keys({ limit: 1 }));
  if (key !== undefined && !isKey(key)) throw new LogFormatError(folder, undefined, FORMAT_VERSION);
  return key === undefined ? 'new' : 'without its format';
}

async function begin(store: Store, { folder, head }: Place): Promise<void> {
  const found = await assertLog(store, folder);
  if (found === 'new' && head === 0) await store.batch(newMeta(), { sync: true });
  else if (found !== 'log') throw new LogDamagedError(folder, 1, head || Infinity);
}

async function readMeta(
  store: Store,
  { folder, head }: Place,
): Promise<{ id: string; trimmed: Timestamp; checked: Timestamp }> {
  try {
    const [id, trimmed, checked] = await Promise.all([ID, TRIMMED, CHECKED].map((key) => readRecord(store, key)));
    if (typeof id !== 'string' || typeof trimmed !== 'number' || typeof checked !== 'number') {
      throw new Error('its own records are missing');
    }
    return { id, trimmed, checked };
  } catch (error) {
    throw new LogDamagedError(folder, 1, head || Infinity, error);
  }
}

/** The last position, as long as every position after `after` is covered. */
async function verifySpans(
  store: Store,
  place: Place,
  after: Timestamp,
  trimmed: Timestamp,
  size: number = PAGE,
): Promise<Timestamp> {
  const { folder, head } = place;
  let expected = after + 1;
  try {
    for await (const keys of through(store.keys({ ...spans('e', after), lt: allOf('e').lt! }), size)) {
      for (const key of keys) {
        const span = spanOf(key);
        const next = span !== undefined && follows(span, expected, trimmed);
        if (!next) throw new LogDamagedError(folder, expected, Math.max(expected, (span?.first ?? 0) - 1, head));
        expected = span.last + 1;
      }
    }
  } catch (error) {
    if (isOurs(error) || !isDamage(error)) throw error;
    // Once more, key by key, to find the first that can't be read.
    if (size > 1) return verifySpans(store, place, after, trimmed, 1);
    throw new LogDamagedError(folder, expected, head < expected ? Infinity : head, error);
  }
  const last = expected - 1;
  if (head > last) throw new LogDamagedError(folder, last + 1, head);
  return last;
}

/** Whether a record is the next one. Where a trimmed log begins, a record may be trimmed in part. */
export function follows({ first, last }: Span, expected: Timestamp, trimmed: Timestamp): boolean {
  return last >= expected && (first === expected || (expected === trimmed + 1 && first < expected));
}

/** The newest ids, from the newest record back. */
async function readIds(store: Store, { folder, dedupe }: Place): Promise<DedupeWindow> {
  const window = new DedupeWindow(dedupe);
  const found: (readonly [id: string, ts: Timestamp])[] = [];
  if (dedupe === 0) return window;
  for await (const records of through(store.iterator({ ...allOf('i'), reverse: true }))) {
    for (const [key, record] of records) found.push(...idsIn(folder, key, record).reverse());
    if (found.length >= dedupe) break;
  }
  for (const [id, ts] of found.slice(0, dedupe).reverse()) window.add(id, ts);
  return window;
}

function idsIn(folder: string, key: string, record: Uint8Array): (readonly [string, Timestamp])[] {
  const span = spanOf(key);
  try {
    if (span === undefined) throw new Error(`the key ${key} is damaged`);
    const ids = decodeRecord(key, record) as readonly (string | null)[];
    return ids.flatMap((id, i) => (id === null ? [] : [[id, span.first + i] as const]));
  } catch (error) {
    throw new LogDamagedError(folder, span?.first ?? 1, span?.last ?? Infinity, error);
  }
}

/** Where each checkpoint is. One that can't be read is reported when it is loaded, and holds `trim` until then. */
async function readMarks(store: Store): Promise<Map<string, CheckpointMark>> {
  const marks = new Map<string, CheckpointMark>();
  for await (const records of through(store.iterator(allOf('t:')))) {
    for (const [key, record] of records) {
      const name = nameOf(key);
      if (name !== undefined) marks.set(name, await markOf(store, name, key, record));
    }
  }
  return marks;
}

async function markOf(store: Store, name: string, key: string, record: Uint8Array): Promise<CheckpointMark> {
  try {
    return decodeRecord(key, record) as CheckpointMark;
  } catch {
    const saved = await readRecord(store, stateKey(name)).catch(() => undefined);
    const { ts, version } = (saved as CheckpointMark | undefined) ?? { ts: 0, version: -Infinity };
    return { ts, version };
  }
}
