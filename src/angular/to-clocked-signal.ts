import { assertNotInReactiveContext, computed, signal, type Signal } from '@angular/core';
import { tap, type Observable } from 'rxjs';
import { InvalidTimestampError } from '../errors/messages.js';
import { aStream } from '../operators/arguments.js';
import type { Projection } from '../operators/projection.js';
import { callback, flag, integer } from '../options/check.js';
import { knownOptions } from '../options/known-options.js';
import type { Clocked, Timestamp } from '../types.js';
import { checkContext, CONTEXT_OPTIONS, endWith, ownerOf, type ContextOptions } from './context.js';

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
 * A receiver or a projection as signals: its value, its clock, and whether it is up to date with a timestamp.
 *
 * Subscribes at once, and unsubscribes with the component (or whatever else owns the context).
 *
 *     orders = toClockedSignal(injectReceiver(ORDERS, 'orders'), { initialValue: NONE });
 *     saved = this.orders.isCurrent(this.savedAt);
 *
 * A projection, or an optimistic view of one, has a value from the beginning on: its state.
 *
 * Throws `InvalidArgumentError`, `InvalidOptionError` and `UnknownOptionError`; `isCurrent` throws `InvalidTimestampError`.
 */
export function toClockedSignal<S>(projection: Projection<S>, options?: ClockedSignalOptions<S, S>): ClockedSignal<S>;
/** Of a receiver, or another stream: `undefined` before the first value. */
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
  options?: ClockedSignalOptions<T, I>,
): ClockedSignal<T | I> {
  void aStream('toClockedSignal', 'source', source);
  const known = readOptions(options);
  const settledAt = (ts: Timestamp): Timestamp => source.settled ?? (known.strict ? ts : ts - 1);
  const initial = 'value' in source && known.initialValue === undefined ? { initialValue: source.value as I } : {};
  return subscribeAsSignals(source, settledAt, { ...known, ...initial }, toClockedSignal);
}

const KNOWN = [...CONTEXT_OPTIONS, 'initialValue', 'initialClock', 'equal', 'strict', 'manualCleanup'] as const;

function readOptions<T, I>(options: ClockedSignalOptions<T, I> | undefined): ClockedSignalOptions<T, I> {
  const owner = 'toClockedSignal';
  const known = checkContext(owner, knownOptions(owner, options, KNOWN));
  if (known.initialClock !== undefined) integer(owner, 'initialClock', known.initialClock, 0);
  callback(owner, 'equal', known.equal);
  flag(owner, 'strict', known.strict);
  flag(owner, 'manualCleanup', known.manualCleanup);
  return known;
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
  const { equal = Object.is } = options;
  let current = options.initialValue as T | I;
  let isNew = false;
  const latest = signal(current, { equal: () => false });
  const told = signal<Timestamp | undefined>(undefined);
  const settled = signal(-Infinity);
  const failure = signal<{ readonly error: unknown } | undefined>(undefined);

  const throwFailure = (): void => {
    const failed = failure();
    if (failed !== undefined) throw failed.error;
  };

  let unregister: (() => void) | undefined;
  // Not by the signal: a comparison that throws is an error of the source (law 23), for without the value nobody is current.
  const compared = source.pipe(tap(([value]) => (isNew = value !== null && !equal(current, value))));
  const subscription = compared.subscribe({
    next: ([value, ts]) => {
      if (isNew) {
        latest.set(value!);
        current = value!;
      }
      told.set(ts);
      settled.set(settledAt(ts));
    },
    error: (error: unknown) => {
      failure.set({ error });
      unregister?.();
    },
    complete: () => unregister?.(),
  });
  if (owner !== undefined && !subscription.closed) unregister = endWith(owner, () => subscription.unsubscribe());

  return {
    value: computed(() => {
      throwFailure();
      return latest();
    }),
    clock: computed(() => told() ?? start),
    isCurrent: (ts) => {
      if (typeof ts !== 'function') checkTimestamp(ts);
      return computed(() => {
        const wanted = typeof ts === 'function' ? ts() : ts;
        if (wanted === undefined) return false;
        checkTimestamp(wanted);
        if (settled() >= wanted) return true;
        throwFailure();
        return false;
      });
    },
  };
}

function checkTimestamp(ts: unknown): void {
  if (!Number.isSafeInteger(ts)) throw new InvalidTimestampError('isCurrent', ts);
}
