/** `Array.isArray`, which throws over a revoked Proxy. */
export function isArray(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

/** Whether anything can be asked of it at all: not of a revoked Proxy. */
export function isUsable(value: unknown): boolean {
  try {
    if (Object(value) === value) Reflect.getPrototypeOf(value as object);
    return true;
  } catch {
    return false;
  }
}

/** Whether something has to be waited for. */
export function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as PromiseLike<T> | null | undefined)?.then === 'function';
}

/** Whether it has these methods. */
export function hasMethods(value: unknown, methods: readonly string[]): boolean {
  try {
    const given = Object(value) as Record<string, unknown>;
    return methods.every((method) => typeof given[method] === 'function');
  } catch {
    // A revoked Proxy, for instance: whatever it is, it can't be called.
    return false;
  }
}
