import type { InteropObservable, Observable, ObservableInput, ReadableStreamLike } from 'rxjs';
import type { SenderOptions } from '../dispatch/options.js';
import type { ALL, Route, To } from '../dispatch/route.js';
import { InvalidArgumentError } from '../errors/inputs.js';
import { isUsable } from '../options/guards.js';
import { knownOptions } from '../options/known-options.js';
import type { Clocked } from '../types.js';

/** The value that an item stands for: of `[value, ts]`, as the forwarding modes take it, the value; else the item itself. */
export type ValueIn<I> = I extends readonly [null, number] ? never : I extends Clocked<infer V> ? V : I;

/**
 * What a route is a function of: the value of items that may be ticks; of any other item the item itself, also where it
 * is a pair. In the forwarding modes, say so where no item is a tick: `to: (value: string) => …`.
 */
export type RoutedBy<I> = [I] extends [Clocked<unknown>] ? (null extends I[0] ? ValueIn<I> : I) : I;

type Primitive = string | number | bigint | boolean | symbol;

/** Anything; but an array literal of two with a number behind is taken for a tuple, so that it needs no `as const`. */
type Item<L extends Primitive> =
  readonly [value: L | object | undefined | null, ts: number] | NonNullable<unknown> | undefined | null;

/**
 * The part of the platform's `ReadableStream` that tells what it carries, so that no DOM types are needed. RxJS's own
 * type of one has items that may be undefined, for the sake of the last read.
 */
interface StreamInput<I> {
  pipeTo(destination: { getWriter(): { write(chunk?: I): Promise<void> } }): Promise<void>;
}

/** Says nothing of what `I` is. */
type Uninferred<I> = [I][I extends unknown ? 0 : never];

/** What a source can take its items from. */
export type SourceInput<I> =
  | Observable<I>
  | InteropObservable<I>
  | PromiseLike<I>
  | ArrayLike<I>
  | Iterable<I>
  | AsyncIterable<I>
  | StreamInput<I>
  | ReadableStreamLike<Uninferred<I>>;

/** Where a source writes to, and what is to be known of it in the forwarding modes. */
export interface SourceOptions<V, R extends string> extends SenderOptions {
  /** A receiver's name, a list of names (one message, one timestamp, several receivers), `ALL`, or a function of the value. */
  readonly to: To<V, R>;
}

/** The same, but for ALL alone, which names nobody. */
interface NamingOptions<V, R extends string> extends SenderOptions {
  readonly to: R | readonly R[] | ((value: V) => Route<R>);
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
 * Throws `UnknownOptionError`, and `InvalidArgumentError` where `{ to }` is left out; what is wrong with the name or the
 * route is an error of `clockedDispatch()`.
 */
// First: the compiler reads most functions once, by the first signature, and by that of ALL their names are only strings.
export function source<I extends Item<L>, const R extends string, V = RoutedBy<I>, L extends Primitive = Primitive>(
  name: string,
  input: SourceInput<I>,
  options: NamingOptions<V, R>,
): Source<I, R>;
export function source<I extends Item<L>, L extends Primitive = Primitive>(
  name: string,
  input: SourceInput<I>,
  options: SenderOptions & { readonly to: typeof ALL },
): Source<I, never>;
export function source<I extends Item<L>, const R extends string, V = RoutedBy<I>, L extends Primitive = Primitive>(
  name: string,
  input: SourceInput<I>,
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- together with the first, ALL would be any name
  options: SourceOptions<V, R>,
): Source<I, R>;
export function source<I, R extends string, V>(
  name: string,
  input: SourceInput<I>,
  options: SourceOptions<V, R>,
): Source<I, R> {
  // Without types nothing says so before it runs.
  if ((options as unknown) === undefined) {
    const expected = "{ to }, which is a receiver's name, a list of names, ALL, or a function of the value";
    throw new InvalidArgumentError('source', 'options', options, expected);
  }
  const { to, ...own } = knownOptions<SourceOptions<V, R>>('source', options, ['to', 'strict', 'disorder']);
  return { name, input: input as ObservableInput<I>, options: { to: to as To<V, R>, ...own } };
}

/**
 * Whether this was made by `source()`, or looks like it.
 *
 * @internal
 */
export function isSource(given: unknown): given is Source<unknown> {
  if (!isUsable(given)) return false;
  const { name, options } = Object(given) as Partial<Source<unknown>>;
  return typeof name === 'string' && typeof options === 'object' && 'to' in Object(options);
}
