import { DestroyRef, inject, type FactoryProvider, type InjectionToken } from '@angular/core';
import { openDispatcher } from '../dispatch/dispatcher.js';
import type { ForwardingOptions, SerializeOptions } from '../dispatch/options.js';
import type { AnyDispatcher, ByMode, ValuesOf } from './any-dispatcher.js';

/** The options that make a dispatcher such as `D`. */
export type OptionsOf<D extends AnyDispatcher> = ByMode<
  D,
  SerializeOptions<ValuesOf<D>>,
  ForwardingOptions<ValuesOf<D>>
>;

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
