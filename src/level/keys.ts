import type { Timestamp } from '../types.js';
import type { Range } from './store.js';

/**
 * The keys of a log. Records with entries and with ids are named by the positions that they cover: the last one first,
 * so that the first record behind a position is the first key greater than it. Both positions are there, so that a
 * hole shows in the keys alone.
 */
export const FORMAT = 'm:format';
export const ID = 'm:id';
export const TRIMMED = 'm:trimmed';
/** Up to where the log was whole when it was opened last. */
export const CHECKED = 'm:checked';

/** Kinds of records that cover positions: the entries, and the ids of those that have one. */
export type Kind = 'e' | 'i';

/** The positions that a record covers. */
export interface Span {
  readonly first: Timestamp;
  readonly last: Timestamp;
}

export function spanKey(kind: Kind, { first, last }: Span): string {
  return `${kind}${digits(last)}${digits(first)}`;
}

/** What the key says; `undefined` where it is damaged. */
export function spanOf(key: string): Span | undefined {
  const [, last, first] = /^.(\d{16})(\d{16})$/.exec(key) ?? [];
  if (first === undefined || last === undefined) return undefined;
  return { first: Number(first), last: Number(last) };
}

/** The records that cover positions after `after`; up to `upTo`, those that cover none after it. */
export function spans(kind: Kind, after: Timestamp, upTo?: Timestamp): Range {
  // A colon comes after all digits.
  const above = `${kind}${digits(after)}:`;
  return { gt: above, lt: upTo === undefined ? `${kind}:` : `${kind}${digits(upTo)}:` };
}

/** Every record of a kind, also one with a damaged key. */
export function allOf(kind: string): Range {
  return { gte: kind, lt: `${kind}\u{10ffff}` };
}

/** The state of a checkpoint. As JSON, any string is well-formed. */
export function stateKey(name: string): string {
  return `c:${JSON.stringify(name)}`;
}

/** The position and version of a checkpoint, without its state. */
export function markKey(name: string): string {
  return `t:${JSON.stringify(name)}`;
}

/** The name in a key of either kind; `undefined` where it is damaged. */
export function nameOf(key: string): string | undefined {
  try {
    const name: unknown = JSON.parse(key.slice(2));
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a key is one of a log. */
export function isKey(key: string): boolean {
  return /^([ei]\d{32}|m:[a-z]+|[ct]:".*")$/s.test(key);
}

/** Of one width, so that they sort. */
function digits(ts: Timestamp): string {
  return String(ts).padStart(16, '0');
}
