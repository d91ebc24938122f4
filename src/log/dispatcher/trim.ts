import type { Timestamp } from '../../index.js';
import * as check from '../arguments.js';
import { flag } from '../../options/check.js';
import { knownOptions } from '../../options/known-options.js';
import type { EventLog } from '../event-log.js';

/** Who has yet to read, and from where on. */
export interface Readers {
  /** Saves what has not been saved yet. */
  save(): Promise<unknown>;
  /** The positions up to which nothing is needed any more, where these checkpoints are there. */
  done(saved: ReadonlySet<string>): Iterable<Timestamp>;
}

/** Trims the log, but not what somebody has yet to read: a checkpoint, a projection, a receiver. */
export async function trim(
  log: EventLog,
  upTo: Timestamp,
  options: { readonly force?: boolean | undefined } | undefined,
  readers: Readers,
): Promise<void> {
  const { force } = knownOptions('trim', options, ['force']);
  check.position('trim', 'upTo', upTo);
  if (flag('trim', 'force', force)) return log.trim(upTo);
  await readers.save();
  let least = upTo;
  const checkpoints = await log.checkpoints();
  for (const { ts } of checkpoints) least = Math.min(least, ts);
  for (const ts of readers.done(new Set(checkpoints.map(({ name }) => name)))) least = Math.min(least, ts);
  if (least > 0) await log.trim(least);
}
