import { ALL } from 'rxjs-clocked-dispatch';
import { openIndexedDbLog } from 'rxjs-clocked-dispatch/indexeddb';
import { LogStoreError, memoryLog, openDispatcher } from 'rxjs-clocked-dispatch/log';
import { openJetStreamLog } from 'rxjs-clocked-dispatch/nats';
import * as k from '../kinds.js';
import { bound, method, receiverMethods, row, type Table } from './row.js';

const position = k.kind(
  () => 0,
  (given) => (Number.isSafeInteger(given) ? undefined : false),
);
const isName = (given: unknown): boolean => typeof given === 'string' && given !== '';
const names = k.oneOf(
  k.kind(() => ['x']),
  k.listOf('x'),
);
const to = k.kind(
  () => 'anybody',
  (given) => {
    if (typeof given === 'function') return undefined;
    return given === ALL || isName(given) || names.takes(given) === true;
  },
);
const addressedTo = k.optional(
  k.kind(
    () => 'anybody',
    (given) => given === ALL || isName(given) || names.takes(given),
  ),
);
const sendOptions = k.options({
  signal: k.optional(k.signal),
  id: k.optional(k.kind(() => 'id', isName)),
  meta: k.optional({ ...k.something(() => ({ trace: 1 })) }),
});
const codec = k.optional(
  k.called(() => ({ name: 'own', encode: (value: unknown) => value, decode: (stored: unknown) => stored })),
);
const positive = k.optional(k.count(1));

/** Any word is a subject. */
const subjects = k.oneOf(
  k.kind(() => 'orders.>', isName),
  k.kind(() => ['orders.>'], names.takes),
);

/** A connection that reaches nobody. */
const UNREACHABLE = {
  publish: () => undefined,
  subscribe: () => undefined,
  request: () => Promise.reject(new Error('nobody is there')),
  status: () => [],
  isClosed: () => false,
};

export const projectionFields = {
  addressedTo,
  initial: k.something(() => 0),
  apply: k.func,
  version: k.optional(k.something(() => 1)),
  saveEvery: positive,
  onFailure: k.optional(k.oneOf(k.word('stop'), k.func)),
};

export const DURABLE: Table = {
  openDispatcher: row(
    openDispatcher,
    k.called(({ log }) => log),
    k.options({
      ...{ bound, maxWaiting: positive, batch: positive, page: k.optional(k.count(1, false)), codec },
      names: k.optional(k.oneOf(names, k.kind(names.good, k.isEmptyList))),
      ticks: k.optional(k.oneOf(k.word('commit', 'each'), k.scheduler)),
      upcast: k.optional(k.func),
      onSenderFailure: k.optional(k.func),
    }),
  ),
  'DurableDispatcher.receiver': method(
    ({ durable }) => durable,
    'receiver',
    k.name,
    k.options({ from: k.optional(position), addressedTo, bound }),
  ),
  'DurableDispatcher.channel': method(({ durable }) => durable, 'channel', k.name, k.name),
  'DurableDispatcher.sender': method(({ durable }) => durable, 'sender', k.name, to),
  'DurableDispatcher.broadcaster': method(({ durable }) => durable, 'broadcaster', k.name),
  'DurableDispatcher.stats$': method(
    ({ durable }) => durable,
    'stats$',
    k.optional(k.milliseconds),
    k.optional(k.scheduler),
  ),
  'DurableDispatcher.transact': method(
    ({ durable }) => durable,
    'transact',
    k.list(
      k.list(
        k.called(({ stored }) => stored),
        k.something(() => 'value'),
      ),
    ),
    sendOptions,
  ),
  'DurableDispatcher.projection': method(({ durable }) => durable, 'projection', k.name, k.options(projectionFields)),
  'DurableDispatcher.trim': method(
    ({ durable }) => durable,
    'trim',
    position,
    k.options({ force: k.optional(k.flag) }),
  ),
  // Law 50: a sender that could not store what it was given by `next` sends nothing more.
  'DurableSender.next': {
    ...method(
      ({ stored }) => stored,
      'next',
      k.something(() => 'value'),
    ),
    hasEffect: true,
  },
  'DurableSender.send': method(
    ({ stored }) => stored,
    'send',
    k.something(() => 'value'),
    sendOptions,
  ),
  'DurableSender.error': method(({ stored }) => stored, 'error', k.anything),
  ...receiverMethods('LogReceiver', ({ cursor }) => cursor),

  openIndexedDbLog: {
    ...row(
      openIndexedDbLog,
      k.name,
      k.options({
        durability: k.optional(k.word('strict', 'relaxed')),
        dedupe: k.optional(k.count(0, false)),
        // There is no IndexedDB here.
        fallback: k.kind(
          () => () => memoryLog(),
          (given) => (typeof given === 'function' ? true : given === undefined ? undefined : false),
        ),
        onLost: k.optional(k.func),
      }),
    ),
    isSlow: true,
  },

  openJetStreamLog: {
    ...row(
      openJetStreamLog,
      k.called(() => UNREACHABLE),
      k.options({
        stream: k.kind(() => 'orders', isName),
        subjects: k.optional(subjects),
        dedupe: k.optional(
          k.kind(
            () => 1000,
            (given) => Number.isSafeInteger(given) && (given as number) >= 100,
          ),
        ),
        filtered: k.optional(k.flag),
        timeout: k.optional(k.count(1, false)),
      }),
    ),
    // There is no server here.
    allows: (error) => error instanceof LogStoreError,
  },
};
