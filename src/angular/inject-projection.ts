import type { ProviderToken } from '@angular/core';
import type { DurableDispatcher } from '../log/dispatcher/durable-dispatcher.js';
import type { DurableProjection, DurableProjectionOptions } from '../log/projection/durable-projection.js';
import { knownOptions } from '../options/known-options.js';
import { isOpening, type AnyDurable, type ValuesOf, type MaybeOpening } from './any-dispatcher.js';
import { checkContext, checkToken, CONTEXT_OPTIONS, endWith, lookUp, ownerOf, type ContextOptions } from './context.js';
import { OpeningProjection } from './opening/opening-projection.js';

/** Options of {@link injectProjection}: those of the projection, and where to look the dispatcher up. */
export interface InjectProjectionOptions<S, T> extends DurableProjectionOptions<S, T>, ContextOptions {}

/**
 * A projection of the dispatcher with a log that `token` provides, closed with the component (or whatever else owns the
 * context).
 *
 *     holds = injectProjection(COMMANDS, 'holds', { initial: NONE, apply: applyHold });
 *     shown = toClockedSignal(this.holds);
 *
 * Where the dispatcher is still being opened, the projection has its initial state until then; `ready` resolves when it has
 * folded what the log had. It fails with what the dispatcher could not be opened for.
 *
 * Two projections of one dispatcher can't have one name at the same time: one that several components show belongs to a
 * service. With its owner it is saved, and closed.
 */
export function injectProjection<D extends AnyDurable, S>(
  token: ProviderToken<D>,
  name: string,
  options: InjectProjectionOptions<S, ValuesOf<D>>,
): DurableProjection<S> {
  type T = ValuesOf<D>;
  checkToken('injectProjection', token);
  const known = knownOptions('injectProjection', options, [...PROJECTION_OPTIONS, ...CONTEXT_OPTIONS]);
  const { injector, destroyRef, ...own } = checkContext('injectProjection', known);
  const context = { injector, destroyRef };
  const owner = ownerOf(context, injectProjection);
  const given: MaybeOpening<T> = lookUp<AnyDurable>(token, context, injectProjection);
  const project = (dispatcher: DurableDispatcher<T>): DurableProjection<S> =>
    dispatcher.projection(name, own as DurableProjectionOptions<S, T>);
  const projection = isOpening(given)
    ? new OpeningProjection(
        name,
        own.initial as S,
        given.then((dispatcher) => () => project(dispatcher)),
      )
    : project(given);
  endWith(owner, () => {
    // A save that is lost costs only time.
    projection.save().catch(() => undefined);
    projection.close();
  });
  return projection;
}

const PROJECTION_OPTIONS = ['addressedTo', 'initial', 'apply', 'version', 'saveEvery', 'onFailure'] as const;
