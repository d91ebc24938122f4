import { isSignal, type Injector, type Signal } from '@angular/core';
import { toObservable } from '@angular/core/rxjs-interop';
import { SENDER_OPTIONS } from '../dispatch/options.js';
import { InvalidSourceError } from '../errors/inputs.js';
import { isUsable } from '../options/guards.js';
import { knownOptions } from '../options/known-options.js';
import { source, type Source, type SourceOptions, type ValueIn } from '../sources/source.js';
import { checkContext } from './context.js';

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
  options: SignalSourceOptions<ValueIn<I>, R>,
): Source<I, R> {
  if (!isUsable(signal) || !isSignal(signal)) throw new InvalidSourceError(name, signal);
  const known = knownOptions('signalSource', options, ['to', ...SENDER_OPTIONS, 'injector']);
  const { injector, ...own } = checkContext('signalSource', known);
  return source(name, toObservable(signal, injector && { injector }), own as SourceOptions<ValueIn<I>, R>);
}
