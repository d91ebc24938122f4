import { isThenable } from '../../options/guards.js';

/** What is late may fail before anybody waits for it, or where nobody does any more: that is no unhandled rejection (law 27). */
export function handled<T>(result: PromiseLike<T>): Promise<T>;
export function handled<T>(result: T | PromiseLike<T>): T | Promise<T>;
export function handled<T>(result: T | PromiseLike<T>): T | Promise<T> {
  if (!isThenable(result)) return result;
  const promise = Promise.resolve(result);
  promise.catch(() => undefined);
  return promise;
}
