/** Refuses two values that differ, and shows both. */
export function equal(actual: unknown, expected: unknown, what: string): void {
  if (same(actual, expected)) return;
  throw new Error(`${what}: expected ${text(expected)}, but got ${text(actual)}`);
}

/** Refuses what is not so. */
export function holds(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}

/** The error that a promise rejects with; resolving is a failure. Classes are told by name: see `ClockedDispatchError`. */
export async function rejects(promise: Promise<unknown>, name: string, what: string): Promise<Error> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('value' in outcome) throw new Error(`${what}: expected ${name}, but it resolved with ${text(outcome.value)}`);
  const { error } = outcome;
  if (error instanceof Error && error.name === name) return error;
  throw new Error(`${what}: expected ${name}, but it rejected with ${String(error)}`, { cause: error });
}

/** Whether two plain values, with bytes in them perhaps, are the same. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b) || a instanceof Uint8Array !== b instanceof Uint8Array) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && same(field(a, key), field(b, key)));
}

function field(object: object, key: string): unknown {
  return (object as Record<string, unknown>)[key];
}

function text(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (part instanceof Uint8Array ? [...part] : part));
}
