import { UnsendableValueError } from './errors.js';

/** Deeper than this, the algorithm itself is asked: it knows cycles. */
const DEEPEST = 100;

/** Refuses what the structured clone algorithm would refuse. Of plain data nothing is copied for that. */
export function checkCloneable(value: unknown): void {
  visit(value, 0);
}

/** Its refusal, as an error of this package. */
export function notCloneable(error: unknown): UnsendableValueError {
  const why = error instanceof Error ? error.message : String(error);
  return new UnsendableValueError(
    '$',
    `not cloneable (${why})`,
    'leave out functions, and what belongs to one process',
  );
}

function visit(value: unknown, depth: number): void {
  if (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol') return;
  if (value === null) return;
  if (typeof value === 'object' && depth < DEEPEST) {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype) {
      for (const key in value) visit((value as Readonly<Record<string, unknown>>)[key], depth + 1);
      return;
    }
    if (prototype === Array.prototype) {
      for (const part of Object.values(value)) visit(part, depth + 1);
      return;
    }
  }
  try {
    structuredClone(value);
  } catch (error) {
    throw notCloneable(error);
  }
}
