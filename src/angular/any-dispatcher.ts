/* eslint-disable @typescript-eslint/no-explicit-any -- values go in and come out: nothing else takes every dispatcher */
import { isThenable } from '../options/guards.js';
import type { ForwardingDispatcher, SerializingDispatcher } from '../dispatch/api/dispatchers.js';
import type { DurableDispatcher } from '../log/dispatcher/durable-dispatcher.js';

/** A dispatcher of any mode, whatever its values. */
export type AnyDispatcher = SerializingDispatcher<any> | ForwardingDispatcher<any>;

/** A dispatcher with a log, or the promise of one that is being opened. */
export type MaybeOpening<T> = DurableDispatcher<T> | Promise<DurableDispatcher<T>>;

/** A dispatcher with a log, open or not, whatever its values. */
export type AnyDurable = MaybeOpening<any>;

/** The values of a dispatcher, or its map from receiver name to value type. */
export type ValuesOf<D extends AnyDispatcher | AnyDurable> =
  D extends Promise<DurableDispatcher<infer T>>
    ? T
    : D extends DurableDispatcher<infer T>
      ? T
      : D extends SerializingDispatcher<infer T>
        ? T
        : D extends ForwardingDispatcher<infer T>
          ? T
          : never;

/** One of three types: for a dispatcher that assigns timestamps, for one that takes stamped messages, for one with a log. */
export type ByMode<D extends AnyDispatcher | AnyDurable, S, F, L = S> = D extends AnyDurable
  ? L
  : D extends { readonly mode: 'serialize' }
    ? S
    : F;

/** Whether it is being opened. */
export function isOpening<D>(given: D | PromiseLike<D>): given is PromiseLike<D> {
  return isThenable(given);
}
