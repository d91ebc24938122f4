import type { Timestamp } from '../../types.js';

/** Who is told what becomes of a message that was posted. */
export interface Posted {
  /** Called before anybody is told of the message. It must not call back. */
  accepted(ts: Timestamp): void;
  /** Called by an effect, or when the operation is over. */
  refused(error: unknown): void;
}

/** A sender of a serializing dispatcher, as others of this package know it. */
export interface TakesPosts<T> {
  /** As `send`, for who needs no promise. Throws where nothing could be decided: for a value that is none, or by a route. */
  post(value: T, posted: Posted): void;
}
