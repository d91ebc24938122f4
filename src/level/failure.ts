import type { Stored } from '../log/errors.js';
import { LogFolderError, LogFullError, LogLockedError, LogStoreError } from '../log/store-errors.js';

/** What LevelDB and the file system say, as an error of this package. LevelDB has only texts for most of it. */
export function storeFailure(place: string, error: unknown, stored: Stored): Error {
  const said = saidBy(error);
  if (said.includes('LEVEL_LOCKED')) return new LogLockedError(place, error);
  if (/ENOSPC|EDQUOT|EFBIG|no space left|quota exceeded|file too large/i.test(said)) {
    return new LogFullError(place, error, stored);
  }
  if (/EACCES|EPERM|EROFS|ENOTDIR|EEXIST|EISDIR|ENAMETOOLONG|permission denied|read-only|not a directory/i.test(said)) {
    return new LogFolderError(place, error);
  }
  return new LogStoreError(place, error, stored);
}

/** Whether LevelDB finds its own files damaged, misses one, or a record is not what was written. */
export function isDamage(error: unknown): boolean {
  return /LEVEL_CORRUPTION|corruption|LEVEL_NOT_FOUND|no such file|create_if_missing is false|\.(ldb|sst):|wrong checksum/i.test(
    saidBy(error),
  );
}

/** The codes and messages of an error and its causes. */
function saidBy(error: unknown): string {
  let said = '';
  for (let cause: unknown = error; cause instanceof Error; { cause } = cause) {
    said += `${String((cause as { readonly code?: unknown }).code)} ${cause.message}\n`;
  }
  return said;
}
