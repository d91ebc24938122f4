import type { LogHead } from '../log/event-log.js';
import type { Timestamp } from '../types.js';
import type { Transaction } from './schema.js';

/** Up to where the log is trimmed. */
export async function trimmedIn(tx: Transaction): Promise<Timestamp> {
  return (await tx.objectStore('meta').get('trimmed')) as Timestamp;
}

/** Where the log begins and ends. A record that is trimmed in part is there; behind one that is trimmed whole, `trimmed` tells. */
export async function headIn(tx: Transaction): Promise<LogHead> {
  const [trimmed, newest] = await Promise.all([trimmedIn(tx), tx.objectStore('entries').openKeyCursor(null, 'prev')]);
  return { trimmed, last: newest?.key ?? trimmed };
}

/** The id of the log, and where it begins and ends. */
export async function identityIn(tx: Transaction): Promise<LogHead & { readonly id: string }> {
  const [id, head] = await Promise.all([tx.objectStore('meta').get('id'), headIn(tx)]);
  return { id: id as string, ...head };
}
