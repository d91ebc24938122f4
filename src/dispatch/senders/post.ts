import type { Timestamp } from '../../types.js';

/**
 * Under this key a sender of a serializing dispatcher takes a message as `send` does, for who needs no promise. A registered
 * symbol, so that it holds across module formats.
 *
 * @internal
 */
export const POST: unique symbol = Symbol.for('rxjs-clocked-dispatch.post') as never;

/**
 * Who is told what becomes of a message that was posted. What `refused` does with the error is done by an effect, or when
 * the operation is over.
 *
 * @internal
 */
export interface Posted {
  /** Called before anybody is told of the message. It must not call back. */
  accepted(ts: Timestamp): void;
  refused(error: unknown): void;
}

/**
 * A sender, as far as it takes messages that are posted.
 *
 * @internal
 */
export interface TakesPosts<T> {
  /** Throws where nothing could be decided: for a value that is none, or by a route. */
  [POST](value: T, posted: Posted): void;
}
