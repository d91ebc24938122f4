import { reasonOf, UnstorableValueError } from './errors.js';

/** What the structured clone algorithm refuses, as an error of this package. */
export function notCloneable(error: unknown): UnstorableValueError {
  return new UnstorableValueError('$', `not cloneable (${reasonOf(error)})`, 'leave out what is a function');
}
