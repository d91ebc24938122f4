import { DestroyRef, inject, type FactoryProvider, type InjectionToken } from '@angular/core';
import { aFunction } from '../operators/arguments.js';
import type { AnyDispatcher } from './any-dispatcher.js';
import { checkToken } from './context.js';

/**
 * Provides a dispatcher to an injector, of the application, of a route or of a component; it is closed when that
 * injector is destroyed.
 *
 *     const ORDERS = new InjectionToken<SerializingDispatcher<Order>>('ORDERS');
 *     provideDispatcher(ORDERS, () => createDispatcher(serialize()))
 *
 * The factory runs in the injector's context, so that it may depend on what is injected itself:
 *
 *     provideDispatcher(ORDERS, () => createDispatcher(serialize({ seed: inject(JOURNAL).last })))
 *
 * Throws `InvalidArgumentError`.
 */
export function provideDispatcher<D extends AnyDispatcher>(
  token: InjectionToken<D>,
  factory: () => D,
): FactoryProvider {
  checkToken('provideDispatcher', token);
  aFunction('provideDispatcher', 'factory', factory);
  return {
    provide: token,
    useFactory: () => {
      const dispatcher = factory();
      inject(DestroyRef).onDestroy(() => dispatcher.close());
      return dispatcher;
    },
  };
}
