import { Subscriber } from 'rxjs';
import { InvalidMessageError, InvalidTimestampError } from '../errors/messages.js';
import { isArray } from '../options/guards.js';
import type { Clocked, Timestamp } from '../types.js';

/**
 * What an operator does with its source's notifications; what it doesn't name goes on to the destination.
 *
 * @internal
 */
export interface Handlers<T> {
  readonly next: (value: T) => void;
  readonly error?: (error: unknown) => void;
  readonly complete?: () => void;
}

/**
 * Chains a subscriber to its destination: it ends when the destination does, so that a synchronous source learns of a
 * `take(n)` at once, and whatever a handler throws is an error of the destination.
 *
 * @internal
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a destination takes what the handlers make of T
export function operate<T>(destination: Subscriber<any>, { next, error, complete }: Handlers<T>): Subscriber<T> {
  const guarded =
    <A>(handle: (given: A) => void) =>
    (given: A): void => {
      try {
        handle(given);
      } catch (thrown) {
        destination.error(thrown);
      }
    };
  const end = guarded(complete ?? (() => destination.complete()));
  // The constructor, unlike `subscribe`, takes an observer as it is: what the observer throws is thrown at its caller.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else in RxJS 7 can be chained by public means
  const subscriber = new Subscriber<T>({
    next: guarded(next),
    error: guarded(error ?? ((reason: unknown) => destination.error(reason))),
    complete: () => end(null),
  });
  destination.add(subscriber);
  return subscriber;
}

/**
 * What an operator does with the messages of a clocked stream.
 *
 * @internal
 */
export interface ClockedHandlers<T> extends Omit<Handlers<T>, 'next'> {
  readonly next: (value: T | null, ts: Timestamp, item: Clocked<T>) => void;
}

/**
 * `operate` for a clocked stream; what is no `[value, ts]`, or has no timestamp, is an error of the destination.
 *
 * @internal
 */
export function operateClocked<T>(
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a destination takes what the handlers make of T
  destination: Subscriber<any>,
  operator: string,
  handlers: ClockedHandlers<T>,
): Subscriber<Clocked<T>> {
  const next = (item: Clocked<T>): void => {
    if (!isArray(item)) throw new InvalidMessageError(operator, item);
    const [value, ts] = item;
    if (!Number.isSafeInteger(ts)) throw new InvalidTimestampError(operator, ts);
    handlers.next(value, ts, item);
  };
  return operate(destination, { ...handlers, next });
}
