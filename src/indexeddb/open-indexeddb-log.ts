import { InvalidArgumentError } from '../errors/inputs.js';
import { DEFAULT_DEDUPE } from '../log/dedupe-window.js';
import type { Entry, EventLog } from '../log/event-log.js';
import { reportError } from '../log/report-error.js';
import { callback, count, oneOf } from '../options/check.js';
import { knownOptions } from '../options/known-options.js';
import { LogUnavailableError, type LogLostError, type LogOutdatedError } from './errors.js';
import { IndexedDbLog } from './indexeddb-log.js';

/** Options of {@link openIndexedDbLog}. */
export interface IndexedDbLogOptions<E = Entry> {
  /**
   * How long an append waits: until its entries are on the disk (`'strict'`), so that they survive a power failure, or
   * until the system has them (`'relaxed'`), so that they survive the end of the browser; that takes a half to a third
   * of the time. Default: `'strict'`.
   */
  readonly durability?: 'strict' | 'relaxed' | undefined;
  /**
   * How many ids are remembered, so that what is sent again is stored once; the same number in all pages. Default:
   * 65,536.
   */
  readonly dedupe?: number | undefined;
  /** Gives the log to use where there is no IndexedDB, such as `() => memoryLog()`. Default: that is an error. */
  readonly fallback?: (() => EventLog<E> | PromiseLike<EventLog<E>>) | undefined;
  /**
   * Called once when the log can't be used any more, though nobody has closed it: a newer page has changed its format,
   * or it was deleted. Every later call rejects with the same error.
   */
  readonly onLost?: ((error: LogOutdatedError | LogLostError) => void) | undefined;
}

/**
 * Opens a log in the browser, in an IndexedDB database of this name, and makes it where there is none.
 *
 *     tab 1  append   a ----- c -------     positions 1 and 3
 *     tab 2  append   --- b ------- d --    positions 2 and 4
 *     tab 3  read     a - b - c --- d --
 *
 * Any number of pages and workers may have it open and append to it: each position is taken inside the transaction that
 * stores the entries. `watch` tells what others append as well. A connection that the browser closes is opened again.
 *
 * Entries and states of checkpoints may be everything that the structured clone algorithm can copy; the rest is refused
 * with `UnstorableValueError`. Needs the package `idb`.
 *
 * @throws InvalidArgumentError, InvalidOptionError, UnknownOptionError
 * @throws LogUnavailableError where there is no IndexedDB, and no `fallback`
 * @throws LogOutdatedError, LogFormatError, LogFullError, LogStoreError
 */
export async function openIndexedDbLog<E = Entry>(
  name: string,
  options?: IndexedDbLogOptions<E>,
): Promise<EventLog<E>> {
  const owner = 'openIndexedDbLog';
  if (typeof name !== 'string' || name === '') {
    throw new InvalidArgumentError(owner, 'name', name, 'the name of a database');
  }
  const given = knownOptions(owner, options, ['durability', 'dedupe', 'fallback', 'onLost']);
  const durability = oneOf(owner, 'durability', given.durability, ['strict', 'relaxed']);
  const dedupe = count(owner, 'dedupe', given.dedupe, DEFAULT_DEDUPE, 0, false);
  const fallback = callback(owner, 'fallback', given.fallback);
  const onLost = callback(owner, 'onLost', given.onLost);
  try {
    return await IndexedDbLog.open<E>(name, { durability, dedupe, onEnd: (error) => tell(onLost, error) });
  } catch (error) {
    if (fallback !== undefined && error instanceof LogUnavailableError) return await fallback();
    throw error;
  }
}

function tell<T>(listener: ((value: T) => void) | undefined, value: T): void {
  try {
    listener?.(value);
  } catch (error) {
    reportError(error);
  }
}
