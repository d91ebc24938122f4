import type * as Fs from 'node:fs';
import { LogDamagedError } from '../log/store-errors.js';
import type { Opener } from './connection.js';
import { isDamage, storeFailure } from './failure.js';
import { assertRoom, holdsData, isComplete } from './folder.js';
import { HeadMark } from './head-mark.js';
import { claim, release } from './open-folders.js';
import type { Store } from './store.js';

/** What it takes to open the store of a log, again and again. */
export interface Stores extends Opener {
  readonly head: HeadMark;
  /** Lets LevelDB save what it can of its own files. */
  readonly repair: () => Promise<void>;
}

/** The class of classic-level, as far as it is used here. */
export interface LevelClass {
  new (
    folder: string,
    options: { readonly keyEncoding: 'utf8'; readonly valueEncoding: 'view' },
  ): Store & { open(options: { readonly createIfMissing: boolean }): Promise<void> };
  repair(folder: string): Promise<void>;
}

/** The stores of a folder, by classic-level. */
export function levelStores(folder: string, Level: LevelClass, fs: typeof Fs): Stores {
  const head = new HeadMark(fs, folder);
  const damaged = (cause?: unknown): Error => new LogDamagedError(folder, 1, head.read().last || Infinity, cause);
  let claimed: string | undefined;

  async function open(): Promise<Store> {
    const exists = head.read().last > 0 || holdsData(fs, folder);
    if (exists && !isComplete(fs, folder)) throw damaged();
    claimed = claimFolder(folder, fs);
    const store = new Level(folder, { keyEncoding: 'utf8', valueEncoding: 'view' });
    try {
      await store.open({ createIfMissing: !exists });
      return store;
    } catch (error) {
      release(claimed);
      throw exists && isDamage(error) ? damaged(error) : storeFailure(folder, error, 'nothing');
    }
  }

  return {
    place: folder,
    head,
    open,
    async close(store) {
      await store.close();
      if (claimed !== undefined) release(claimed);
    },
    assertRoom: () => {
      assertRoom(fs, folder);
    },
    async repair() {
      try {
        await Level.repair(folder);
      } catch (error) {
        throw storeFailure(folder, error, 'nothing');
      }
    },
  };
}

/** Makes the folder where there is none. */
function claimFolder(folder: string, fs: typeof Fs): string {
  let path: string;
  try {
    fs.mkdirSync(folder, { recursive: true });
    path = fs.realpathSync(folder);
  } catch (error) {
    throw storeFailure(folder, error, 'nothing');
  }
  claim(path, folder);
  return path;
}
