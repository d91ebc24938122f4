import { DestroyRef, inject, type FactoryProvider, type InjectionToken } from '@angular/core';
import type { ForwardingDispatcher, SerializingDispatcher } from '../dispatch/api.js';
import { openDispatcher } from '../dispatch/dispatcher.js';
import type { ForwardingOptions, SerializeOptions } from '../dispatch/options.js';

/** A dispatcher of any mode, whatever its values. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- `T` stands in and out: nothing else takes every dispatcher.
export type AnyDispatcher = SerializingDispatcher<any> | ForwardingDispatcher<any>;

/** The options that make a dispatcher such as `D`. */
export type OptionsOf<D extends AnyDispatcher> =
  D extends SerializingDispatcher<infer T>
    ? SerializeOptions<T>
    : D extends ForwardingDispatcher<infer T>
      ? ForwardingOptions<T>
      : never;

/**
 * Provides a dispatcher to an injector, of the application, of a route or of a component; it is closed when that
 * injector is destroyed.
 *
 *     const ORDERS = new InjectionToken<SerializingDispatcher<Order>>('ORDERS');
 *     provideDispatcher(ORDERS, { mode: 'serialize' })
 *
 * Where the options depend on something that is injected itself, a factory makes the dispatcher:
 *
 *     provideDispatcher(ORDERS, () => createDispatcher({ mode: 'serialize', seed: inject(JOURNAL).last }))
 */
export function provideDispatcher<D extends AnyDispatcher>(
  token: InjectionToken<D>,
  how: OptionsOf<D> | (() => D),
): FactoryProvider {
  return {
    provide: token,
    useFactory: () => {
      const dispatcher = typeof how === 'function' ? how() : openDispatcher(how);
      inject(DestroyRef).onDestroy(() => dispatcher.close());
      return dispatcher;
    },
  };
}
