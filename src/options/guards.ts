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
