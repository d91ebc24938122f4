import type { Timestamp } from '../../types.js';
import { isArray } from '../../options/guards.js';
import { ProtocolError } from '../errors.js';
import { BATCH, type ErrorFrame, type Joined, type Opened, type ServerFrame, type Welcome } from './frames.js';
import { flag, integer, list, orNull, record, text } from './parts.js';

/** A frame of a server, checked in all its parts. Throws `ProtocolError`. */
export function readServerFrame(frame: unknown): ServerFrame {
  if (!isArray(frame)) throw new ProtocolError('it is no list');
  const [kind, id, third, fourth, clock, settled] = frame;
  switch (kind) {
    case 'items': {
      const values = list(third, 'the items', BATCH);
      if (values.includes(null)) throw new ProtocolError('null is no message');
      return ['items', idOf(id), values, ascending(fourth, values.length, clock), clock as number, orNull(settled, ts)];
    }
    case 'acks':
      return ['acks', idOf(id), integer(third, 'the number', 1), list(fourth, 'the answers', Infinity).map(ts)];
    case 'refused':
      return ['refused', idOf(id), integer(third, 'the number', 1), errorFrame(fourth)];
    case 'end':
      return ['end', integer(id, 'the id', 0), orNull(third, errorFrame)];
    case 'joined':
      return ['joined', idOf(id), joined(record(third, 'joined'))];
    case 'welcome':
      return ['welcome', welcome(record(id, 'welcome'))];
    case 'ping':
    case 'pong':
      return [kind];
    default:
      throw new ProtocolError('a server says nothing of that kind');
  }
}

function idOf(value: unknown): number {
  return integer(value, 'the id', 1);
}

function ts(value: unknown): Timestamp {
  return integer(value, 'a timestamp');
}

/** Timestamps never go back, and the clock is not behind them. */
function ascending(value: unknown, length: number, clock: unknown): readonly Timestamp[] {
  const read = list(value, 'the timestamps', BATCH);
  if (read.length !== length) throw new ProtocolError(`${length} items with ${read.length} timestamps`);
  let last = -Infinity;
  for (let i = 0; i <= length; i++) {
    const next = ts(i < length ? read[i] : clock);
    if (next < last) throw new ProtocolError(`timestamp ${next} after ${last}`);
    last = next;
  }
  return read as readonly Timestamp[];
}

function joined(value: Readonly<Record<string, unknown>>): Opened | Joined {
  const { last, known, from, unique, strict } = value;
  return last === undefined
    ? { from: orNull(from, ts), unique: flag(unique, 'unique'), strict: flag(strict, 'strict') }
    : { last: integer(last, 'last', 0), known: flag(known, 'known') };
}

function welcome({ version, id, log, clock, window, maxFrame }: Readonly<Record<string, unknown>>): Welcome {
  return {
    version: integer(version, 'the version'),
    id: text(id, 'the id'),
    log: flag(log, 'log'),
    clock: orNull(clock, ts),
    window: integer(window, 'the window', 1),
    ...(maxFrame !== undefined && { maxFrame: integer(maxFrame, 'maxFrame', 1) }),
  };
}

function errorFrame(value: unknown): ErrorFrame {
  const { name, message, code, clock, why, bytes, most, ts: at } = record(value, 'an error');
  return {
    name: said(name),
    message: said(message),
    ...(code !== undefined && { code: said(code) }),
    ...(clock !== undefined && { clock: orNull(clock, ts) }),
    ...(why !== undefined && { why: said(why) }),
    ...(bytes !== undefined && { bytes: integer(bytes, 'bytes', 1) }),
    ...(most !== undefined && { most: integer(most, 'most', 1) }),
    ...(at !== undefined && { ts: ts(at) }),
  };
}

function said(value: unknown): string {
  if (typeof value !== 'string') throw new ProtocolError('what is said of an error is no text');
  return value;
}
