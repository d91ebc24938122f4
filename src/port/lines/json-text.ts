import { UnstorableValueError } from '../../log/errors.js';
import { checkJson } from '../../log/json-check.js';
import { UnsendableValueError } from './errors.js';

/**
 * Refuses what JSON would change in silence, and names where it is. Keys that are symbols, and fields of arrays, are not
 * looked for: that takes half of the time, and no plain data has them.
 */
export function checkSendable(value: unknown): void {
  try {
    // Without this, bytes would pass.
    checkJson(value, () => checkJson(value));
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
