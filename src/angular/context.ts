import { assertInInjectionContext, DestroyRef, inject, type Injector, type ProviderToken } from '@angular/core';
import { InvalidArgumentError } from '../errors/inputs.js';
import { having } from '../options/check.js';
import { isUsable } from '../options/guards.js';

/** Where a function of this entry looks things up, and what ends them. What is left out comes from the injection context. */
export interface ContextOptions {
  /** Where to look things up, outside an injection context. */
  readonly injector?: Injector | undefined;
  /** What ends the result. Default: the `DestroyRef` of the injector, or of the injection context. */
  readonly destroyRef?: DestroyRef | undefined;
}

/** A function of this entry, as Angular's assertions name it. */
type Caller = (...args: never[]) => unknown;

/** The names of these options, among those of a function that has others as well. */
export const CONTEXT_OPTIONS = ['injector', 'destroyRef'] as const;

/** Refuses what can't look anything up, or end anything. */
export function checkContext<O extends ContextOptions>(called: string, options: O): O {
  having(called, 'injector', options.injector, ['get'], 'an Injector');
  having(called, 'destroyRef', options.destroyRef, ['onDestroy'], 'a DestroyRef');
  return options;
}

/** Refuses what can't be a token. */
export function checkToken(called: string, token: unknown): void {
  if (isUsable(token) && /object|function/.test(typeof token) && token !== null) return;
  throw new InvalidArgumentError(called, 'token', token, 'an InjectionToken');
}

/** What a token stands for; without an injector, `caller` must be called in an injection context. */
export function lookUp<T>(token: ProviderToken<T>, { injector }: ContextOptions, caller: Caller): T {
  if (injector !== undefined) return injector.get(token);
  assertInInjectionContext(caller);
  return inject(token);
}

/** Ends something with its owner; at once where that is gone already, and throws then what Angular says (law 31). */
export function endWith(owner: DestroyRef, end: () => void): () => void {
  try {
    return owner.onDestroy(end);
  } catch (error) {
    end();
    throw error;
  }
}

/** What ends the result of `caller`. */
export function ownerOf(options: ContextOptions, caller: Caller): DestroyRef {
  return options.destroyRef ?? lookUp(DestroyRef, options, caller);
}
