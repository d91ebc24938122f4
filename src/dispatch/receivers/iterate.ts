import type { Clocked } from '../../types.js';
import { ANYBODY, type PullRequest, type Reader } from './consumers.js';
import type { Endpoint } from './endpoint.js';
import { waitFor } from './wait-for.js';

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** Under this key an iterator takes back an item that its caller could not use. */
export const PUT_BACK: unique symbol = Symbol.for('rxjs-clocked-dispatch.put-back');

/** A loop over a receiver: it asks for one more only when the last one has been dealt with. */
export function iterate<T>(
  endpoint: Pick<Endpoint<T>, 'pulls' | 'leases'>,
  onBreak: (() => void) | undefined,
): AsyncIterable<Clocked<T>> {
  return {
    [Symbol.asyncIterator]: () => {
      const { pulls } = endpoint;
      const reader: Reader = { ...ANYBODY };
      /** Calls of `next` that wait: leaving gives them up, so that no message goes to nobody. */
      const waiting = new Set<PullRequest<T>>();
      let left = false;
      const iterator: AsyncIterator<Clocked<T>, undefined> & { [PUT_BACK]: (item: Clocked<T>) => void } = {
        next: async () => {
          const value = left ? undefined : (pulls.take(reader) ?? (await waitFor(pulls, reader, undefined, waiting)));
          return value === undefined ? DONE : { done: false, value };
        },
        return: () => {
          left = true;
          for (const request of waiting) if (pulls.cancel(request)) request.settle(undefined);
          onBreak?.();
          return Promise.resolve(DONE);
        },
        [PUT_BACK]: (item) => endpoint.leases.putBack(item),
      };
      return iterator;
    },
  };
}
