import type { CheckpointMark } from '../log/checkpoint-order.js';
import { DedupeWindow } from '../log/dedupe-window.js';
import { randomId } from '../log/random-id.js';
import { LogDamagedError, LogFormatError } from '../log/store-errors.js';
import type { Timestamp } from '../types.js';
import { allOf, CHECKED, FORMAT, ID, nameOf, spanOf, spans, stateKey, TRIMMED } from './keys.js';
import { FORMAT_VERSION, putRecord, readRecord } from './meta.js';
import { decodeRecord } from './record.js';
import { firstOf, through, type Operation, type Store } from './store.js';

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
  await assertFormat(store, place);
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

async function assertFormat(store: Store, { folder, head }: Place): Promise<void> {
  const format = await readRecord(store, FORMAT).catch((error: unknown) => {
    throw new LogDamagedError(folder, 1, head || Infinity, error);
  });
  if (typeof format === 'number' && format > FORMAT_VERSION) throw new LogFormatError(folder, format, FORMAT_VERSION);
  if (format !== undefined) return;

  const key = await firstOf(store.keys({ limit: 1 }));
  if (key !== undefined && !/^[ceimt]/.test(key)) throw new LogFormatError(folder, undefined, FORMAT_VERSION);
  if (key !== undefined || head > 0) throw new LogDamagedError(folder, 1, head || Infinity);
  await store.batch(newMeta(), { sync: true });
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
  { folder, head }: Place,
  after: Timestamp,
  trimmed: Timestamp,
): Promise<Timestamp> {
  let expected = after + 1;
  for await (const keys of through(store.keys({ gte: spans('e', after).gt!, lt: allOf('e').lt! }))) {
    for (const key of keys) {
      const span = spanOf(key);
      // Where a trimmed log begins, a record may be trimmed in part.
      const follows =
        span !== undefined && (span.first === expected || (expected === trimmed + 1 && span.first < expected));
      if (!follows || span.last < expected)
        throw new LogDamagedError(folder, expected, Math.max(expected, (span?.first ?? 0) - 1, head));
      expected = span.last + 1;
    }
  }
  const last = expected - 1;
  if (head > last) throw new LogDamagedError(folder, last + 1, head);
  return last;
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
