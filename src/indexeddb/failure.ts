import { isOurs } from '../log/is-ours.js';
import type { Stored } from '../log/errors.js';
import { notCloneable } from '../log/not-cloneable.js';
import { LogFullError, LogStoreError } from '../log/store-errors.js';

/** What IndexedDB says, as an error of this package. */
export function storeFailure(place: string, error: unknown, stored: Stored): Error {
  if (isOurs(error)) return error as Error;
  switch (nameOf(error)) {
    case 'DataCloneError':
      return notCloneable(error);
    case 'QuotaExceededError':
      return new LogFullError(place, error, 'nothing');
    default:
      return new LogStoreError(place, error, stored);
  }
}

/**
 * Whether a new connection may help. Browsers that have closed one say so by several names: InvalidStateError,
 * UnknownError, AbortError, TransactionInactiveError.
 */
export function isPassing(error: unknown): boolean {
  return !isOurs(error) && !['DataCloneError', 'QuotaExceededError'].includes(nameOf(error));
}

/** Whether IndexedDB can't be used at all, as in some private windows and frames. */
export function isUnavailable(error: unknown): boolean {
  return ['SecurityError', 'InvalidStateError', 'NotSupportedError'].includes(nameOf(error));
}

/** What kind of error it is. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
