import type { Timestamp } from '../types.js';
import { entryOf } from './decoder.js';
import { letGo, type Source } from './source.js';

/** After how many milliseconds messages that were announced and do not come are asked for once more. */
const EXPIRES = 2000;

/** What comes after a position, at most so many; fewer means that the stream ends there. */
export async function readPage<E>(
  source: Source,
  after: Timestamp,
  limit: number,
): Promise<readonly (readonly [entry: E, ts: Timestamp])[]> {
  const found: (readonly [entry: E, ts: Timestamp])[] = [];
  const consumer = await source.consumer(after);
  try {
    let { num_pending: pending } = await consumer.info(true);
    while (pending > 0 && found.length < limit) {
      const messages = await consumer.fetch({
        max_messages: Math.min(pending, limit - found.length),
        expires: EXPIRES,
      });
      let came = false;
      for await (const message of messages) {
        came = true;
        pending = message.info.pending;
        const carried = entryOf(source.stream, message);
        if (carried !== undefined) found.push([carried.entry as E, message.seq]);
        if (pending === 0) break;
      }
      // They were purged meanwhile, or the server is gone, which asking tells.
      if (!came) ({ num_pending: pending } = await consumer.info());
    }
    return found;
  } finally {
    letGo(consumer);
  }
}
