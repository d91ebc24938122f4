import { openDB } from 'idb';
import { LogFormatError } from '../log/store-errors.js';
import { LogLostError, LogOutdatedError, LogUnavailableError } from './errors.js';
import { isUnavailable, nameOf } from './failure.js';
import { create, FORMAT_VERSION, isLog, type Database } from './schema.js';

/** What happens to a connection. */
export interface ConnectionEvents {
  /** The browser has closed it. */
  readonly onTerminated: (db: Database) => void;
  /** Another page waits until it is closed: to change the format, or to delete the log, where `format` is null. */
  readonly onVersionChange: (db: Database, format: number | null) => void;
}

/** Connects to the database of a log. One that does not exist is made, or refused with `LogLostError`. */
export async function openDatabase(
  name: string,
  absent: 'make' | 'refuse',
  { onTerminated, onVersionChange }: ConnectionEvents,
): Promise<Database> {
  if (typeof indexedDB === 'undefined') throw new LogUnavailableError(name, new Error('indexedDB is not defined'));
  let lost = false as boolean;
  try {
    const db: Database = await openDB(name, FORMAT_VERSION, {
      upgrade(made, _old, _new, tx) {
        lost = absent === 'refuse';
        tx.done.catch(() => undefined);
        if (lost) tx.abort();
        else create(made, (key, value) => void tx.objectStore('meta').put(value, key));
      },
      terminated: () => onTerminated(db),
      blocking: (_format, wanted) => onVersionChange(db, wanted),
    });
    if (isLog(db)) return db;
    db.close();
  } catch (error) {
    if (lost) throw new LogLostError(name);
    if (nameOf(error) === 'VersionError') throw await newer(name);
    // What else the browser says may pass: whoever connects tries again.
    throw isUnavailable(error) ? new LogUnavailableError(name, error) : error;
  }
  throw new LogFormatError(name, undefined, FORMAT_VERSION);
}

/** What has a higher version: a log of a newer page, or something else. */
async function newer(name: string): Promise<Error> {
  const db: Database = await openDB(name);
  db.close();
  return isLog(db)
    ? new LogOutdatedError(name, db.version, FORMAT_VERSION)
    : new LogFormatError(name, undefined, FORMAT_VERSION);
}
