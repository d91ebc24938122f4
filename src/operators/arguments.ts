import { isObservable, type Observable } from 'rxjs';
import { InvalidArgumentError } from '../errors/inputs.js';
import type { Clocked } from '../types.js';

/**
 * Refuses what can't be called.
 *
 * @internal
 */
export function aFunction<F>(called: string, parameter: string, given: F): F {
  if (typeof given === 'function') return given;
  throw new InvalidArgumentError(called, parameter, given, 'a function');
}

/**
 * Refuses what is no Observable, of this copy of RxJS or of another.
 *
 * @internal
 */
export function aStream(called: string, parameter: string, given: unknown): Observable<Clocked<unknown>> {
  if (isStream(given)) return given;
  throw new InvalidArgumentError(called, parameter, given, 'an Observable of [value, ts]');
}

/**
 * Whether this is an Observable; never throws, not even for a revoked Proxy.
 *
 * @internal
 */
export function isStream(given: unknown): given is Observable<Clocked<unknown>> {
  try {
    return isObservable(given);
  } catch {
    return false;
  }
}

/**
 * The entries of a list or a record of streams, and whether it is a list; `undefined` for anything else.
 *
 * @internal
 */
export function entriesOf(
  given: unknown,
): { readonly isList: boolean; readonly entries: [string, unknown][] } | undefined {
  if (typeof given !== 'object' || given === null || isStream(given)) return undefined;
  try {
    return { isList: Array.isArray(given), entries: Object.entries(given) };
  } catch (error) {
    // A revoked Proxy; what a getter throws is passed on.
    if (!(error instanceof TypeError)) throw error;
    return undefined;
  }
}
