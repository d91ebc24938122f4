import type { ProviderToken } from '@angular/core';
import type { NameOf, ValueOf } from '../dispatch/api/values.js';
import { RECEIVER_OPTIONS, type ReceiverOptions } from '../dispatch/options.js';
import type { ClockedReceiver } from '../dispatch/receivers/receiver.js';
import { InvalidArgumentError } from '../errors/inputs.js';
import type { DurableDispatcher, LogReceiver, LogReceiverOptions } from '../log/dispatcher/durable-dispatcher.js';
import { knownOptions } from '../options/known-options.js';
import { isOpening, type AnyDispatcher, type AnyDurable, type ByMode, type ValuesOf } from './any-dispatcher.js';
import { checkContext, checkToken, CONTEXT_OPTIONS, endWith, lookUp, ownerOf, type ContextOptions } from './context.js';

/** Options of `injectReceiver`: those of the receiver, and where to look the dispatcher up. */
export interface InjectReceiverOptions<T = unknown> extends ReceiverOptions<T>, ContextOptions {}

/** The same for a receiver of the log. */
export interface InjectLogReceiverOptions extends LogReceiverOptions, ContextOptions {}

type AnyOptions = InjectReceiverOptions & InjectLogReceiverOptions;

/** The receiver that a dispatcher has under a name: none, while it is being opened. */
export type ReceiverOf<D extends AnyDispatcher | AnyDurable, N extends string> =
  D extends Promise<unknown>
    ? never
    : D extends DurableDispatcher<infer T>
      ? LogReceiver<T, N>
      : ClockedReceiver<ValueOf<ValuesOf<D>, N>, N>;

/** The options that go with it. */
export type ReceiverOptionsOf<D extends AnyDispatcher | AnyDurable, N extends string> = ByMode<
  D,
  InjectReceiverOptions<ValueOf<ValuesOf<D>, N>>,
  InjectReceiverOptions<ValueOf<ValuesOf<D>, N>>,
  InjectLogReceiverOptions
>;

/**
 * A receiver of the dispatcher that `token` provides, closed with the component (or whatever else owns the context).
 *
 *     late = toClockedSignal(injectReceiver(FLIGHTS, 'late'));
 *
 * A dispatcher that is still being opened has none yet: see `injectProjection`. Throws `InvalidArgumentError` then.
 */
export function injectReceiver<D extends AnyDispatcher | AnyDurable, const N extends NameOf<ValuesOf<D>>>(
  token: ProviderToken<D>,
  name: N,
  options?: ReceiverOptionsOf<D, N>,
): ReceiverOf<D, N> {
  checkToken('injectReceiver', token);
  const known = knownOptions<AnyOptions>('injectReceiver', options as AnyOptions | undefined, [
    ...RECEIVER_OPTIONS,
    'from',
    'addressedTo',
    ...CONTEXT_OPTIONS,
  ]);
  const { injector, destroyRef, ...own } = checkContext('injectReceiver', known);
  const context = { injector, destroyRef };
  const owner = ownerOf(context, injectReceiver);
  const dispatcher: AnyDispatcher | AnyDurable = lookUp(token, context, injectReceiver);
  if (isOpening<unknown>(dispatcher)) {
    const expected = 'that of a dispatcher; of one that is being opened, there are injectProjection and injectSender';
    throw new InvalidArgumentError('injectReceiver', 'token', token, expected);
  }
  const receiver: ClockedReceiver<unknown> = dispatcher.receiver(name, own);
  endWith(owner, () => receiver.close());
  return receiver as ReceiverOf<D, N>;
}
