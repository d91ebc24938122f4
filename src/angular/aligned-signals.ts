import { computed, type Signal } from '@angular/core';
import { alignLatest, type Aligned, type AlignLatestOptions, type ClockedValue } from '../operators/align-latest.js';
import type { Timestamp } from '../types.js';
import { flag } from '../options/check.js';
import { knownOptions } from '../options/known-options.js';
import { checkContext, CONTEXT_OPTIONS, type ContextOptions } from './context.js';
import { subscribeAsSignals, type ClockedSignal, type ClockedSource } from './to-clocked-signal.js';

/** What {@link alignedSignals} combines: receivers, or other clocked streams, by name. */
export type AlignedSources = Readonly<Record<string, ClockedSource<unknown>>>;

/** Several receivers as signals that are all true at the same timestamp. */
export interface AlignedSignals<I extends AlignedSources> extends ClockedSignal<Aligned<I> | undefined> {
  /** Each value by itself: it doesn't notify when only the others have changed. */
  readonly signals: { readonly [K in keyof I]: Signal<ClockedValue<I[K]> | undefined> };
}

/** Options of {@link alignedSignals}. */
export interface AlignedSignalsOptions extends ContextOptions, AlignLatestOptions {
  /** Whether timestamps don't repeat in streams that are no receivers: receivers know of themselves. Default: false. */
  readonly strict?: boolean | undefined;
  /** Keeps the subscriptions until the receivers end, whatever is destroyed before. */
  readonly manualCleanup?: boolean | undefined;
}

/**
 * Several receivers of one dispatcher as signals that change together: what they show is never half old, half new.
 *
 *     totals = alignedSignals({ orders: injectReceiver(SHOP, 'orders'), stock: injectReceiver(SHOP, 'stock') });
 *     {{ totals.signals.orders() }} of {{ totals.signals.stock() }}, as of {{ totals.clock() }}
 *
 * All are `undefined` until every receiver has had a value. Each throws the error of any of the receivers.
 *
 * Throws `InvalidArgumentError`, `InvalidOptionError` and `UnknownOptionError`.
 */
export function alignedSignals<const I extends AlignedSources>(
  sources: I,
  options?: AlignedSignalsOptions,
): AlignedSignals<I> {
  const { bound, early, strict, ...own } = readOptions(options);
  const settledAt = (ts: Timestamp): Timestamp =>
    Math.min(...Object.values(sources).map(({ settled }) => Math.min(ts, settled ?? (strict ? ts : ts - 1))));
  const aligned = subscribeAsSignals(
    alignLatest(sources, { bound, early, strict }),
    settledAt,
    { ...own, initialValue: undefined, initialClock: startOf(sources), equal: isSame },
    alignedSignals,
  );
  const each = Object.keys(sources).map((key) => [key, computed(() => aligned.value()?.[key])]);
  return { ...aligned, signals: Object.fromEntries(each) as AlignedSignals<I>['signals'] };
}

const KNOWN = [...CONTEXT_OPTIONS, 'bound', 'early', 'strict', 'manualCleanup'] as const;

/** `alignLatest` checks its own. */
function readOptions(options: AlignedSignalsOptions | undefined): AlignedSignalsOptions {
  const known = checkContext('alignedSignals', knownOptions('alignedSignals', options, KNOWN));
  flag('alignedSignals', 'manualCleanup', known.manualCleanup);
  return known;
}

/** How far all of them have come. */
function startOf(sources: AlignedSources): Timestamp {
  const clocks = Object.values(sources).map(({ clock }) => clock ?? 0);
  return clocks.length === 0 ? 0 : Math.min(...clocks);
}

/** Whether two records of the same keys have the same values. */
function isSame(a: Readonly<Record<string, unknown>> | undefined, b: typeof a): boolean {
  return a === b || (a !== undefined && b !== undefined && Object.keys(a).every((key) => Object.is(a[key], b[key])));
}
