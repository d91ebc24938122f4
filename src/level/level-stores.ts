import type * as Fs from 'node:fs';
import { LogDamagedError } from '../log/store-errors.js';
import type { Opener } from './connection.js';
import { isDamage, storeFailure } from './failure.js';
import { assertRoom, holdsData, isComplete } from './folder.js';
import { HeadMark } from './head-mark.js';
import type { Store } from './store.js';

/** What it takes to open the store of a log, again and again. */
export interface Stores extends Opener {
  readonly head: HeadMark;
  /** Lets LevelDB save what it can of its own files. */
  repair(): Promise<void>;
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
  const damaged = (cause?: unknown): Error => new LogDamagedError(folder, 1, head.read() || Infinity, cause);
  return {
    place: folder,
    head,
    async open(): Promise<Store> {
      const exists = head.read() > 0 || holdsData(fs, folder);
      if (exists && !isComplete(fs, folder)) throw damaged();
      const store = new Level(folder, { keyEncoding: 'utf8', valueEncoding: 'view' });
      try {
        await store.open({ createIfMissing: !exists });
        return store;
      } catch (error) {
        throw exists && isDamage(error) ? damaged(error) : storeFailure(folder, error, 'nothing');
      }
    },
    assertRoom: () => assertRoom(fs, folder),
    async repair(): Promise<void> {
      try {
        await Level.repair(folder);
      } catch (error) {
        throw storeFailure(folder, error, 'nothing');
      }
    },
  };
}
