/** `[Symbol.dispose]`, where the program's types (`lib`) have it: `using` takes it. */
export type Disposing = typeof Symbol extends { readonly dispose: infer S extends symbol }
  ? Readonly<Record<S, () => void>>
  : object;

/** `[Symbol.asyncDispose]`, where the program's types (`lib`) have it: `await using` takes it. */
export type AsyncDisposing = typeof Symbol extends { readonly asyncDispose: infer S extends symbol }
  ? Readonly<Record<S, () => Promise<void>>>
  : object;
