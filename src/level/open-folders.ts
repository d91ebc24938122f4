import { LogLockedError } from '../log/store-errors.js';

/**
 * The folders that this process has open.
 *
 * LevelDB's own lock is one between processes: an attempt to open a store that the same process has open fails, and
 * releases the lock of the first, so that another process can get in. (Locks of POSIX belong to the process, and go when
 * it closes the file once.) Kept at the global object: the ESM and the CommonJS build of this package may both be loaded.
 */
const KEY = Symbol.for('rxjs-clocked-dispatch/level: open folders');

/** Claims a folder by its real path; `folder` is how the caller calls it. */
export function claim(path: string, folder: string): void {
  const open = openFolders();
  if (open.has(path)) throw new LogLockedError(folder);
  open.add(path);
}

export function release(path: string): void {
  openFolders().delete(path);
}

function openFolders(): Set<string> {
  const shared = globalThis as Record<symbol, Set<string> | undefined>;
  return (shared[KEY] ??= new Set());
}
