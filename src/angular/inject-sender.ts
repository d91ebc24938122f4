import type { ProviderToken } from '@angular/core';
import type { Forwarder, ForwardingDispatcher, Sender, SerializingDispatcher, ValueOf } from '../dispatch/api.js';
import type { SenderOptions } from '../dispatch/options.js';
import type { To } from '../dispatch/route.js';
import { lookUp, ownerOf, type ContextOptions } from './context.js';

/** Options of `injectSender`: where the sender writes to, and where to look the dispatcher up. */
export interface InjectSenderOptions<V, N extends string> extends ContextOptions {
  /** The receiver, several, `ALL`, or a function of the value that names them. */
  readonly to: To<V, N>;
}

/**
 * A sender of the dispatcher that `token` provides; it leaves with the component (or whatever else owns the context).
 *
 *     orders = injectSender(ORDERS, 'desk', { to: (order) => order.rush ? ['orders', 'alerts'] : 'orders' });
 *     save = async () => this.savedAt.set(await this.orders.send(this.draft()));
 */
export function injectSender<T, const N extends string, V = ValueOf<T, N>>(
  token: ProviderToken<SerializingDispatcher<T>>,
  name: string,
  options: InjectSenderOptions<V, N>,
): Sender<V>;
/** A source of the forwarding dispatcher that `token` provides; it leaves with the owner of the context. */
export function injectSender<T, const N extends string, V = ValueOf<T, N>>(
  token: ProviderToken<ForwardingDispatcher<T>>,
  name: string,
  options: InjectSenderOptions<V, N> & SenderOptions,
): Forwarder<V>;
export function injectSender<V, const N extends string>(
  token: ProviderToken<SerializingDispatcher<V> | ForwardingDispatcher<V>>,
  name: string,
  options: InjectSenderOptions<V, N> & SenderOptions,
): Sender<V> | Forwarder<V> {
  const owner = ownerOf(options, injectSender);
  const dispatcher = lookUp(token, options, injectSender) as ForwardingDispatcher<V>;
  const sender = dispatcher.sender(name, options.to, options);
  owner.onDestroy(() => sender.complete());
  return sender;
}
