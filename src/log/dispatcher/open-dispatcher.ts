import { createDispatcher, InvalidArgumentError, type Scheduler } from '../../index.js';
import * as check from '../../options/check.js';
import { isArray, isUsable } from '../../options/guards.js';
import { knownOptions } from '../../options/known-options.js';
import type { Codec } from '../codec.js';
import type { Entry, EventLog } from '../event-log.js';
import { jsonCodec } from '../json-codec.js';
import type { DurableDispatcher } from './durable-dispatcher.js';
import { LogDispatcher, type LogDispatcherOptions } from './log-dispatcher.js';
import type { SenderFailure } from './senders.js';

/** Options of {@link openDispatcher}. */
export interface OpenDispatcherOptions {
  /** The names that messages can be for, so that a mistyped one is an error. Default: any name. */
  readonly names?: readonly string[] | undefined;
  /** How many messages a receiver holds, besides one page of the log. Default: 1024. */
  readonly bound?: number | undefined;
  /** How many entries may wait for the store. Default: 65,536. */
  readonly maxWaiting?: number | undefined;
  /** How many entries go into one append. Default: 4096. */
  readonly batch?: number | undefined;
  /** How many entries are read at once while a receiver catches up. Default: 512. */
  readonly page?: number | undefined;
  /**
   * When receivers at the head are told of what is for others: once for all that were stored together, with each entry, or
   * by a scheduler. Default: 'commit'.
   */
  readonly ticks?: 'commit' | 'each' | Scheduler | undefined;
  /** How values are written to the log, and states of projections, where it is not the default. Default: that of the log, or `jsonCodec()`. */
  readonly codec?: Codec | undefined;
  /** Makes today's entry of an old one, whose values are decoded. It is given new ones, too. */
  readonly upcast?: ((entry: Entry) => Entry) | undefined;
  /** Told of each sender that has failed: by a `next` that could not be stored, or by `error`. */
  readonly onSenderFailure?: ((failure: SenderFailure) => void) | undefined;
}

/**
 * A dispatcher whose clock is a log: a position is a timestamp, and receivers are cursors into the log.
 *
 *     send      a b ------ c          stored, then told, then acknowledged
 *     fast      a1 b2 ---- _3
 *     slow      a1 ------- b2 _3      its channel was full: it reads the log when there is room
 *     restarted                a1 b2 _3      from 0
 *
 * So nobody waits for a slow receiver, and its memory is its bound and one page of the log. What `send` resolved with
 * survives the process as the log promises.
 *
 * Rejects with what the log says, `InvalidArgumentError`, `InvalidOptionError` and `UnknownOptionError`.
 */
export async function openDispatcher<T>(log: EventLog, options?: OpenDispatcherOptions): Promise<DurableDispatcher<T>> {
  if (!isUsable(log) || typeof (log as Partial<EventLog> | null | undefined)?.append !== 'function') {
    throw new InvalidArgumentError('openDispatcher', 'log', log, 'an EventLog, such as memoryLog()');
  }
  const read = readOptions(log, options);
  const { last } = await log.head();
  return new LogDispatcher<T>(log, last, read).open((mode) =>
    createDispatcher<never>(mode, { bound: read.bound, ticks: read.scheduler }),
  );
}

function readOptions(log: EventLog, options: OpenDispatcherOptions | undefined): LogDispatcherOptions {
  const owner = 'openDispatcher';
  const read = knownOptions(owner, options, [
    'names',
    'bound',
    'maxWaiting',
    'batch',
    'page',
    'ticks',
    'codec',
    'upcast',
    'onSenderFailure',
  ]);
  const { names, ticks, codec } = read;
  if (names !== undefined && !(isArray(names) && names.every((name) => typeof name === 'string'))) {
    throw new InvalidArgumentError(owner, 'names', names, 'a list of names');
  }
  check.having(owner, 'codec', codec, ['encode', 'decode'], 'an object with encode and decode, such as jsonCodec()');
  const isWord = ticks === undefined || ticks === 'commit' || ticks === 'each';
  return {
    names: names === undefined ? undefined : new Set(names),
    bound: check.count(owner, 'bound', read.bound, 1024),
    maxWaiting: check.count(owner, 'maxWaiting', read.maxWaiting, 65_536, 1),
    batch: check.count(owner, 'batch', read.batch, 4096, 1),
    page: check.count(owner, 'page', read.page, 512, 1, false),
    scheduler: isWord ? undefined : check.scheduler(owner, 'ticks', ticks),
    each: ticks === 'each',
    codec: codec ?? log.codec ?? jsonCodec(),
    stateCodec: codec,
    upcast: check.callback(owner, 'upcast', read.upcast),
    onSenderFailure: check.callback(owner, 'onSenderFailure', read.onSenderFailure),
  };
}
