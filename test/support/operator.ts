import type { Observable, Subscription } from 'rxjs';
import type { Clocked, ClockedReceiver } from 'rxjs-clocked-dispatch';
import { watch, type Watch } from './receivers.js';

/** What `clockedDispatch` emitted, each receiver watched from the moment it came. */
export interface Receivers<T> {
  readonly receivers: Record<string, ClockedReceiver<T>>;
  readonly watched: Record<string, Watch<T>>;
  /** How the outer stream itself ended: `'|'`, an error, or not yet. */
  readonly end: () => unknown;
  readonly stop: () => void;
  readonly subscription: Subscription;
}

/** Subscribes to the result of `clockedDispatch` and to every receiver (except those in `unwatched`). */
export function receiversOf<T>(
  dispatched: Observable<ClockedReceiver<T>>,
  { unwatched = [], react }: { unwatched?: readonly string[]; react?: (name: string, item: Clocked<T>) => void } = {},
): Receivers<T> {
  const receivers: Record<string, ClockedReceiver<T>> = {};
  const watched: Record<string, Watch<T>> = {};
  let end: unknown;
  const subscription = dispatched.subscribe({
    next: (receiver) => {
      receivers[receiver.name] = receiver;
      if (!unwatched.includes(receiver.name)) {
        watched[receiver.name] = watch(receiver, (item) => react?.(receiver.name, item));
      }
    },
    error: (error: unknown) => (end = { error }),
    complete: () => (end = '|'),
  });
  return { receivers, watched, end: () => end, stop: () => subscription.unsubscribe(), subscription };
}
