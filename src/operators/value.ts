import { NullValueError } from '../errors/messages.js';
import type { Timestamp } from '../types.js';

/** Anything but `null`, which is no value: it would read as a tick. What returns nothing returns `undefined`. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- an async function without a result is one of these
export type NotNull = NonNullable<unknown> | undefined | void;

/**
 * Refuses `null`, which would read as a tick.
 *
 * @internal
 */
export function refuseNull<T>(operator: string, value: T, ts?: Timestamp): T {
  if (value === null) throw new NullValueError(operator, ts);
  return value;
}
