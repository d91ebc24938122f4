import type { Observable } from 'rxjs';
import { PROGRESS, type Progress, TRAITS, type Traits } from './progress.js';

/**
 * The progress that a stream carries.
 *
 * @internal
 */
export function progressOf(stream: unknown): Progress | undefined {
  return (stream as { readonly [PROGRESS]?: Progress } | undefined)?.[PROGRESS];
}

/**
 * What is known of a stream, with or without a progress. Of one that carries nothing a repeated timestamp must be
 * expected.
 *
 * @internal
 */
export function traitsOf(stream: unknown): Traits {
  const own = (stream as { readonly [TRAITS]?: Traits } | undefined)?.[TRAITS];
  return own ?? progressOf(stream) ?? NOTHING_KNOWN;
}

/**
 * Gives a stream a progress of its own.
 *
 * @internal
 */
export function withProgress<S extends object>(stream: S, progress: Progress): S {
  return Object.defineProperty(stream, PROGRESS, { value: progress });
}

/**
 * For an operator that makes one item of one, in the same turn: its readers are told what the source's are. `traits` says
 * what is true of its items, where that is less than of the source's.
 *
 * @internal
 */
export function carry<R extends Observable<unknown>>(source: unknown, result: R, traits: Traits = traitsOf(source)): R {
  const progress = progressOf(source);
  if (progress !== undefined) withProgress(result, progress);
  return carryTraits(result, traits);
}

/**
 * For an operator that holds, delays or repeats: each reader has a progress of its own, and only what can't change goes
 * along.
 *
 * @internal
 */
export function carryTraits<R extends Observable<unknown>>(result: R, traits: Traits): R {
  if (traits !== NOTHING_KNOWN) Object.defineProperty(result, TRAITS, { value: traits });
  return result;
}

const NOTHING_KNOWN: Traits = { strict: false, unique: false };
