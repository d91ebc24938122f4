import type { Line } from 'rxjs-clocked-dispatch/port';

/** Resolves with the reason when a line has closed. */
export function ended(line: Line): Promise<unknown> {
  return new Promise((resolve) => (line.onclose = resolve));
}
