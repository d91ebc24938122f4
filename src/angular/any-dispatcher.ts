import type { ForwardingDispatcher, SerializingDispatcher } from '../dispatch/api/dispatchers.js';

/** A dispatcher of any mode, whatever its values. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- values go in and come out: nothing else takes every dispatcher
export type AnyDispatcher = SerializingDispatcher<any> | ForwardingDispatcher<any>;

/** The values of a dispatcher, or its map from receiver name to value type. */
export type ValuesOf<D extends AnyDispatcher> =
  D extends SerializingDispatcher<infer T> ? T : D extends ForwardingDispatcher<infer T> ? T : never;

/** One of two types: for a dispatcher that assigns timestamps, or for one that takes stamped messages. */
export type ByMode<D extends AnyDispatcher, S, F> = D extends { readonly mode: 'serialize' } ? S : F;
