import { from } from 'rxjs';
import type { Observable, Subscription } from 'rxjs';
import type { Clocked, ClockedReceiver } from 'rxjs-clocked-dispatch';

/** What a subscriber saw: items as they came, then `'|'`, or the error. */
export type Seen<T> = readonly [T | null, number] | '|' | { readonly error: unknown };

/** A subscription that writes down what it is given. */
export interface Watch<T> {
  readonly seen: Seen<T>[];
  /** The items alone. */
  readonly items: Clocked<T>[];
  readonly subscription: Subscription;
}

/** Subscribes and writes down everything; `react` is called within the handler. */
export function watch<T>(receiver: ClockedReceiver<T>, react?: (item: Clocked<T>) => void): Watch<T> {
  const seen: Seen<T>[] = [];
  const items: Clocked<T>[] = [];
  const subscription = receiver.subscribe({
    next: (item) => {
      seen.push(item);
      items.push(item);
      react?.(item);
    },
    error: (error: unknown) => seen.push({ error }),
    complete: () => seen.push('|'),
  });
  return { seen, items, subscription };
}

/** Everything that can be had from a receiver now without waiting. */
export function pullAll<T>(receiver: ClockedReceiver<T>): Clocked<T>[] {
  const items: Clocked<T>[] = [];
  for (let item = receiver.tryReceive(); item !== undefined; item = receiver.tryReceive()) items.push(item);
  return items;
}

/** Messages with their timestamps, as a source brings them. */
export function stamped(...items: [value: string, ts: number][]): Observable<Clocked<string>> {
  return from(items);
}

/** All that was seen but the ticks. */
export function withoutTicks<T>(seen: readonly Seen<T>[]): Seen<T>[] {
  return seen.filter((item) => !isItem(item) || item[0] !== null);
}

/** The messages among the items, without the ticks. */
export function data<T>(items: readonly Seen<T>[]): T[] {
  return items.flatMap((item) => (isItem(item) && item[0] !== null ? [item[0]] : []));
}

/** The timestamps of the ticks among the items. */
export function ticks(items: readonly Seen<unknown>[]): number[] {
  return items.flatMap((item) => (isItem(item) && item[0] === null ? [item[1]] : []));
}

/** The error that ended the subscription. */
export function errorOf(watched: Watch<unknown>): unknown {
  const last = watched.seen.at(-1);
  if (typeof last !== 'object' || !('error' in last)) throw new Error(`no error came, but ${String(last)}`);
  return last.error;
}

function isItem<T>(item: Seen<T>): item is readonly [T | null, number] {
  return Array.isArray(item);
}
