import type { Timestamp } from '../../index.js';
import type { Codec } from '../codec.js';
import { CheckpointError, LogPositionError } from '../errors.js';
import type { EventLog } from '../event-log.js';

/** Where a projection begins. */
export interface Beginning<S> {
  readonly ts: Timestamp;
  readonly state: S;
  /** Whether it was saved; else it begins anew. */
  readonly wasSaved: boolean;
}

/**
 * The state that was saved, or the initial one before the first entry.
 *
 * Refuses what would not be the fold of the log up to its position (law 51): where entries are missing between, where the
 * log ends before, and where a newer version was saved.
 */
export async function loadCheckpoint<S>(
  log: EventLog,
  { name, version, initial }: { readonly name: string; readonly version: number; readonly initial: S },
  codec: Codec | undefined,
): Promise<Beginning<S>> {
  const saved = await log.load(name);
  // Asked for: who has saved it may have stored what is not known here yet.
  const { trimmed, last } = await log.head();
  if (saved === undefined || saved.version < version) {
    if (trimmed > 0) throw new LogPositionError(name, 0, { trimmed, last });
    return { ts: 0, state: initial, wasSaved: false };
  }
  const { ts } = saved;
  if (saved.version > version) throw new CheckpointError(name, { ts: 0, version }, saved);
  if (ts > last || ts < trimmed) throw new LogPositionError(name, ts, { trimmed, last });
  const state = codec === undefined ? saved.state : await codec.decode(saved.state);
  return { ts, state: state as S, wasSaved: true };
}
