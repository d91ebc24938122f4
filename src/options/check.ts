import { InvalidNameError } from '../errors/names.js';
import { InvalidOptionError } from '../errors/options.js';
import { hasMethods } from './guards.js';

/** An integer from `least` on; `Infinity` only where it is allowed. */
export function count(
  owner: string,
  option: string,
  value: unknown,
  byDefault: number,
  least = 0,
  infinite = true,
): number {
  if (value === undefined) return byDefault;
  if ((infinite && value === Infinity) || (Number.isSafeInteger(value) && (value as number) >= least)) {
    return value as number;
  }
  throw new InvalidOptionError(option, value, `an integer from ${least} on${infinite ? ', or Infinity' : ''}`, owner);
}

/** Any safe integer, zero and negative ones too. */
export function integer(owner: string, option: string, value: unknown, byDefault: number): number {
  if (value === undefined) return byDefault;
  // Adding zero makes -0 a plain 0.
  if (Number.isSafeInteger(value)) return (value as number) + 0;
  throw new InvalidOptionError(option, value, 'a safe integer', owner);
}

/** One of the words; the first of them by default. */
export function oneOf<const W extends string>(
  owner: string,
  option: string,
  value: unknown,
  words: readonly [W, ...W[]],
): W {
  if (value === undefined) return words[0];
  if ((words as readonly unknown[]).includes(value)) return value as W;
  throw new InvalidOptionError(option, value, `'${words.join("' or '")}'`, owner);
}

/** A time in milliseconds. One that a timer can't hold is kept: timers are chained. */
export function milliseconds(owner: string, option: string, value: unknown): number {
  if (typeof value === 'number' && value >= 0 && value < Infinity) return value;
  throw new InvalidOptionError(option, value, 'a time in milliseconds, zero or more', owner);
}

/** A time in milliseconds, more than none; `Infinity` is for ever. */
export function duration(owner: string, option: string, value: unknown, byDefault: number): number {
  if (value === undefined) return byDefault;
  if (typeof value === 'number' && value > 0) return value;
  throw new InvalidOptionError(option, value, 'a time in milliseconds, more than 0', owner);
}

/** `true` or `false`; `false` by default. */
export function flag(owner: string, option: string, value: unknown): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  throw new InvalidOptionError(option, value, 'true or false', owner);
}

/** A function, or nothing. */
export function callback<F>(owner: string, option: string, value: F): F {
  if (value === undefined || typeof value === 'function') return value;
  throw new InvalidOptionError(option, value, 'a function', owner);
}

/** What has the two methods of a scheduler, or nothing. */
export function scheduler<S>(owner: string, option: string, value: S): S {
  return having(owner, option, value, ['now', 'schedule'], 'a scheduler, such as asyncScheduler');
}

/** What can be listened to for an abort, or nothing. */
export function signal<S>(owner: string, option: string, value: S): S {
  return having(owner, option, value, ['addEventListener', 'removeEventListener'], 'an AbortSignal');
}

/** Whom an option belongs to: a sender, a receiver or a source with a name that is one. */
export function named(kind: string, given: unknown): string {
  return `${kind} '${name(kind, given as string)}'`;
}

/** A string that is not empty. */
export function name<N extends string>(kind: string, value: N): N {
  if (typeof value === 'string' && value !== '') return value;
  throw new InvalidNameError(kind, value);
}

/** What has these methods, or nothing. */
export function having<V>(owner: string, option: string, value: V, methods: readonly string[], expected: string): V {
  if (value === undefined || hasMethods(value, methods)) return value;
  throw new InvalidOptionError(option, value, expected, owner);
}
