import { isObservable, type Observable } from 'rxjs';
import { InvalidArgumentError } from '../errors/inputs.js';

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
export function aStream<S extends Observable<unknown>>(called: string, parameter: string, given: S): S {
  if (isStream(given)) return given;
  throw new InvalidArgumentError(called, parameter, given, 'an Observable of [value, ts]');
}

/**
 * Whether this is an Observable; never throws, not even for a revoked Proxy.
 *
 * @internal
 */
export function isStream(given: unknown): given is Observable<unknown> {
  try {
    return isObservable(given);
  } catch {
    return false;
  }
}
