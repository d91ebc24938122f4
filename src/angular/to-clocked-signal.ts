import { assertNotInReactiveContext, computed, signal, type Signal } from '@angular/core';
import type { Observable } from 'rxjs';
import type { Clocked, Timestamp } from '../types.js';
import { ownerOf, type ContextOptions } from './context.js';

/** Clocked messages: a receiver, which knows its clock, or what an operator has made of one. */
export interface ClockedSource<T> extends Observable<Clocked<T>> {
  /** The last timestamp that was emitted. */
  readonly clock?: Timestamp;
  /** The last timestamp at which nothing more can follow. */
  readonly settled?: Timestamp;
}

/** A receiver as signals. A tick moves `clock` and leaves `value` alone. */
export interface ClockedSignal<T> {
  /** The last value; throws the receiver's error after it has failed. */
  readonly value: Signal<T>;
  /** How current the value is: the last timestamp, of a message or a tick. */
  readonly clock: Signal<Timestamp>;
  /**
   * Whether nothing at or below `ts` can follow any more: then the value knows of everything that was written up to
   * `ts`. `ts` may be a signal; `undefined` in it is "not written yet". Throws the receiver's error if it failed before.
   */
  isCurrent(ts: Timestamp | (() => Timestamp | undefined)): Signal<boolean>;
}

/** Options of `toClockedSignal`. */
export interface ClockedSignalOptions<T, I = T> extends ContextOptions {
  /** The value before the first message. Default: `undefined`. */
  readonly initialValue?: I;
  /** The clock before the first message. Default: the receiver's own, 0 for a stream that is no receiver. */
  readonly initialClock?: Timestamp | undefined;
  /** When two values are the same, so that readers of `value` need not know. Default: `Object.is`. */
  readonly equal?: ((a: T | I, b: T | I) => boolean) | undefined;
  /** Whether timestamps don't repeat in a stream that is no receiver: receivers know of themselves. Default: false. */
  readonly strict?: boolean | undefined;
  /** Keeps the subscription until the receiver ends, whatever is destroyed before. */
  readonly manualCleanup?: boolean | undefined;
}

/**
 * A receiver as signals: its value, its clock, and whether it is up to date with a timestamp.
 *
 * Subscribes at once, and unsubscribes with the component (or whatever else owns the context).
 *
 *     orders = toClockedSignal(injectReceiver(ORDERS, 'orders'), { initialValue: NONE });
 *     saved = this.orders.isCurrent(this.savedAt);
 */
export function toClockedSignal<T>(
  source: ClockedSource<T>,
  options?: ClockedSignalOptions<T, undefined>,
): ClockedSignal<T | undefined>;
/** With an initial value, which need not be of the receiver's type. */
export function toClockedSignal<T, const I>(
  source: ClockedSource<T>,
  options: ClockedSignalOptions<T, I> & { readonly initialValue: I },
): ClockedSignal<T | I>;
export function toClockedSignal<T, I>(
  source: ClockedSource<T>,
  options: ClockedSignalOptions<T, I> = {},
): ClockedSignal<T | I> {
  const settledAt = (ts: Timestamp): Timestamp => source.settled ?? (options.strict ? ts : ts - 1);
  return subscribeAsSignals(source, settledAt, options, toClockedSignal);
}

/**
 * Subscribes on behalf of `caller`; `settledAt` is asked with each timestamp where nothing more can follow.
 *
 * @internal
 */
export function subscribeAsSignals<T, I>(
  source: ClockedSource<T>,
  settledAt: (ts: Timestamp) => Timestamp,
  options: ClockedSignalOptions<T, I>,
  caller: (source: never) => unknown,
): ClockedSignal<T | I> {
  assertNotInReactiveContext(
    caller,
    'It would subscribe again each time: call it outside, and read its signals inside.',
  );
  const owner = options.manualCleanup ? undefined : ownerOf(options, caller);
  const start = options.initialClock ?? source.clock ?? 0;
  const latest = signal(options.initialValue as T | I, { equal: options.equal ?? Object.is });
  const told = signal<Timestamp | undefined>(undefined);
  const settled = signal(-Infinity);
  const failure = signal<{ readonly error: unknown } | undefined>(undefined);

  const throwFailure = (): void => {
    const failed = failure();
    if (failed !== undefined) throw failed.error;
  };

  let unregister: (() => void) | undefined;
  const subscription = source.subscribe({
    next: ([value, ts]) => {
      if (value !== null) latest.set(value);
      told.set(ts);
      settled.set(settledAt(ts));
    },
    error: (error: unknown) => {
      failure.set({ error });
      unregister?.();
    },
    complete: () => unregister?.(),
  });
  if (!subscription.closed) unregister = owner?.onDestroy(() => subscription.unsubscribe());

  return {
    value: computed(() => {
      throwFailure();
      return latest();
    }),
    clock: computed(() => told() ?? start),
    isCurrent: (ts) =>
      computed(() => {
        const wanted = typeof ts === 'function' ? ts() : ts;
        if (wanted === undefined) return false;
        if (settled() >= wanted) return true;
        throwFailure();
        return false;
      }),
  };
}
