import type { CheckpointMark } from '../log/checkpoint-order.js';
import type { Timestamp } from '../types.js';
import { follows, newMeta } from './contents.js';
import type { Mark } from './head-mark.js';
import { allOf, FORMAT, ID, markKey, nameOf, spanOf, stateKey, TRIMMED } from './keys.js';
import { readRecord } from './meta.js';
import { decodeRecord } from './record.js';
import { through, type Operation, type Store } from './store.js';

/**
 * Keeps what can be read from the beginning on, and deletes everything behind the first hole or damaged record: all at
 * once, so that a repair that is cut short has not happened. Returns the last position that is left.
 *
 * A log that has lost entries gets a new id: their positions will be given out again, for others. Checkpoints that have
 * lost entries in them are forgotten.
 */
export async function truncate(store: Store, head: Mark): Promise<Mark> {
  const trimmed = await trimmedOf(store, head);
  const { last, lost } = await lastReadable(store, trimmed);
  const deletions = [
    ...(await unreadable(store, 'e', last, trimmed)),
    ...(await unreadable(store, 'i', last, trimmed)),
    ...(await checkpointsBehind(store, last)),
  ].map((key): Operation => ({ type: 'del', key }));
  const whole = !lost && head.last <= last && (await hasMeta(store));
  const changes = whole ? deletions : [...deletions, ...newMeta(trimmed, last)];
  if (changes.length > 0) await store.batch(changes, { sync: true });
  return { last, trimmed };
}

async function hasMeta(store: Store): Promise<boolean> {
  const records = await Promise.all([FORMAT, ID, TRIMMED].map((key) => readRecord(store, key).catch(() => undefined)));
  return records.every((record) => record !== undefined);
}

/** Where the log begins: what it says, or else the mark beside it. */
async function trimmedOf(store: Store, head: Mark): Promise<Timestamp> {
  const said = await readRecord(store, TRIMMED).catch(() => undefined);
  return typeof said === 'number' ? said : head.trimmed;
}

async function lastReadable(store: Store, trimmed: Timestamp): Promise<{ last: Timestamp; lost: boolean }> {
  let last = trimmed;
  for await (const records of through(store.iterator(allOf('e')))) {
    for (const [key, record] of records) {
      const span = spanOf(key);
      if (span !== undefined && span.last <= trimmed) continue;
      const next = span !== undefined && follows(span, last + 1, trimmed) && isReadable(key, record);
      if (!next) return { last, lost: true };
      last = span.last;
    }
  }
  return { last, lost: false };
}

/** The records that reach behind `last`, and those that can't be read. */
async function unreadable(store: Store, kind: string, last: Timestamp, trimmed: Timestamp): Promise<string[]> {
  const found: string[] = [];
  for await (const records of through(store.iterator(allOf(kind)))) {
    for (const [key, record] of records) {
      const span = spanOf(key);
      const trimmedAnyway = kind === 'e' && span !== undefined && span.last <= trimmed;
      const keep = span !== undefined && span.last <= last && (trimmedAnyway || isReadable(key, record));
      if (!keep) found.push(key);
    }
  }
  return found;
}

function isReadable(key: string, record: Uint8Array): boolean {
  try {
    decodeRecord(key, record);
    return true;
  } catch {
    return false;
  }
}

async function checkpointsBehind(store: Store, last: Timestamp): Promise<string[]> {
  const found: string[] = [];
  for await (const keys of through(store.keys(allOf('t:')))) {
    for (const key of keys) {
      const name = nameOf(key);
      if (name === undefined) continue;
      const saved = (await readRecord(store, stateKey(name)).catch(() => undefined)) as CheckpointMark | undefined;
      if (saved === undefined || saved.ts > last) found.push(stateKey(name), markKey(name));
    }
  }
  return found;
}
