import { Observable } from 'rxjs';
import { count, DEFAULT_BOUND } from '../dispatch/options.js';
import type { Clocked, Timestamp } from '../types.js';
import { inOrder } from './in-order.js';

/** Options of {@link alignLatest}. */
export interface AlignLatestOptions {
  /** How many messages may wait for the other inputs, all inputs together. `Infinity` must be asked for. Default: 1024. */
  readonly bound?: number | undefined;
}

/** What {@link alignLatest} combines: a list or a record of clocked streams. */
export type AlignInputs =
  readonly Observable<Clocked<unknown>>[] | Readonly<Record<string, Observable<Clocked<unknown>>>>;

/** The latest value of each input: a list for a list, a record for a record. */
export type Aligned<I extends AlignInputs> = { -readonly [K in keyof I]: ClockedValue<I[K]> };

/** The values of a clocked stream. */
export type ClockedValue<S> = S extends Observable<readonly [infer V, Timestamp]> ? Exclude<V, null> : never;

/**
 * Combines the latest values without glitches: one emission for each timestamp, once every input has reached it.
 *
 *     a        a1 -  _2 -  c4 |
 *     b        -  b1 -  d2 _4 |
 *     result   -  x1 -  y2 z4 |    alignLatest([a, b]), x = ['a', 'b'], y = ['a', 'd'], z = ['c', 'd']
 *
 * An input has reached a timestamp when it has emitted something, value or tick, at or beyond it, or has completed. So
 * the inputs should see one total order: receivers of one dispatcher, or of dispatchers below the same top. Values of
 * one input at one timestamp that have waited together count as one, the last; where timestamps can repeat, a value
 * that comes after its timestamp was emitted makes another emission at the same one.
 *
 * The first emission comes when every input has had a value; before that, and where time has passed without a new
 * value, there are ticks. Completes when all inputs have, and when one has without ever having had a value. The error
 * of an input comes after what it brought before. Errors with `OverflowError` when more than `bound` messages would
 * wait, with `LateMessageError` when an input runs backwards, and with `InvalidTimestampError`.
 */
export function alignLatest<const I extends AlignInputs>(
  inputs: I,
  { bound }: AlignLatestOptions = {},
): Observable<Clocked<Aligned<I>>> {
  const keys = Object.keys(inputs);
  const most = count('bound', bound, DEFAULT_BOUND);
  return new Observable((destination) => {
    const latest = new Map<number, unknown>();
    let told = 0;

    const settle = (ts: Timestamp): void => {
      if (latest.size === keys.length) destination.next([snapshot(), (told = ts)]);
      else tick(ts);
    };

    const tick = (ts: Timestamp): void => {
      if (ts > told) destination.next([null, (told = ts)]);
    };

    const snapshot = (): Aligned<I> => {
      const entries = keys.map((key, i) => [key, latest.get(i)] as const);
      return (Array.isArray(inputs) ? entries.map(([, value]) => value) : Object.fromEntries(entries)) as Aligned<I>;
    };

    inOrder(
      destination,
      {
        operator: 'alignLatest',
        nameOf: (i) => `alignLatest[${keys[i]!}]`,
        inputs: Object.values(inputs),
        bound: most,
      },
      {
        take: (value, _, input) => latest.set(input, value),
        settle,
        tick,
        isOver: (done) => latest.size < keys.length && keys.some((_, i) => done(i) && !latest.has(i)),
      },
    );
  });
}
