import { InvalidArgumentError } from '../errors/inputs.js';
import { isArray, isUsable } from '../options/guards.js';
import { knownOptions } from '../options/known-options.js';
import type { Timestamp } from '../types.js';
import type { AppendOptions, Checkpoint } from './event-log.js';

/** A position that can be read after or trimmed up to. */
export function position(called: string, parameter: string, given: unknown): Timestamp {
  if (Number.isSafeInteger(given) && (given as number) >= 0) return given as number;
  throw new InvalidArgumentError(called, parameter, given, 'a position: an integer from 0 on');
}

/** How many entries to read: at least one, and `Infinity` for all of them. */
export function limit(called: string, given: unknown): number {
  if (given === Infinity || (Number.isSafeInteger(given) && (given as number) >= 1)) return given as number;
  throw new InvalidArgumentError(called, 'limit', given, 'an integer from 1 on, or Infinity');
}

/** The arguments of `append`; none of them is changed. */
export function append(entries: unknown, options: AppendOptions | undefined): AppendOptions {
  if (!isArray(entries)) throw new InvalidArgumentError('append', 'entries', entries, 'an array of entries');
  const { expected, ids } = knownOptions('append', options, ['expected', 'ids']);
  if (expected !== undefined) position('append', 'expected', expected);
  if (ids !== undefined) idsOf(ids, entries.length);
  return { expected, ids };
}

/** Who is to be told. */
export function listener<F>(called: string, given: F): F {
  if (typeof given === 'function') return given;
  throw new InvalidArgumentError(called, 'listener', given, 'a function');
}

/** A name of a checkpoint. */
export function checkpointName(called: string, given: unknown): string {
  if (typeof given === 'string' && given !== '') return given;
  throw new InvalidArgumentError(called, 'name', given, 'a name: a string that is not empty');
}

/** A checkpoint, as far as its log has to understand it. */
export function checkpoint(called: string, given: unknown): Checkpoint {
  const { ts, version } = (isUsable(given) ? Object(given) : {}) as Partial<Checkpoint>;
  if (!Number.isSafeInteger(ts) || !Number.isSafeInteger(version)) {
    throw new InvalidArgumentError(called, 'checkpoint', given, 'an object with integers ts and version, and a state');
  }
  position(called, 'checkpoint.ts', ts);
  return given as Checkpoint;
}

function idsOf(ids: unknown, length: number): void {
  const expected = 'an array with one string, or undefined, for each entry';
  if (!isArray(ids) || ids.length !== length) throw new InvalidArgumentError('append', 'ids', ids, expected);
  for (const id of ids) {
    if (id !== undefined && typeof id !== 'string') throw new InvalidArgumentError('append', 'ids', id, expected);
  }
}
