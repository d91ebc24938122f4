import { Observable, type OperatorFunction } from 'rxjs';
import { isArray } from '../options/guards.js';
import { knownOptions } from '../options/known-options.js';
import { carryTraits, traitsOf } from '../progress/carry.js';
import type { Clocked } from '../types.js';
import { aStream } from './arguments.js';
import { boundOf } from './bound.js';
import { type IdleOptions, idleOf } from './idle.js';
import { inOrder } from './in-order.js';
import { type OnLate, onLateOf } from './late.js';

/** Options of {@link mergeClocked}. */
export interface MergeClockedOptions<T = unknown> extends IdleOptions {
  /** What becomes of a message below what was already released. Default: 'error'. */
  readonly late?: OnLate<T> | undefined;
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
 * tell how far all inputs are. An input that has completed is no longer waited for, nor one that has been silent for
 * `idleAfter` milliseconds. The error of an input comes after the messages that it brought before.
 *
 * Where all inputs are known to be strict, so is the result, unless `idleAfter` is set. Errors with `LateMessageError` when
 * an input runs backwards below what was already released (see `late`), with `OverflowError` when more than `bound`
 * messages would wait, with `InvalidTimestampError` and `InvalidMessageError`. Throws `InvalidArgumentError`,
 * `InvalidOptionError` and `UnknownOptionError`.
 *
 * The inputs are subscribed in order: one that emits much in `subscribe` itself needs a `bound` that can hold it.
 */
export function mergeClocked<T, A extends readonly unknown[]>(
  ...others: ClockedInputs<A>
): OperatorFunction<Clocked<T>, Clocked<T | A[number]>>;
/** Merges a list of clocked streams by watermark, with options. */
export function mergeClocked<T, A extends readonly unknown[]>(
  others: ClockedInputs<A>,
  options?: MergeClockedOptions<T | A[number]>,
): OperatorFunction<Clocked<T>, Clocked<T | A[number]>>;
export function mergeClocked<T>(...args: readonly unknown[]): OperatorFunction<Clocked<T>, Clocked<T>> {
  const [others, options] = (isArray(args[0]) ? args : [args]) as [unknown[], MergeClockedOptions<T>?];
  const streams = others.map((other, i) => aStream('mergeClocked', `others.${i}`, other) as Observable<Clocked<T>>);
  const known = knownOptions('mergeClocked', options, ['late', 'bound', 'idleAfter', 'scheduler']);
  const late = onLateOf<T>('mergeClocked', known.late);
  const bound = boundOf('mergeClocked', known.bound);
  const idle = idleOf('mergeClocked', known);
  const nameOf = (i: number): string => `mergeClocked[${i}]`;
  return (source) => {
    const inputs = [source, ...streams];
    const result = new Observable<Clocked<T>>((destination) =>
      inOrder(
        destination,
        { operator: 'mergeClocked', nameOf, inputs, bound, late, idle, promise: (ts) => ts },
        { take: (value, ts) => destination.next([value, ts]), tick: (ts) => destination.next([null, ts]) },
      ),
    );
    return carryTraits(result, {
      get strict(): boolean {
        return idle === undefined && inputs.every((input) => traitsOf(input).strict);
      },
      unique: false,
    });
  };
}
