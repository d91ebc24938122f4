import type { ProviderToken } from '@angular/core';
import type { ForwardingDispatcher } from '../dispatch/api/dispatchers.js';
import type { Forwarder, Sender } from '../dispatch/api/senders.js';
import type { NameOf, SharedValueOf } from '../dispatch/api/values.js';
import { SENDER_OPTIONS, type SenderOptions } from '../dispatch/options.js';
import type { To } from '../dispatch/route.js';
import { knownOptions } from '../options/known-options.js';
import type { AnyDispatcher, ByMode, ValuesOf } from './any-dispatcher.js';
import { checkContext, checkToken, CONTEXT_OPTIONS, lookUp, ownerOf, type ContextOptions } from './context.js';

/** Options of {@link injectSender}: where the sender writes to, and where to look the dispatcher up. */
export interface InjectSenderOptions<V, N extends string> extends ContextOptions {
  /** The receiver, several, `ALL`, or a function of the value that names them. */
  readonly to: To<V, N>;
}

/** The same for a source of a forwarding dispatcher. */
export interface InjectForwarderOptions<V, N extends string> extends InjectSenderOptions<V, N>, SenderOptions {}

/**
 * A sender of the dispatcher that `token` provides; it leaves with the component (or whatever else owns the context).
 *
 *     orders = injectSender(SHOP, 'desk', { to: (order) => (order.rush ? ['orders', 'alerts'] : 'orders') });
 *     save = async () => this.savedAt.set(await this.orders.send(this.draft()));
 *
 * As the dispatcher is, it is a `Sender` or a `Forwarder`.
 */
export function injectSender<
  D extends AnyDispatcher,
  const N extends NameOf<ValuesOf<D>>,
  V = SharedValueOf<ValuesOf<D>, N>,
>(
  token: ProviderToken<D>,
  name: string,
  options: ByMode<D, InjectSenderOptions<V, N>, InjectForwarderOptions<V, N>>,
): ByMode<D, Sender<V>, Forwarder<V>> {
  checkToken('injectSender', token);
  const given: InjectForwarderOptions<V, N> = options;
  const known = knownOptions('injectSender', given, ['to', ...SENDER_OPTIONS, ...CONTEXT_OPTIONS]);
  const { to, injector, destroyRef, ...own } = checkContext('injectSender', known);
  const context = { injector, destroyRef };
  const owner = ownerOf(context, injectSender);
  const dispatcher = lookUp<AnyDispatcher>(token, context, injectSender) as ForwardingDispatcher<V>;
  const sender = dispatcher.sender(name, to as To<V, N>, own);
  owner.onDestroy(() => sender.complete());
  return sender as ByMode<D, Sender<V>, Forwarder<V>>;
}
