import { Observable } from 'rxjs';
import { InvalidArgumentError } from '../errors/inputs.js';
import { flag } from '../options/check.js';
import { knownOptions } from '../options/known-options.js';
import { carryTraits, progressOf, traitsOf } from '../progress/carry.js';
import { through } from '../progress/follow.js';
import type { Clocked, Timestamp } from '../types.js';
import { aStream, entriesOf } from './arguments.js';
import { boundOf } from './bound.js';
import { inOrder } from './in-order.js';

/** Options of {@link alignLatest}. */
export interface AlignLatestOptions {
  /**
   * How many messages may wait for the other inputs, all inputs together; of one input's messages at one timestamp only
   * the last counts. `Infinity` must be asked for. Default: 1024, or one for each input where these are more.
   */
  readonly bound?: number | undefined;
  /**
   * Whether to emit a timestamp as soon as every input has reached it, and again for each change there. Default: false,
   * once, when every input is through with it.
   */
  readonly early?: boolean | undefined;
  /** Whether inputs that carry no clock never repeat a timestamp. Default: false, they are expected to. */
  readonly strict?: boolean | undefined;
}

/** What {@link alignLatest} combines: a list or a record of clocked streams. */
export type AlignInputs =
  readonly Observable<Clocked<unknown>>[] | Readonly<Record<string, Observable<Clocked<unknown>>>>;

/** The latest value of each input: a list for a list, a record for a record. */
export type Aligned<I extends AlignInputs> = { -readonly [K in keyof I]: ClockedValue<I[K]> };

/** The values of a clocked stream. */
export type ClockedValue<S> = S extends Observable<readonly [infer V, Timestamp]> ? Exclude<V, null> : never;

/**
 * Combines the latest values without glitches: one emission for each timestamp, when every input is through with it.
 *
 *     a        a1 -  _2 -  c4 |
 *     b        -  b1 -  d2 _4 |
 *     result   -  x1 -  y2 z4 |    alignLatest([a, b]), x = ['a', 'b'], y = ['a', 'd'], z = ['c', 'd']
 *
 * So whatever happened at one timestamp, in however many messages, shows whole or not at all. An input is through with a
 * timestamp when nothing can follow there: it has emitted something beyond it, or has completed; where timestamps can't
 * repeat, as in receivers of a serializing dispatcher, when it has reached it. The inputs should see one total order:
 * receivers of one dispatcher, or of dispatchers below the same top, also through operators that keep the clock. An input
 * that carries no clock may repeat a timestamp, unless `strict` is said:
 *
 *     a        a1 -  a5 a5 _6
 *     b        -  b1 b5 -  _6
 *     whole    -  -  x1 -  y5     what happened at 5 is known when both are beyond
 *     early    -  x1 y5 z5 _6     { early: true }
 *
 * The first emission comes when every input has had a value; before that, and where time has passed without a new
 * value, there are ticks. (A projection that is subscribed to before it was told of any time has none until its first
 * message.) Completes when all inputs have, and when one has without ever having had a value. The error of an input comes
 * after what it brought before. Errors with `OverflowError` when more than `bound` messages would wait, with
 * `LateMessageError` when an input runs backwards, with `InvalidTimestampError` and `InvalidMessageError`.
 * Throws `InvalidArgumentError`, `InvalidOptionError` and `UnknownOptionError`.
 */
export function alignLatest<const I extends AlignInputs>(
  inputs: I,
  options?: AlignLatestOptions,
): Observable<Clocked<Aligned<I>>> {
  // First of all, so that who gives the streams one by one is told of them, and not of options.
  const { isList, keys, streams } = readInputs(inputs);
  const given = readOptions(options);
  const { early, strict } = given;
  // One message to all of them is not too many.
  const bound = given.bound ?? Math.max(boundOf('alignLatest', undefined), streams.length);

  const promise = (ts: Timestamp, isTick: boolean, input: number): Timestamp => {
    if (early) return ts;
    const stream = streams[input];
    const known = strict && progressOf(stream) === undefined ? ts : through(traitsOf(stream), isTick, ts);
    // What it was told before anybody listened here, it knows itself.
    return Math.max(known, Math.min(ts, progressOf(stream)?.settled ?? -Infinity));
  };

  const repeats = (input: number): boolean => traitsOf(streams[input]).repeats === true;
  const isOnce = (): boolean => !early && !streams.some((_, i) => repeats(i));

  const result = new Observable<Clocked<Aligned<I>>>((destination) => {
    const latest = new Map<number, unknown>();
    let told = -Infinity;

    const snapshot = (): Aligned<I> => {
      const values = keys.map((_, i) => latest.get(i));
      return (isList ? values : Object.fromEntries(keys.map((key, i) => [key, values[i]]))) as Aligned<I>;
    };

    const tick = (ts: Timestamp): void => destination.next([null, (told = ts)]);

    const settle = (ts: Timestamp): void => {
      if (latest.size === keys.length) destination.next([snapshot(), (told = ts)]);
      else if (ts > told) tick(ts);
    };

    inOrder(
      destination,
      {
        operator: 'alignLatest',
        nameOf: (i) => `alignLatest[${keys[i]!}]`,
        inputs: streams,
        bound,
        promise,
        isOnce: (i) => !early && !repeats(i),
        latestOnly: true,
      },
      { take: (value, _, input) => latest.set(input, value), settle, tick, isOver: (input) => !latest.has(input) },
    );
  });
  return carryTraits(result, {
    name: 'alignLatest',
    get strict(): boolean {
      return isOnce();
    },
    get unique(): boolean {
      return isOnce();
    },
  });
}

function readOptions(options: AlignLatestOptions | undefined): Given {
  const known = knownOptions('alignLatest', options, ['bound', 'early', 'strict']);
  return {
    bound: known.bound === undefined ? undefined : boundOf('alignLatest', known.bound),
    early: flag('alignLatest', 'early', known.early),
    strict: flag('alignLatest', 'strict', known.strict),
  };
}

function readInputs(inputs: AlignInputs): Inputs {
  const given = entriesOf(inputs);
  if (given === undefined) {
    throw new InvalidArgumentError(
      'alignLatest',
      'inputs',
      inputs,
      'a list or a record of clocked streams, as in alignLatest([a$, b$])',
    );
  }
  const { isList, entries } = given;
  return {
    isList,
    keys: entries.map(([key]) => key),
    streams: entries.map(([key, stream]) => aStream('alignLatest', `inputs.${key}`, stream)),
  };
}

interface Given {
  readonly bound: number | undefined;
  readonly early: boolean;
  readonly strict: boolean;
}

interface Inputs {
  readonly isList: boolean;
  readonly keys: readonly string[];
  readonly streams: readonly Observable<Clocked<unknown>>[];
}
