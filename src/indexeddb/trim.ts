import type { LogHead } from '../log/event-log.js';
import type { Timestamp } from '../types.js';
import { headIn } from './head.js';
import type { Database } from './schema.js';
import type { StoredIds } from './stored-ids.js';
import { writing, type Durability } from './transaction.js';

/** Deletes the records up to a position. Ids stay as long as they are remembered. */
export function trimEntries(db: Database, upTo: Timestamp, ids: StoredIds, durability: Durability): Promise<LogHead> {
  return writing(db, ['entries', 'ids', 'meta'], durability, async (tx, write) => {
    const { trimmed, last } = await headIn(tx);
    const to = Math.min(upTo, last);
    if (to <= trimmed) return { trimmed, last };
    const oldest = (await ids.in(tx, last)).oldest();
    write(tx.objectStore('meta').put(to, 'trimmed'));
    write(tx.objectStore('entries').delete(IDBKeyRange.upperBound(to)));
    write(tx.objectStore('ids').delete(IDBKeyRange.upperBound(Math.min(to, oldest - 1))));
    return { trimmed: to, last };
  });
}
