import { UnstorableValueError } from '../../log/errors.js';
import { checkJson } from '../../log/json-check.js';
import { UnsendableValueError } from './errors.js';

/** Refuses what JSON would change in silence, and names where it is. */
export function checkSendable(value: unknown): void {
  try {
    checkJson(value);
  } catch (error) {
    if (!(error instanceof UnstorableValueError)) throw error;
    const { path, found } = error;
    throw new UnsendableValueError(path, found, 'send what JSON can say, or use a line that clones, such as portLine');
  }
}

/** A frame as text. Throws `UnsendableValueError` for what JSON would change. */
export function toText(frame: unknown): string {
  checkSendable(frame);
  return JSON.stringify(frame);
}
