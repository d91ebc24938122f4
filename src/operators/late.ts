import { noop } from 'rxjs';
import { InvalidOptionError } from '../errors/options.js';
import type { Late } from '../types.js';

/**
 * What becomes of a message below what was already released: an error, nothing, or what a function makes of it. Late
 * ticks tell nothing and are ignored.
 */
export type OnLate<T> = 'error' | 'drop' | ((late: Late<T>) => void);

/**
 * What to do with a late message; by default it is an error.
 *
 * @internal
 */
export function onLateOf<T>(operator: string, late: OnLate<T> | undefined): ((late: Late<T>) => void) | undefined {
  if (late === undefined || late === 'error') return undefined;
  if (late === 'drop') return noop;
  if (typeof late === 'function') return late;
  throw new InvalidOptionError('late', late, "'error', 'drop' or a function", operator);
}
