import type { ProviderToken } from '@angular/core';
import type { ForwardingDispatcher } from '../dispatch/api/dispatchers.js';
import type { Forwarder, Sender } from '../dispatch/api/senders.js';
import type { NameOf, SharedValueOf } from '../dispatch/api/values.js';
import type { DurableSender } from '../log/dispatcher/durable-dispatcher.js';
import { SENDER_OPTIONS, type SenderOptions } from '../dispatch/options.js';
import type { To } from '../dispatch/route.js';
import { knownOptions } from '../options/known-options.js';
import { isOpening, type AnyDispatcher, type AnyDurable, type ByMode, type ValuesOf } from './any-dispatcher.js';
import { checkContext, checkToken, CONTEXT_OPTIONS, endWith, lookUp, ownerOf, type ContextOptions } from './context.js';
import { OpeningSender } from './opening/opening-sender.js';

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
 * As the dispatcher is, it is a `Sender`, a `Forwarder` or a `DurableSender`. Of a dispatcher that is still being opened, the
 * sender is there at once: at most 1024 calls wait until it is open, and go first; more are refused with `LogBusyError`.
 */
export function injectSender<
  D extends AnyDispatcher | AnyDurable,
  const N extends NameOf<ValuesOf<D>>,
  V = SharedValueOf<ValuesOf<D>, N>,
>(
  token: ProviderToken<D>,
  name: string,
  options: ByMode<D, InjectSenderOptions<V, N>, InjectForwarderOptions<V, N>>,
): ByMode<D, Sender<V>, Forwarder<V>, DurableSender<V>> {
  checkToken('injectSender', token);
  const taken: InjectForwarderOptions<V, N> = options;
  const known = knownOptions('injectSender', taken, ['to', ...SENDER_OPTIONS, ...CONTEXT_OPTIONS]);
  const { to, injector, destroyRef, ...own } = checkContext('injectSender', known);
  const context = { injector, destroyRef };
  const owner = ownerOf(context, injectSender);
  const given = lookUp<AnyDispatcher | AnyDurable>(token, context, injectSender);
  type Joinable = Exclude<typeof given, Promise<unknown>>;
  const join = (dispatcher: Joinable): DurableSender<V> =>
    (dispatcher as ForwardingDispatcher<V>).sender(name, to as To<V, N>, own) as Forwarder<V> & DurableSender<V>;
  const sender = isOpening<Joinable>(given)
    ? new OpeningSender(
        name,
        given.then((dispatcher) => () => join(dispatcher)),
      )
    : join(given);
  endWith(owner, () => sender.complete());
  return sender as ByMode<D, Sender<V>, Forwarder<V>, DurableSender<V>>;
}
