import { NullValueError } from '../errors.js';
import type { Timestamp } from '../types.js';

/**
 * Refuses `null`, which would read as a tick.
 *
 * @internal
 */
export function refuseNull<T>(operator: string, value: T, ts?: Timestamp): T {
  if (value === null) throw new NullValueError(operator, ts);
  return value;
}
