import type { Timestamp } from '../types.js';
import { spanOf, spans, TRIMMED } from './keys.js';
import { putRecord } from './meta.js';
import { through, type Operation, type Store } from './store.js';

/**
 * The batches that trim a log, one after the other. Each says how far the log is trimmed by it, so that one that is lost
 * leaves no hole. Ids stay as long as they are in the window: from `oldestId` on.
 */
export async function* trimBatches(
  store: Store,
  upTo: Timestamp,
  oldestId: Timestamp,
): AsyncGenerator<Operation[], void, undefined> {
  for await (const keys of through(store.keys(spans('e', 0, upTo)))) {
    const reached = spanOf(keys[keys.length - 1]!)?.last ?? upTo;
    yield [putRecord(TRIMMED, Math.min(reached, upTo)), ...deletions(keys)];
  }
  for await (const keys of through(store.keys(spans('i', 0, Math.min(upTo, oldestId - 1))))) yield deletions(keys);
  yield [putRecord(TRIMMED, upTo)];
}

function deletions(keys: readonly string[]): Operation[] {
  return keys.map((key) => ({ type: 'del', key }));
}
