import type { ProviderToken } from '@angular/core';
import type { NameOf, ValueOf } from '../dispatch/api/values.js';
import { RECEIVER_OPTIONS, type ReceiverOptions } from '../dispatch/options.js';
import type { ClockedReceiver } from '../dispatch/receivers/receiver.js';
import { knownOptions } from '../options/known-options.js';
import type { AnyDispatcher, ValuesOf } from './any-dispatcher.js';
import { checkContext, checkToken, CONTEXT_OPTIONS, lookUp, ownerOf, type ContextOptions } from './context.js';

/** Options of `injectReceiver`: those of the receiver, and where to look the dispatcher up. */
export interface InjectReceiverOptions<T = unknown> extends ReceiverOptions<T>, ContextOptions {}

/**
 * A receiver of the dispatcher that `token` provides, closed with the component (or whatever else owns the context).
 *
 *     late = toClockedSignal(injectReceiver(FLIGHTS, 'late'));
 */
export function injectReceiver<D extends AnyDispatcher, const N extends NameOf<ValuesOf<D>>>(
  token: ProviderToken<D>,
  name: N,
  options?: InjectReceiverOptions<ValueOf<ValuesOf<D>, N>>,
): ClockedReceiver<ValueOf<ValuesOf<D>, N>, N> {
  type V = ValueOf<ValuesOf<D>, N>;
  checkToken('injectReceiver', token);
  const known = knownOptions('injectReceiver', options, [...RECEIVER_OPTIONS, ...CONTEXT_OPTIONS]);
  const { injector, destroyRef, ...own } = checkContext('injectReceiver', known);
  const context = { injector, destroyRef };
  const owner = ownerOf(context, injectReceiver);
  const dispatcher: AnyDispatcher = lookUp(token, context, injectReceiver);
  const receiver = dispatcher.receiver(name, own) as ClockedReceiver<V, N>;
  owner.onDestroy(() => receiver.close());
  return receiver;
}
