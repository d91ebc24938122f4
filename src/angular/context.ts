import { assertInInjectionContext, DestroyRef, inject, type Injector, type ProviderToken } from '@angular/core';

/** Where a function of this entry looks things up, and what ends them. What is left out comes from the injection context. */
export interface ContextOptions {
  /** Where to look things up, outside an injection context. */
  readonly injector?: Injector | undefined;
  /** What ends the result. Default: the `DestroyRef` of the injector, or of the injection context. */
  readonly destroyRef?: DestroyRef | undefined;
}

/** A function of this entry, as Angular's assertions name it. */
type Caller = (...args: never[]) => unknown;

/** What a token stands for; without an injector, `caller` must be called in an injection context. */
export function lookUp<T>(token: ProviderToken<T>, { injector }: ContextOptions, caller: Caller): T {
  if (injector !== undefined) return injector.get(token);
  assertInInjectionContext(caller);
  return inject(token);
}

/** What ends the result of `caller`. */
export function ownerOf(options: ContextOptions, caller: Caller): DestroyRef {
  return options.destroyRef ?? lookUp(DestroyRef, options, caller);
}
