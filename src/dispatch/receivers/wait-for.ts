import { signal as checkSignal } from '../../options/check.js';
import { knownOptions } from '../../options/known-options.js';
import type { AbortSignalLike, Clocked, WaitOptions } from '../../types.js';
import type { PullRequest, Reader } from './consumers.js';
import type { Pulls } from './pulls.js';

/** The signal of a call that may wait; throws its reason where it has fired. */
export function readSignal(owner: string, options: WaitOptions | undefined): AbortSignalLike | undefined {
  const read = knownOptions(owner, options, ['signal']);
  const signal = checkSignal(owner, 'signal', read.signal);
  if (signal?.aborted === true) throw signal.reason;
  return signal;
}

/** The next item, once there is one; `undefined` at the end. `among`: the requests that can be given up together. */
export function waitFor<T>(
  pulls: Pulls<T>,
  reader: Reader,
  signal?: AbortSignalLike,
  among?: Set<PullRequest<T>>,
): Promise<Clocked<T> | undefined> {
  return new Promise((resolve, reject) => {
    let isAborted = false;
    const leave = (): void => {
      among?.delete(request);
      signal?.removeEventListener('abort', abort);
    };
    const request: PullRequest<T> = {
      reader,
      settle: (item) => {
        resolve(item);
        leave();
      },
      fail: (error) => {
        reject(error);
        leave();
      },
    };
    const abort = (): void => {
      isAborted = true;
      // Where it has its item already, it keeps it.
      if (pulls.cancel(request)) request.fail(signal?.reason);
    };
    signal?.addEventListener('abort', abort);
    among?.add(request);
    pulls.wait(request);
    // A signal of the user's own may have called back at once.
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- as above
    if (isAborted) abort();
  });
}
