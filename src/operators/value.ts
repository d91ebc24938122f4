import { NullValueError } from '../errors/messages.js';
import type { Timestamp } from '../types.js';

/** Anything but `null`, which is no value: it would read as a tick. */
export type NotNull = NonNullable<unknown> | undefined;

/**
 * Refuses `null`, which would read as a tick.
 *
 * @internal
 */
export function refuseNull<T>(operator: string, value: T, ts?: Timestamp): T {
  if (value === null) throw new NullValueError(operator, ts);
  return value;
}
