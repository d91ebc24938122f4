import { isArray } from '../../options/guards.js';
import { ProtocolError } from '../errors.js';
import type { Names } from './frames.js';

/** Names, ids and keys are no longer than this. */
const LONGEST = 1024;
/** So many names go into one list. */
const MOST_NAMES = 1024;

/** Each of these answers with what it was given, or throws a `ProtocolError` that says what is wrong. */

export function list(value: unknown, what: string, most: number): readonly unknown[] {
  if (!isArray(value)) throw new ProtocolError(`${what} is no list`);
  if (value.length > most) throw new ProtocolError(`${what} has ${value.length} entries; ${most} are allowed`);
  return value;
}

export function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || isArray(value)) throw new ProtocolError(`${what} is no object`);
  return value as Readonly<Record<string, unknown>>;
}

export function integer(value: unknown, what: string, least: number = -Number.MAX_SAFE_INTEGER): number {
  if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
  throw new ProtocolError(`${what} is no safe integer${Number.isSafeInteger(least) ? ` from ${least} on` : ''}`);
}

export function text(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '') throw new ProtocolError(`${what} is no text`);
  if (value.length > LONGEST) {
    throw new ProtocolError(`${what} has ${value.length} characters; ${LONGEST} are allowed`);
  }
  return value;
}

export function flag(value: unknown, what: string): boolean {
  if (typeof value !== 'boolean') throw new ProtocolError(`${what} is neither true nor false`);
  return value;
}

export function orNull<V>(value: unknown, read: (value: unknown) => V): V | null {
  return value === null ? null : read(value);
}

export function names(value: unknown, what: string): Names {
  if (value === '*') return '*';
  const read = list(value, what, MOST_NAMES);
  if (read.length === 0) throw new ProtocolError(`${what} is empty`);
  for (const name of read) text(name, `a name of ${what}`);
  return read as readonly string[];
}
