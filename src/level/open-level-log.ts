import { InvalidArgumentError } from '../errors/inputs.js';
import { count, flag, oneOf } from '../options/check.js';
import { knownOptions } from '../options/known-options.js';
import { DEFAULT_DEDUPE } from '../log/dedupe-window.js';
import type { Entry, EventLog } from '../log/event-log.js';
import { MissingPeerError } from '../log/store-errors.js';
import { openLog } from './open-log.js';
import { levelStores, type LevelClass } from './level-stores.js';

/** Options of {@link openLevelLog}. */
export interface LevelLogOptions {
  /**
   * Whether an append waits until its entries are on the disk (fsync), so that they survive a power failure. Without it
   * they survive the end of the process, not that of the machine, and the loss of the newest entries goes unnoticed.
   * Default: true.
   */
  readonly sync?: boolean | undefined;
  /** How many ids are remembered, so that what is sent again is stored once. Default: 65,536. */
  readonly dedupe?: number | undefined;
  /**
   * What to do with a damaged log. `'truncate'` reads all of it, keeps what comes before the damage and deletes the
   * rest, for good; the log then has a new id. Default: it is refused with `LogDamagedError`.
   */
  readonly repair?: 'truncate' | undefined;
}

/**
 * Opens a log in a folder of its own, by `classic-level`, and makes it where there is none. For Node.
 *
 *     append    a b ------- c --      fsync, then the positions
 *     kill -9   ------- X -----
 *     open      ---------- O --       a, b and their ids are there: c gets position 3
 *
 * One process at a time may have it open. Entries and states of checkpoints may be everything that JSON can say, with
 * bytes in it; what JSON would change is refused with `UnstorableValueError`.
 *
 * @throws InvalidArgumentError, InvalidOptionError, UnknownOptionError
 * @throws MissingPeerError where `classic-level` is not installed
 * @throws LogLockedError, LogFolderError, LogFullError, LogFormatError, LogDamagedError
 */
export async function openLevelLog<E = Entry>(folder: string, options?: LevelLogOptions): Promise<EventLog<E>> {
  if (typeof folder !== 'string' || folder === '') {
    throw new InvalidArgumentError('openLevelLog', 'folder', folder, 'the path of a folder');
  }
  const { sync, dedupe, repair } = knownOptions('openLevelLog', options, ['sync', 'dedupe', 'repair']);
  if (repair !== undefined) oneOf('openLevelLog', 'repair', repair, ['truncate']);
  const stores = levelStores(folder, await load(), await import('node:fs'));
  return openLog<E>(stores, {
    sync: sync === undefined || flag('openLevelLog', 'sync', sync),
    dedupe: count('openLevelLog', 'dedupe', dedupe, DEFAULT_DEDUPE, 0, false),
    repair: repair !== undefined,
  });
}

async function load(): Promise<LevelClass> {
  try {
    const { ClassicLevel } = await import('classic-level');
    return ClassicLevel<string, Uint8Array>;
  } catch (error) {
    throw new MissingPeerError('classic-level', '3', 'openLevelLog', error);
  }
}
