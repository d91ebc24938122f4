import { isOurs } from '../log/is-ours.js';
import { LogDamagedError } from '../log/store-errors.js';
import { Connection } from './connection.js';
import { assertLog, readContents } from './contents.js';
import { isDamage, storeFailure } from './failure.js';
import { CHECKED } from './keys.js';
import { LevelLog } from './level-log.js';
import type { Stores } from './level-stores.js';
import { putRecord } from './meta.js';
import { truncate } from './repair.js';
import type { Store } from './store.js';

/** The options of a log, checked and complete. */
export interface OpenOptions {
  readonly sync: boolean;
  readonly dedupe: number;
  readonly repair: boolean;
}

/** Opens the store, reads what the log has to know, and repairs it where that was asked for. */
export async function openLog<E>(stores: Stores, options: OpenOptions): Promise<LevelLog<E>> {
  if (!options.repair) return openStore(stores, (store) => logIn<E>(stores, store, options));
  const repaired = async (store: Store): Promise<LevelLog<E>> => {
    await assertLog(store, stores.place).catch((error: unknown) => {
      if (!isDamage(error)) throw error;
    });
    stores.head.write(await truncate(store, stores.head.read()));
    return logIn<E>(stores, store, options);
  };
  return openStore(stores, repaired).catch(async (error: unknown) => {
    // What LevelDB can't go through, nothing can be deleted from: it has to mend its own files first.
    if (!(error instanceof LogDamagedError)) throw error;
    await stores.repair();
    return openStore(stores, repaired);
  });
}

async function logIn<E>(stores: Stores, store: Store, { sync, dedupe }: OpenOptions): Promise<LevelLog<E>> {
  const { place, head } = stores;
  const contents = await readContents(store, { folder: place, head: head.read().last, dedupe });
  const connection = new Connection(stores, store, sync);
  // Where the disk is full, the log can be read all the same; the next append will say so.
  if (contents.checked < contents.last) {
    await connection.write([putRecord(CHECKED, contents.last)]).catch(() => undefined);
  }
  return new LevelLog(place, connection, contents, { head, sync });
}

/** Opens the store; where it can't be used, it is closed again, and the error is one of this package. */
async function openStore<T>({ place, head, open, close }: Stores, use: (store: Store) => Promise<T>): Promise<T> {
  const store = await open();
  try {
    return await use(store);
  } catch (error) {
    await close(store);
    if (isOurs(error)) throw error;
    throw isDamage(error)
      ? new LogDamagedError(place, 1, head.read().last || Infinity, error)
      : storeFailure(place, error, 'nothing');
  }
}
