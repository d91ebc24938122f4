import type { Timestamp } from '../types.js';
import type { DedupeWindow } from './dedupe-window.js';
import { LogFencedError } from './errors.js';
import type { AppendOptions } from './event-log.js';

/** What an append has to store, and what it answers then. */
export interface AppendPlan<E> {
  /** The entries that are new; they go behind `last`, in this order. */
  readonly fresh: readonly E[];
  /** Their ids, where any has one. */
  readonly ids: readonly (string | undefined)[] | undefined;
  /** The position of each entry that was given, also of those stored before. */
  readonly positions: readonly Timestamp[];
}

/**
 * Decides what is new and where it goes, and changes nothing.
 *
 * What was stored before is answered even where `expected` has passed since: otherwise an append whose answer was lost
 * could not be repeated.
 */
export function planAppend<E>(
  entries: readonly E[],
  { expected, ids }: AppendOptions,
  last: Timestamp,
  window: DedupeWindow,
): AppendPlan<E> {
  const plan = ids === undefined ? consecutive(entries, last) : deduplicated(entries, ids, last, window);
  const fenced = expected !== undefined && expected !== last && (plan.fresh.length > 0 || entries.length === 0);
  if (fenced) throw new LogFencedError(expected, last);
  return plan;
}

/** Remembers the ids of what is stored now. */
export function rememberIds<E>({ ids }: AppendPlan<E>, first: Timestamp, window: DedupeWindow): void {
  if (ids === undefined) return;
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i];
    if (id !== undefined) window.add(id, first + i);
  }
}

function consecutive<E>(entries: readonly E[], last: Timestamp): AppendPlan<E> {
  const positions = new Array<Timestamp>(entries.length);
  for (let i = 0; i < positions.length; i++) positions[i] = last + i + 1;
  // A copy: the caller may reuse the array while the store is busy.
  return { fresh: entries.slice(), ids: undefined, positions };
}

function deduplicated<E>(
  entries: readonly E[],
  ids: readonly (string | undefined)[],
  last: Timestamp,
  window: DedupeWindow,
): AppendPlan<E> {
  const fresh: E[] = [];
  const freshIds: (string | undefined)[] = [];
  const within = new Map<string, Timestamp>();
  const positions = entries.map((entry, i) => {
    const id = ids[i];
    const before = id === undefined ? undefined : (window.find(id) ?? within.get(id));
    if (before !== undefined) return before;
    fresh.push(entry);
    freshIds.push(id);
    const ts = last + fresh.length;
    if (id !== undefined) within.set(id, ts);
    return ts;
  });
  return { fresh, ids: within.size > 0 ? freshIds : undefined, positions };
}
