import { UnstorableValueError } from '../../log/errors.js';
import { checkJson } from '../../log/json-check.js';
import { UnsendableValueError } from './errors.js';

/** Refuses what JSON would change in silence, and names where it is. */
export function checkSendable(value: unknown): void {
  refusing(() => checkJson(value));
}

/**
 * A frame as text. Throws `UnsendableValueError` for what JSON would change, but for keys that are symbols, and fields of
 * arrays: to look for them takes half of the time.
 */
export function toText(frame: unknown): string {
  refusing(() => checkJson(frame, () => checkJson(frame)));
  return JSON.stringify(frame);
}

function refusing(check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof UnstorableValueError)) throw error;
    const { path, found } = error;
    throw new UnsendableValueError(path, found, 'send what JSON can say, or use a line that clones, such as portLine');
  }
}
