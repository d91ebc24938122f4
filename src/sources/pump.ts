import { Subscription } from 'rxjs';
import type { Pullable } from './pull.js';

/** Where a pump puts what it pulls. */
export interface Sink<T> {
  /** Gives an item its place, at once (`undefined`) or once there is room for it. */
  offer(item: T): Promise<unknown> | undefined;
  /** Room where the last item went: at once (`undefined`), or later. */
  room(): Promise<unknown> | undefined;
  /** Whether nothing more is taken. */
  readonly closed: boolean;
  error(error: unknown): void;
  complete(): void;
}

/**
 * Pulls one item after the other, each only when there is room where the last one went.
 *
 * What is there at once goes on at once, by a loop; only real waiting goes through promises. Unsubscribing closes the
 * input, so that a generator's `finally` runs.
 */
export function pump<T>(input: Pullable<T>, sink: Sink<T>): Subscription {
  let exhausted = false;
  const subscription = new Subscription(() => {
    if (!exhausted) close(input);
  });

  const run = (): void => {
    try {
      while (!subscription.closed) {
        const result = input.next();
        if (isPromiseLike(result)) {
          result.then(resume, fail);
          return;
        }
        const wait = take(result);
        if (wait !== undefined) {
          wait.then(run, fail);
          return;
        }
      }
    } catch (error) {
      fail(error);
    }
  };
  const resume = (result: IteratorResult<T, unknown>): void => {
    if (subscription.closed) return;
    try {
      const wait = take(result);
      if (wait === undefined) run();
      else wait.then(run, fail);
    } catch (error) {
      fail(error);
    }
  };
  /** Gives the item its place; what it returns is to be waited for. */
  const take = (result: IteratorResult<T, unknown>): Promise<unknown> | undefined => {
    if (result.done === true) {
      exhausted = true;
      subscription.unsubscribe();
      sink.complete();
      return undefined;
    }
    const placed = sink.offer(result.value);
    // The sender has failed over what it was given, so that there is no use in more.
    if (sink.closed && !subscription.closed) {
      subscription.unsubscribe();
      sink.complete();
    }
    if (subscription.closed) return undefined;
    return placed === undefined ? sink.room() : placed.then(() => sink.room());
  };
  const fail = (error: unknown): void => {
    if (subscription.closed) return;
    subscription.unsubscribe();
    sink.error(error);
  };

  run();
  return subscription;
}

/** On teardown nobody is left to be told of an error in it. */
function close(input: Pullable<unknown>): void {
  try {
    Promise.resolve(input.return()).catch(() => undefined);
  } catch {
    // As above.
  }
}

function isPromiseLike<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as PromiseLike<T>).then === 'function';
}
