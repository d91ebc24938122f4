import type { ObservableInput } from 'rxjs';
import type { SenderOptions } from '../dispatch/options.js';
import type { ALL, To } from '../dispatch/route.js';
import type { Clocked } from '../types.js';

/** The value that an item stands for: of `[value, ts]`, as the forwarding modes take it, the value; else the item itself. */
export type ValueIn<I> = I extends Clocked<infer V> ? V : I;

/** Where a source writes to, and what is to be known of it in the forwarding modes. */
export interface SourceOptions<V, R extends string> extends SenderOptions {
  /** A receiver's name, a list of names (one message, one timestamp, several receivers), `ALL`, or a function of the value. */
  readonly to: To<V, R>;
}

/** What a source's input emits. */
export type ItemOf<S> = S extends Source<infer I> ? I : never;

/** A named input of `clockedDispatch()`. */
export interface Source<out I, out R extends string = string> {
  /** Unique among the sources of a dispatcher. */
  readonly name: string;
  /** What it takes its messages from. */
  readonly input: ObservableInput<I>;
  /** Where it writes to, and what is to be known of it. */
  readonly options: SenderOptions & { readonly to: R | readonly R[] | typeof ALL | ((value: never) => unknown) };
}

/**
 * Names an input of `clockedDispatch()` and says which receivers it writes to.
 *
 *     source('desk', desk$, { to: 'orders' })
 *     source('desk', desk$, { to: ['orders', 'audit'] })
 *     source('desk', desk$, { to: (order) => (order.rush ? ['orders', 'alerts'] : 'orders') })
 *     source('desk', desk$, { to: ALL })
 *
 * Iterables, async iterables and readable streams are pulled, one item at a time, only when there is room for the next;
 * they are closed on teardown. Observables and promises can't wait: for them the receivers' overflow policy decides.
 */
export function source<const I>(
  name: string,
  input: ObservableInput<I> | ReadableStream<I>,
  options: SenderOptions & { readonly to: typeof ALL },
): Source<I, never>;
export function source<const I, const R extends string>(
  name: string,
  input: ObservableInput<I> | ReadableStream<I>,
  options: SourceOptions<ValueIn<I>, R>,
): Source<I, R>;
export function source<I, R extends string>(
  name: string,
  input: ObservableInput<I> | ReadableStream<I>,
  options: SourceOptions<ValueIn<I>, R>,
): Source<I, R> {
  // RxJS's own type of a ReadableStream has items that may be undefined, for the sake of the last read.
  return { name, input: input as ObservableInput<I>, options };
}

/**
 * Whether this was made by `source()`, or looks like it.
 *
 * @internal
 */
export function isSource(given: unknown): given is Source<unknown> {
  const { name, options } = Object(given) as Partial<Source<unknown>>;
  return typeof name === 'string' && typeof options === 'object' && options !== null && 'to' in options;
}
