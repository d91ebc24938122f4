import { DestroyRef, inject, type FactoryProvider, type InjectionToken } from '@angular/core';
import type { DurableDispatcher } from '../log/dispatcher/durable-dispatcher.js';
import { reportError } from '../log/report-error.js';
import { aFunction } from '../operators/arguments.js';
import { isOpening, type AnyDispatcher, type AnyDurable } from './any-dispatcher.js';
import { checkToken, endWith } from './context.js';

/** What `provideDispatcher` can provide: a dispatcher, or the promise of one with a log. */
export type ProvidedDispatcher = AnyDispatcher | AnyDurable;

/** Takes what is to be done once the dispatcher is closed, such as closing its log; the last is done first. */
export type OnCleanup = (cleanup: () => unknown) => void;

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
 * It may take its time: the token then stands for a promise, and `injectProjection` and `injectSender` don't wait for it.
 *
 *     const COMMANDS = new InjectionToken<Promise<DurableDispatcher<Command>>>('COMMANDS');
 *     provideDispatcher(COMMANDS, async (onCleanup) => {
 *       const log = await openIndexedDbLog('commands', { fallback: () => memoryLog() });
 *       onCleanup(() => log.close());
 *       return openDispatcher(log);
 *     })
 *
 * Nothing outlives the injector: what is opened only after it was destroyed is closed at once. So a server that renders
 * pages keeps nothing of a request, provided that its log is one in memory, as the `fallback` is.
 *
 * Throws `InvalidArgumentError`.
 */
export function provideDispatcher<D extends ProvidedDispatcher>(
  token: InjectionToken<D>,
  factory: (onCleanup: OnCleanup) => D,
): FactoryProvider {
  checkToken('provideDispatcher', token);
  aFunction('provideDispatcher', 'factory', factory);
  return {
    provide: token,
    useFactory: () => {
      const destroyRef = inject(DestroyRef);
      const cleanups: (() => unknown)[] = [];
      try {
        const dispatcher = factory((cleanup) => void cleanups.push(aFunction('onCleanup', 'cleanup', cleanup)));
        endWith(destroyRef, () => end(dispatcher, cleanups));
        // What was opened before it failed is of no use to anybody.
        if (isOpening<Closable>(dispatcher)) dispatcher.then(undefined, () => cleanUp(cleanups));
        return dispatcher;
      } catch (error) {
        cleanUp(cleanups);
        throw error;
      }
    },
  };
}

/** What ends with the injector. */
type Closable = Pick<DurableDispatcher<never>, 'close'> | { close(): void };

/** Closes it as soon as it is there, and cleans up when it is closed. */
function end(dispatcher: Closable | PromiseLike<Closable>, cleanups: (() => unknown)[]): void {
  const closed = isOpening(dispatcher) ? dispatcher.then((opened) => opened.close()) : dispatcher.close();
  if (!isOpening(closed)) cleanUp(cleanups);
  else {
    const done = (): void => cleanUp(cleanups);
    closed.then(done, done);
  }
}

function cleanUp(cleanups: (() => unknown)[]): void {
  for (let cleanup = cleanups.pop(); cleanup !== undefined; cleanup = cleanups.pop()) {
    try {
      const done = cleanup();
      if (isOpening(done)) done.then(undefined, reportError);
    } catch (error) {
      reportError(error);
    }
  }
}
