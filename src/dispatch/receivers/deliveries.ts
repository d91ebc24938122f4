import type { Clocked, Timestamp } from '../../types.js';
import { LeaseReader } from './lease-reader.js';
import type { LeaseSource } from './lease-reader.js';

/** A message that is under way until it is acknowledged. */
export interface Delivery<T> {
  /** The message. */
  readonly value: T;
  /** Its timestamp. */
  readonly ts: Timestamp;
  /** It is dealt with: its place is free, and the receiver's clock may move on. A second call does nothing. */
  readonly ack: () => void;
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** A loop over a receiver's messages; when it ends, what it has not acknowledged goes back (law 38). */
export function deliveriesOf<T>(endpoint: LeaseSource<T>): AsyncIterable<Delivery<T>> {
  return {
    [Symbol.asyncIterator]: () => {
      const reader = new LeaseReader(endpoint, true);
      const next = (): Promise<IteratorResult<Delivery<T>, undefined>> =>
        new Promise((resolve, reject) => {
          reader.request({
            settle: (item) => {
              if (item === undefined) reader.close();
              resolve(item === undefined ? DONE : { done: false, value: deliveryOf(item) });
            },
            fail: (error) => {
              reader.close();
              reject(error);
            },
          });
        });
      const deliveryOf = (item: Clocked<T>): Delivery<T> => ({
        value: item[0] as T,
        ts: item[1],
        ack: () => reader.finish(item),
      });
      return {
        next,
        return: () => {
          reader.close();
          return Promise.resolve(DONE);
        },
      };
    },
  };
}
