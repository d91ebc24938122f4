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
 * What is there at once goes on at once, by a loop; only real waiting goes through promises. Ends with `parent`, and
 * closes the input then, so that a generator's `finally` runs.
 */
export function pump<T>(input: Pullable<T>, sink: Sink<T>, parent: Subscription): void {
  /** An input that has ended, or has thrown, has closed itself. */
  let exhausted = false;
  const subscription = new Subscription(() => {
    if (!exhausted) close(input);
  });

  const run = (): void => {
    try {
      while (goesOn()) {
        const result = pull();
        if (isPromiseLike(result)) {
          result.then(resume, breakDown);
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
  const pull = (): ReturnType<Pullable<T>['next']> => {
    try {
      return input.next();
    } catch (error) {
      exhausted = true;
      throw error;
    }
  };
  const breakDown = (error: unknown): void => {
    exhausted = true;
    fail(error);
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
    if (!goesOn()) return undefined;
    return placed === undefined ? sink.room() : placed.then(() => sink.room());
  };
  const goesOn = (): boolean => {
    // The sender has failed over what it was given, so that there is no use in more.
    if (sink.closed && !subscription.closed) {
      subscription.unsubscribe();
      sink.complete();
    }
    return !subscription.closed;
  };
  const fail = (error: unknown): void => {
    if (subscription.closed) return;
    subscription.unsubscribe();
    sink.error(error);
  };

  // Before anything is pulled, so that an endless input that comes at once can be stopped.
  parent.add(subscription);
  const wait = sink.room();
  if (wait === undefined) run();
  else wait.then(run, fail);
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
