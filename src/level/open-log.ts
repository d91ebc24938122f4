import { LogDamagedError } from '../log/store-errors.js';
import { Connection } from './connection.js';
import { readContents } from './contents.js';
import { storeFailure } from './failure.js';
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
export async function openLog<E>(stores: Stores, { sync, dedupe, repair }: OpenOptions): Promise<LevelLog<E>> {
  const { place, head } = stores;
  const store = repair ? await openRepaired(stores) : await stores.open();
  try {
    const contents = await readContents(store, { folder: place, head: head.read(), dedupe });
    const connection = new Connection(stores, store, sync);
    // Where the disk is full, the log can be read all the same; the next append will say so.
    if (contents.checked < contents.last) {
      await connection.write([putRecord(CHECKED, contents.last)]).catch(() => undefined);
    }
    return new LevelLog(place, connection, contents, sync ? head : undefined);
  } catch (error) {
    await store.close();
    throw isOurs(error) ? error : storeFailure(place, error, 'nothing');
  }
}

async function openRepaired(stores: Stores): Promise<Store> {
  const store = await stores.open().catch(async (error: unknown) => {
    if (!(error instanceof LogDamagedError)) throw error;
    await stores.repair();
    return stores.open();
  });
  try {
    stores.head.write(await truncate(store, stores.head.read()));
    return store;
  } catch (error) {
    await store.close();
    throw isOurs(error) ? error : storeFailure(stores.place, error, 'nothing');
  }
}

function isOurs(error: unknown): boolean {
  return (error as { readonly code?: string }).code?.startsWith('RCD') ?? false;
}
