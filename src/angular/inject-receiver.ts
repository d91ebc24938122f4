import type { ProviderToken } from '@angular/core';
import type { ForwardingDispatcher, SerializingDispatcher, ValueOf } from '../dispatch/api.js';
import type { ReceiverOptions } from '../dispatch/options.js';
import type { ClockedReceiver } from '../dispatch/receiver.js';
import { lookUp, ownerOf, type ContextOptions } from './context.js';

/** Options of `injectReceiver`: those of the receiver, and where to look the dispatcher up. */
export interface InjectReceiverOptions<T = unknown> extends ReceiverOptions<T>, ContextOptions {}

/**
 * A receiver of the dispatcher that `token` provides, closed with the component (or whatever else owns the context).
 *
 *     late = toClockedSignal(injectReceiver(FLIGHTS, 'late'));
 */
export function injectReceiver<T, const N extends string>(
  token: ProviderToken<SerializingDispatcher<T> | ForwardingDispatcher<T>>,
  name: N,
  options: InjectReceiverOptions<ValueOf<T, N>> = {},
): ClockedReceiver<ValueOf<T, N>, N> {
  const owner = ownerOf(options, injectReceiver);
  const receiver = lookUp(token, options, injectReceiver).receiver(name, options);
  owner.onDestroy(() => receiver.close());
  return receiver;
}
