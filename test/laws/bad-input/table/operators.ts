import { mergeMap, NEVER, Observable, of, type OperatorFunction } from 'rxjs';
import * as entry from 'rxjs-clocked-dispatch';
import { subscribed, type Row } from '../attempt.js';
import * as k from '../kinds.js';
import {
  bound,
  dispatcherFields,
  idle,
  plain,
  receiver,
  receiverFields,
  row,
  senderFields,
  type Table,
} from './row.js';

const late = k.optional(k.oneOf(k.word('error', 'drop'), k.func));
const strict = k.optional(k.flag);
const ordering = { late, bound, ...idle };
const alignment = k.options({ bound, early: k.optional(k.flag), strict });
const views = k.options({
  signal: k.optional(k.signal),
  timeout: k.optional(k.milliseconds),
  scheduler: k.optional(k.scheduler),
  strict,
});
const promised = k.oneOf(
  k.called(() => Promise.resolve(7)),
  k.ts,
);
const given = k.kind(() => entry.source('source', of('a'), { to: 'receiver' }));
const oneReceiver = { receivers: ['receiver'] } as const;

/** What the receiver gets of what `source()` has made. */
export function dispatched(made: unknown): Observable<unknown> {
  const sources = one(made as entry.Source<entry.Clocked<unknown>, 'receiver'>);
  return sources.pipe(
    entry.clockedDispatch(entry.watermark(), oneReceiver),
    mergeMap((receiver) => receiver),
  );
}

/** As `of`, which looks for a scheduler in what it is given. */
const one = <T>(given: T): Observable<T> => new Observable<T>((subscriber) => subscriber.next(given));

/** What an operator makes of one item. */
const item = (operator: () => OperatorFunction<entry.Clocked<never>, unknown>): Row => ({
  kinds: [
    {
      ...k.list(
        k.anything,
        k.something(() => 7),
      ),
      takes: () => undefined,
    },
  ],
  call: (_, [item]) => operator()(one(item as entry.Clocked<never>)),
});

const identity = (given: unknown): never => given as never;

export const OPERATORS: Table = {
  clockedDispatch: {
    ...row(
      entry.clockedDispatch,
      k.kind(() => entry.serialize()),
      k.options({
        ...dispatcherFields,
        receivers: k.oneOf(k.list(k.oneOf(k.options({ name: k.name, ...receiverFields }), k.name)), k.listOf('x')),
        onLate: k.optional(k.func),
        onGap: k.optional(k.func),
      }),
    ),
    use: (operator, _, ends) => subscribed((operator as ReturnType<typeof entry.clockedDispatch>)(NEVER), ends),
  },
  'clockedDispatch of what is no source': {
    kinds: [given],
    call: (_, [given]) =>
      one(given as entry.Source<string, 'receiver'>).pipe(entry.clockedDispatch(entry.serialize(), oneReceiver)),
  },
  source: {
    ...row(
      entry.source,
      k.name,
      k.kind(
        ({ stream }) => stream,
        (given) => given === '' || k.isEmptyList(given),
      ),
      k.options({ to: k.route, ...senderFields }),
    ),
    use: (made, _, ends) => subscribed(dispatched(made), ends),
  },

  alignLatest: row(entry.alignLatest, k.oneOf(k.list(plain, plain), k.kind(plain.good, k.isEmpty)), alignment),
  'alignLatest of a record': row(entry.alignLatest, k.oneOf(k.record(plain), k.kind(plain.good, k.isEmpty)), alignment),
  holdUntil: row(entry.holdUntil, plain, k.options({ bound, strict })),
  whenClock: row(entry.whenClock, k.ts, receiver, views),
  'whenClock with a promise': row(entry.whenClock, promised, receiver, views),
  'whenClock with a list': row(entry.whenClock, k.ts, k.list(receiver), views),
  'whenClock with a record': row(entry.whenClock, k.ts, k.record(receiver), views),
  mergeClocked: row(entry.mergeClocked, k.rest(plain), k.rest(plain)),
  'mergeClocked with options': row(
    entry.mergeClocked,
    k.rest(k.oneOf(k.list(plain), k.kind(plain.good, k.isEmptyList))),
    k.options(ordering),
  ),
  reorder: row(entry.reorder, k.options({ disorder: k.optional(k.count(0, false)), ...ordering })),
  stamp: row(entry.stamp, k.options({ seed: k.optional(k.ts) })),

  mapValue: row(entry.mapValue, k.func),
  filterValue: row(entry.filterValue, k.func),
  scanValue: row(entry.scanValue, k.func, k.value),
  tapValue: row(entry.tapValue, k.func),
  concatMapValue: row(entry.concatMapValue, k.projecting, k.options({ bound })),
  switchMapValue: row(entry.switchMapValue, k.projecting),

  projection: row(entry.projection, plain, k.options({ initial: k.value, apply: k.func })),
  optimistic: row(
    entry.optimistic,
    k.kind(({ state }) => state),
    k.options({ apply: k.func }),
  ),
  consume: row(entry.consume, receiver, k.func, k.options({ concurrency: k.optional(k.count(1)), bound })),
  toReadableStream: row(
    entry.toReadableStream,
    receiver,
    k.options({ highWaterMark: k.optional(k.count(0, false)), close: k.optional(k.flag) }),
  ),

  'mapValue of an item': item(() => entry.mapValue(identity)),
  'filterValue of an item': item(() => entry.filterValue(() => true)),
  'scanValue of an item': item(() => entry.scanValue(identity, 0)),
  'tapValue of an item': item(() => entry.tapValue(identity)),
  'concatMapValue of an item': item(() => entry.concatMapValue(() => [1])),
  'switchMapValue of an item': item(() => entry.switchMapValue(() => [1])),
  'mergeClocked of an item': item(() => entry.mergeClocked()),
  'reorder of an item': item(() => entry.reorder()),
  'stamp of an item': { ...item(() => entry.stamp()), kinds: [k.value] },
  'holdUntil of an item': item(() => entry.holdUntil(of<entry.Clocked<number>>([1, 1]))),
  'alignLatest of an item': item(() => (source) => entry.alignLatest([source])),
  'projection of an item': item(() => (source) => entry.projection(source, { initial: 0, apply: identity })),
};
