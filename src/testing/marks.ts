import type { ObservableNotification } from 'rxjs';
import type { Clocked } from '../types.js';
import type { Names } from './names.js';

/**
 * How a notification stands in a row: `a1`, `_3`, `|`, `#`; a value without a timestamp by its name alone.
 *
 * @internal
 */
export function tokenOf(notification: ObservableNotification<unknown>, names: Names): string {
  if (notification.kind === 'C') return '|';
  if (notification.kind === 'E') return '#';
  const { value } = notification;
  if (!isClocked(value)) return names.of(value);
  return `${value[0] === null ? '_' : names.of(value[0])}${value[1]}`;
}

/**
 * Whether this looks like `[value, ts]`.
 *
 * @internal
 */
export function isClocked(value: unknown): value is Clocked<unknown> {
  return Array.isArray(value) && value.length === 2 && Number.isSafeInteger(value[1]);
}
