/** A module of Node, without an import that a bundler for browsers would stumble over; `undefined` elsewhere. */
export function builtin(name: string): unknown {
  const { process } = globalThis as { readonly process?: { readonly getBuiltinModule?: (name: string) => unknown } };
  return process?.getBuiltinModule?.(name);
}
