import { InvalidOptionError, type Timestamp } from '../../index.js';
import * as check from '../../options/check.js';
import { isArray, isUsable } from '../../options/guards.js';
import { knownOptions } from '../../options/known-options.js';
import { checkJson } from '../json-check.js';
import type { DurableSendOptions } from './durable-dispatcher.js';

/** Options of `send`, with what a view of this package needs to know in time. */
export interface ReadSendOptions extends DurableSendOptions {
  readonly onTimestamp?: ((ts: Timestamp) => void) | undefined;
}

/** Reads the options of a sender of a log, wherever that is. */
export function readSendOptions(called: string, options: DurableSendOptions): ReadSendOptions {
  const { id, meta, signal, onTimestamp } = knownOptions<ReadSendOptions>(
    called,
    options,
    ['id', 'meta', 'signal'],
    {},
    ['onTimestamp'],
  );
  if (id !== undefined && (typeof id !== 'string' || id === '')) {
    throw new InvalidOptionError('id', id, 'a string that is not empty', called);
  }
  if (meta !== undefined && !isObject(meta)) throw new InvalidOptionError('meta', meta, 'an object', called);
  return {
    id,
    meta,
    signal: check.signal(called, 'signal', signal),
    onTimestamp: check.callback(called, 'onTimestamp', onTimestamp),
  };
}

/** The same where it is to be stored here. */
export function readStorableOptions(called: string, options: DurableSendOptions | undefined): ReadSendOptions {
  if (options === undefined) return {};
  const read = readSendOptions(called, options);
  // One that can't be stored would fail everything that is stored with it.
  if (read.meta !== undefined) checkJson(read.meta);
  return read;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && isUsable(value) && !isArray(value);
}
