import type { Timestamp } from '../types.js';
import { reportError } from './report-error.js';

/** Who is told when the log has grown. */
export class Watchers {
  readonly #listeners = new Set<{ readonly tell: (last: Timestamp) => void }>();

  /** Adds a listener, and returns a function that removes it. */
  add(tell: (last: Timestamp) => void): () => void {
    // An object of its own: the same function may listen twice.
    const listener = { tell };
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** One that throws keeps nobody else from being told; its error is reported as an uncaught one. */
  tell(last: Timestamp): void {
    for (const { tell } of this.#listeners) {
      try {
        tell(last);
      } catch (error) {
        reportError(error);
      }
    }
  }

  clear(): void {
    this.#listeners.clear();
  }
}
