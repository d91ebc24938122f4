import { from, isObservable, type Observable, type ObservableInput } from 'rxjs';
import type { ClockedReceiver } from '../dispatch/receivers/receiver.js';
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
 * Refuses what is no receiver. A Proxy of one is none, as it can't reach private fields.
 *
 * @internal
 */
export function aReceiver(called: string, given: unknown): void {
  if (isStream(given) && isReceiver(given)) return;
  throw new InvalidArgumentError(called, 'receiver', given, 'a receiver');
}

function isReceiver(given: Partial<ClockedReceiver<unknown>>): boolean {
  try {
    return (
      typeof given.lease === 'function' && typeof given.request === 'function' && typeof given.closed === 'boolean'
    );
  } catch {
    return false;
  }
}

/**
 * What a project function has returned, as an Observable.
 *
 * @internal
 */
export function anInput<T>(called: string, given: ObservableInput<T>): Observable<T> {
  try {
    return from(given);
  } catch (error) {
    // What a getter throws is passed on.
    if (!(error instanceof TypeError)) throw error;
    const expected = 'a function that returns an Observable, a promise, an iterable, an async iterable or a stream';
    throw new InvalidArgumentError(called, 'project', given, expected);
  }
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
