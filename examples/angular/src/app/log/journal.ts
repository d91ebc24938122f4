import { Injectable } from '@angular/core';
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Entry } from './command';

interface Schema extends DBSchema {
  entries: { key: number; value: Entry };
}

/** The commands of earlier visits, in IndexedDB. */
@Injectable({ providedIn: 'root' })
export class Journal {
  /** What was there when the application started. */
  restored: readonly Entry[] = [];
  #database: IDBPDatabase<Schema> | undefined;

  /** The last timestamp that was given out: the seed of the next dispatcher. */
  get last(): number {
    return this.restored.at(-1)?.ts ?? 0;
  }

  /** Where there is no IndexedDB, as in some private windows, the desk forgets. */
  async open(): Promise<void> {
    try {
      this.#database = await openDB<Schema>('flight-desk', 1, {
        upgrade: (database) => void database.createObjectStore('entries', { keyPath: 'ts' }),
      });
      this.restored = await this.#database.getAll('entries');
    } catch (error) {
      console.warn('no journal:', error);
    }
  }

  async append(entry: Entry): Promise<Entry> {
    await this.#database?.put('entries', entry);
    return entry;
  }

  async clear(): Promise<void> {
    await this.#database?.clear('entries');
  }
}
