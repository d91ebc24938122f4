import { InvalidOptionError } from '../../errors/options.js';
import { readsFor } from '../../log/dispatcher/addressees.js';
import type { Position } from '../../log/event-log.js';
import * as check from '../../options/check.js';
import { isUsable } from '../../options/guards.js';
import { knownOptions } from '../../options/known-options.js';
import type { RemoteReceiverOptions } from './connection.js';
import type { RemoteOptions } from './remote-cursor.js';

/** Throws what is wrong with the options of a receiver. */
export function readReceiverOptions(
  name: string,
  options: RemoteReceiverOptions | undefined,
  window: number,
): RemoteOptions {
  const owner = `receiver '${check.name('receiver', name)}'`;
  const given = knownOptions(owner, options, ['from', 'addressedTo', 'bound', 'onGone']);
  const bound = check.count(owner, 'bound', given.bound, window, 1);
  return {
    name,
    reads: readsFor(owner, name, given.addressedTo, undefined),
    ...positionOf(owner, given.from),
    bound,
    window: Math.min(bound, window),
    orNow: check.oneOf(owner, 'onGone', given.onGone, ['error', 'now']) === 'now',
  };
}

function positionOf(owner: string, from: RemoteReceiverOptions['from']): Pick<RemoteOptions, 'from' | 'of'> {
  if (from === undefined) return { from: null, of: null };
  if (Number.isSafeInteger(from)) return { from: from as number, of: null };
  const { log, ts } = (isUsable(from) ? Object(from) : {}) as Partial<Position>;
  if (typeof log === 'string' && Number.isSafeInteger(ts)) return { from: ts as number, of: log };
  throw new InvalidOptionError('from', from, 'a timestamp, or { log, ts }', owner);
}
