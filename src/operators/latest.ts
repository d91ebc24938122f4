import type { Observable, Observer, Subscription } from 'rxjs';
import type { Clocked } from '../types.js';

/**
 * A stream of states for `for await`: each time the latest one there is, so that a slow reader misses some of them, and
 * never waits for those that it has missed. Holds one state at most.
 *
 * @internal
 */
export function latestOf<S>(stream: Observable<Clocked<S>>): AsyncIterator<Clocked<S>, undefined> {
  const asking: { resolve: (result: Result<S>) => void; reject: (error: unknown) => void }[] = [];
  let latest: Clocked<S> | undefined;
  let end: { readonly error?: unknown; readonly failed: boolean } | undefined;
  let subscription: Subscription | undefined;

  const answer = (): void => {
    while (asking.length > 0 && (latest !== undefined || end !== undefined)) {
      const { resolve, reject } = asking.shift()!;
      const value = latest;
      latest = undefined;
      if (value !== undefined) resolve({ done: false, value });
      else if (end?.failed === true) {
        reject(end.error);
        end = ENDED;
      } else resolve(DONE);
    }
  };

  const finish = (how: NonNullable<typeof end>): void => {
    end = how;
    answer();
  };

  const observer: Observer<Clocked<S>> = {
    next: ([state, ts]) => {
      // A state that was not read yet still stands when time has passed.
      latest = [state === null && latest !== undefined ? latest[0] : state, ts];
      answer();
    },
    error: (error: unknown) => finish({ failed: true, error }),
    complete: () => finish(ENDED),
  };

  return {
    next: () =>
      new Promise((resolve, reject) => {
        asking.push({ resolve, reject });
        if (end === undefined) subscription ??= stream.subscribe(observer);
        answer();
      }),
    return: () => {
      subscription?.unsubscribe();
      latest = undefined;
      finish(ENDED);
      return Promise.resolve(DONE);
    },
  };
}

type Result<S> = IteratorResult<Clocked<S>, undefined>;

const ENDED = { failed: false };
const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };
