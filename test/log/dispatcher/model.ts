import type { Clocked } from 'rxjs-clocked-dispatch';
import type { Entry } from 'rxjs-clocked-dispatch/log';

/** Whom something is for, or who reads for whom. */
export type Names = readonly string[] | '*';

/** What is stored at a position. */
export type Stored = readonly (readonly [entry: Entry, ts: number])[];

/** What the laws say that a reader gets: its messages after a position, in order, up to another one. */
export function due(
  stored: Stored,
  names: Names,
  from: number,
  upTo: number,
): (readonly [value: unknown, ts: number])[] {
  return stored
    .filter(([, ts]) => ts > from && ts <= upTo)
    .flatMap(([{ messages }, ts]) =>
      messages.filter(({ to }) => meets(to, names)).map(({ value }) => [JSON.parse(value as string), ts] as const),
    );
}

function meets(to: Names, names: Names): boolean {
  return to === '*' || names === '*' || to.some((name) => names.includes(name));
}

/** What is wrong with what a receiver was told: time that goes back, a tick that says nothing new, or another message. */
export function faultsOf(told: readonly Clocked<unknown>[], stored: Stored, names: Names, from: number): string[] {
  const faults: string[] = [];
  let clock = from;
  let tick = -Infinity;
  for (const [value, ts] of told) {
    if (ts < clock) faults.push(`${ts} follows ${clock}`);
    if (value === null && ts <= tick) faults.push(`tick ${ts} follows tick ${tick}`);
    if (value !== null && ts <= tick) faults.push(`a message at ${ts} follows tick ${tick}`);
    if (value === null) tick = ts;
    clock = ts;
  }
  const messages = told.filter(([value]) => value !== null);
  // A receiver that has ended within a transaction has the first part of it.
  const expected = due(stored, names, from, clock).slice(0, messages.length);
  if (JSON.stringify(messages) !== JSON.stringify(expected)) {
    faults.push(`was told ${JSON.stringify(messages)} instead of ${JSON.stringify(expected)}`);
  }
  return faults;
}
