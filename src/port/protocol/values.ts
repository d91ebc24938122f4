import { ProtocolError } from '../errors.js';

/** What JSON and others write by recursion must not end their stack. */
const DEEPEST = 100;
/** What refers to the same twice is small to send and endless to walk through. */
const MOST_OBJECTS = 1_000_000;

/** Refuses what would harm whoever copies, writes or merges it: too deep, too large, or with a key of prototypes. */
export function checkValues(values: readonly unknown[], what: string): void {
  const budget = { left: MOST_OBJECTS };
  for (const value of values) if (typeof value === 'object' && value !== null) visit(value, what, 0, budget);
}

function visit(value: object, what: string, depth: number, budget: { left: number }): void {
  if (depth >= DEEPEST) throw new ProtocolError(`${what} is deeper than ${DEEPEST} levels`);
  if (--budget.left < 0) throw new ProtocolError(`${what} has more than ${MOST_OBJECTS} objects`);
  if (Object.getPrototypeOf(value) === Object.prototype) return visitFields(value, what, depth, budget);
  // Bytes have neither depth nor keys of their own.
  if (ArrayBuffer.isView(value)) return;
  if (value instanceof Map) {
    for (const entry of value as Iterable<object>) visit(entry, what, depth, budget);
  } else if (value instanceof Set) {
    for (const entry of value as Iterable<unknown>)
      if (typeof entry === 'object' && entry !== null) visit(entry, what, depth + 1, budget);
  } else {
    if (Object.hasOwn(value, '__proto__')) throw ownProto(what);
    for (const entry of Object.values(value) as unknown[]) {
      if (typeof entry === 'object' && entry !== null) visit(entry, what, depth + 1, budget);
    }
  }
}

/** What nearly every value is: in half of the time. */
function visitFields(value: object, what: string, depth: number, budget: { left: number }): void {
  for (const key in value) {
    if (key === '__proto__') throw ownProto(what);
    const entry = (value as Readonly<Record<string, unknown>>)[key];
    if (typeof entry === 'object' && entry !== null) visit(entry, what, depth + 1, budget);
  }
}

function ownProto(what: string): ProtocolError {
  return new ProtocolError(`${what} has a key '__proto__'`);
}
