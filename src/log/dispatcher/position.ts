import { InvalidOptionError, type Timestamp } from '../../index.js';
import { isUsable } from '../../options/guards.js';
import { LogPositionError } from '../errors.js';
import type { EventLog, Position } from '../event-log.js';

/** Where a reader begins; refuses what this log has not, or has no more (law 52). */
export function beginningOf(
  log: EventLog,
  reader: string,
  from: Timestamp | Position | undefined,
  known: { readonly clock: Timestamp; readonly head: Timestamp },
): Timestamp {
  if (from === undefined) return known.clock;
  const { ts, of } = typeof from === 'number' ? { ts: from, of: log.id } : partsOf(reader, from);
  if (!Number.isSafeInteger(ts) || ts < 0) throw wrong(reader, from);
  const { trimmed } = log;
  if (of !== log.id) throw new LogPositionError(reader, ts, { trimmed, last: known.head }, of);
  // Others may have stored more in a log that pushes than is known here: whoever reads there finds out.
  const isBeyond = ts > known.head && log.follow === undefined;
  if (isBeyond || ts < trimmed) throw new LogPositionError(reader, ts, { trimmed, last: known.head });
  return ts;
}

function partsOf(reader: string, from: unknown): { ts: Timestamp; of: string } {
  const { log, ts } = (isUsable(from) ? Object(from) : {}) as Partial<Position>;
  if (typeof log !== 'string' || typeof ts !== 'number') throw wrong(reader, from);
  return { ts, of: log };
}

function wrong(reader: string, from: unknown): InvalidOptionError {
  return new InvalidOptionError(
    'from',
    from,
    'a position of the log: an integer from 0 on, or { log, ts }',
    `receiver '${reader}'`,
  );
}
