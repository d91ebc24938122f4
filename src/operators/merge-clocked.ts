import { Observable, type OperatorFunction } from 'rxjs';
import { count, DEFAULT_BOUND } from '../dispatch/options.js';
import type { Clocked } from '../types.js';
import { inOrder } from './in-order.js';

/** Options of {@link mergeClocked}. */
export interface MergeClockedOptions {
  /** How many messages may wait for their turn, all inputs together. `Infinity` must be asked for. Default: 1024. */
  readonly bound?: number | undefined;
}

/** A list of clocked streams, by the types of their values. */
export type ClockedInputs<A extends readonly unknown[]> = readonly [...{ [K in keyof A]: Observable<Clocked<A[K]>> }];

/**
 * Merges clocked streams by watermark: a message goes out once every input has reached its timestamp.
 *
 *     source   a1 -  c3 -  _5 |
 *     other    -  b2 -  _4 -  -  |
 *     result   -  a1 b2 c3 _4 -  (_5 |)    mergeClocked(other)
 *
 * Messages that wait leave by timestamp, then in the order of the inputs (the source first), then by arrival; ticks
 * tell how far all inputs are. An input that has completed is no longer waited for. The error of an input comes after
 * the messages that it brought before. Errors with `LateMessageError` when an input runs backwards below what was
 * already released, with `OverflowError` when more than `bound` messages would wait, and with `InvalidTimestampError`.
 *
 * The inputs are subscribed in order: one that emits much in `subscribe` itself needs a `bound` that can hold it.
 */
export function mergeClocked<T, A extends readonly unknown[]>(
  ...others: ClockedInputs<A>
): OperatorFunction<Clocked<T>, Clocked<T | A[number]>>;
/** Merges clocked streams by watermark, with a bound of its own. */
export function mergeClocked<T, A extends readonly unknown[]>(
  others: ClockedInputs<A>,
  options?: MergeClockedOptions,
): OperatorFunction<Clocked<T>, Clocked<T | A[number]>>;
export function mergeClocked<T>(...args: readonly unknown[]): OperatorFunction<Clocked<T>, Clocked<T>> {
  const [others, { bound }] = (Array.isArray(args[0]) ? [args[0], args[1] ?? {}] : [args, {}]) as [
    Observable<Clocked<T>>[],
    MergeClockedOptions,
  ];
  const most = count('bound', bound, DEFAULT_BOUND);
  return (source) =>
    new Observable((destination) =>
      inOrder(
        destination,
        { operator: 'mergeClocked', nameOf: (i) => `mergeClocked[${i}]`, inputs: [source, ...others], bound: most },
        { take: (value, ts) => destination.next([value, ts]), tick: (ts) => destination.next([null, ts]) },
      ),
    );
}
