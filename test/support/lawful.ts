import { expect } from 'vitest';
import type { Clocked } from 'rxjs-clocked-dispatch';

/**
 * What holds for whatever one consumer of one receiver was given (laws 2 to 4): timestamps never go back, ticks strictly
 * increase, and none repeats the timestamp of data before it; where the receiver is strict, nothing follows a tick at its
 * own timestamp, nor data at that of other data.
 */
export function expectLawful(items: readonly Clocked<unknown>[], strict = false): void {
  for (const [i, [value, ts]] of items.entries()) {
    const before = items[i - 1];
    if (before === undefined) continue;
    const repeats = ts === before[1];
    const allowed = ts > before[1] || (repeats && value !== null && !strict);
    if (!allowed) expect.fail(`${show(items[i])} follows ${show(before)} in ${items.map(show).join(' ')}`);
  }
}

/** No message came twice to one consumer. */
export function expectOnce(items: readonly Clocked<unknown>[]): void {
  const values = dataOf(items);
  expect(values).toEqual([...new Set(values)]);
}

/** Of two consumers, those messages that both saw came in the same order. */
export function expectSameOrder(a: readonly Clocked<unknown>[], b: readonly Clocked<unknown>[]): void {
  const [inA, inB] = [dataOf(a), dataOf(b)];
  expect(inA.filter((value) => inB.includes(value))).toEqual(inB.filter((value) => inA.includes(value)));
}

function dataOf(items: readonly Clocked<unknown>[]): unknown[] {
  return items.filter(([value]) => value !== null).map(([value]) => value);
}

function show(item: Clocked<unknown> | undefined): string {
  return JSON.stringify(item);
}
