import type { Injector, Signal } from '@angular/core';
import { toObservable } from '@angular/core/rxjs-interop';
import { source, type Source, type SourceOptions, type ValueIn } from '../sources/source.js';

/** Options of `signalSource`: those of `source()`, and the injector whose effect watches the signal. */
export interface SignalSourceOptions<V, R extends string> extends SourceOptions<V, R> {
  /** Where the signal is watched, and until when. Default: the injection context. */
  readonly injector?: Injector | undefined;
}

/**
 * A signal as a source of `clockedDispatch()`: its value now, and each value that it has settled on.
 *
 *     of(signalSource('query', this.query, { to: 'results' }), source('hits', hits$, { to: ['results', 'map'] }))
 *
 * As with `toObservable`, values that a signal has only between two runs of effects aren't seen, and the source completes
 * with its injector.
 */
export function signalSource<I, const R extends string>(
  name: string,
  signal: Signal<I>,
  { injector, ...options }: SignalSourceOptions<ValueIn<I>, R>,
): Source<I, R> {
  return source(name, toObservable(signal, injector && { injector }), options);
}
