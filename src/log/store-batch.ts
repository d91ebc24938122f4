import type { Timestamp } from '../types.js';
import { answerOf } from './answer-of.js';
import type { CommitChain } from './commit-chain.js';
import type { Pending } from './commit-queue.js';
import { LogOutcomeUnknownError, type Stored } from './errors.js';
import type { EventLog } from './event-log.js';

/** What became of one entry: its position, or why it has none. */
export type Outcome = { readonly ts: Timestamp } | { readonly error: unknown };

/** What became of a batch: the position of each entry, or what became of each, where it was not stored as a whole. */
export type BatchOutcome = { readonly positions: readonly Timestamp[] } | { readonly outcomes: readonly Outcome[] };

/**
 * Stores a batch by one `append`, and finds out what became of each entry.
 *
 * Where the append fails and something may be stored, entries with an id are appended once more: the log gives what it
 * has its first position (law 42). The outcome of those without one is unknown.
 */
export async function storeBatch<E>(
  log: EventLog<E>,
  batch: readonly Pending<E>[],
  timeout: number,
): Promise<BatchOutcome> {
  const { last } = log;
  try {
    return { positions: await append(log, batch, timeout) };
  } catch (error) {
    if (!(await mayBeStored(log, last, error, timeout))) return { outcomes: batch.map(() => ({ error })) };
    return { outcomes: await repeat(log, batch, timeout, error) };
  }
}

async function repeat<E>(
  log: EventLog<E>,
  batch: readonly Pending<E>[],
  timeout: number,
  cause: unknown,
): Promise<readonly Outcome[]> {
  const again = repeatable(batch);
  const unknown: Outcome = { error: outcomeUnknown(cause) };
  const outcomes = new Map<Pending<E>, Outcome>();
  if (again.length > 0) {
    try {
      const positions = await append(log, again, timeout);
      again.forEach((pending, i) => outcomes.set(pending, { ts: positions[i]! }));
    } catch {
      // Whatever this one says of itself, the first one may have stored them.
    }
  }
  return batch.map((pending) => outcomes.get(pending) ?? unknown);
}

/** The entries with an id, except behind one without in the same chain: that one may be missing (law 50). */
function repeatable<E>(batch: readonly Pending<E>[]): readonly Pending<E>[] {
  const ended = new Set<CommitChain>();
  return batch.filter(({ id, chain, behind }) => {
    if (id === undefined && chain !== undefined) ended.add(chain);
    return id !== undefined && !(chain !== undefined && ended.has(chain)) && !behind.some((each) => ended.has(each));
  });
}

/** Asks the error, else the log: what was stored is counted by `head()`. */
async function mayBeStored<E>(log: EventLog<E>, last: Timestamp, error: unknown, timeout: number): Promise<boolean> {
  const stored = (error as { readonly stored?: Stored } | null | undefined)?.stored;
  if (stored !== undefined) return stored !== 'nothing';
  try {
    return (await answerOf(log.head(), timeout, lost)).last !== last;
  } catch {
    return true;
  }
}

async function append<E>(
  log: EventLog<E>,
  batch: readonly Pending<E>[],
  timeout: number,
): Promise<readonly Timestamp[]> {
  const entries = batch.map(({ entry }) => entry);
  const ids = batch.some(({ id }) => id !== undefined) ? batch.map(({ id }) => id) : undefined;
  const positions = await answerOf(log.append(entries, { ids }), timeout, lost);
  if (positions.length === batch.length) return positions;
  throw new LogOutcomeUnknownError(
    new Error(`the log answered ${positions.length} positions for ${batch.length} entries`),
  );
}

function lost(cause: Error): Error {
  return new LogOutcomeUnknownError(cause);
}

function outcomeUnknown(cause: unknown): unknown {
  const stored = (cause as { readonly stored?: Stored } | null | undefined)?.stored;
  return stored === 'unknown' ? cause : new LogOutcomeUnknownError(cause);
}
