import type { ErrorCode } from './codes.js';

const PAGE = 'https://github.com/rxjs-clocked-dispatch/rxjs-clocked-dispatch/blob/main/docs/errors.md';

/**
 * The base of every error that this package throws or emits.
 *
 * `instanceof` does not hold across the ESM and the CommonJS build; `name` and `code` do.
 */
export class ClockedDispatchError extends Error {
  /** The name of the class: unlike `instanceof`, it holds across module formats. */
  override name = 'ClockedDispatchError';
  /** `RCD` and three digits. The code of a class never changes, and no other class gets it. */
  readonly code: ErrorCode = 'RCD000';

  /** The section about this error in the documentation. */
  get url(): string {
    return `${PAGE}#${this.code.toLowerCase()}`;
  }
}
