import type { Timestamp } from '../../types.js';
import { FrameTooLargeError, PastGoneError, RefusedError, RemoteError } from '../errors.js';
import type { ErrorFrame } from '../protocol/frames.js';

/** Whom an error is about. */
export interface Concerned {
  readonly kind: 'receiver' | 'sender';
  readonly name: string;
  /** Where it is. */
  readonly at: Timestamp;
}

/** An error of the other side, as one of this side. */
export function errorOf({ name, message, code, clock, why, bytes, most, ts }: ErrorFrame, whom?: Concerned): Error {
  if (whom !== undefined && clock !== undefined) return new PastGoneError(whom.name, whom.at, clock);
  if (whom !== undefined && why !== undefined) return new RefusedError(whom.kind, whom.name, why);
  if (whom !== undefined && bytes !== undefined)
    return new FrameTooLargeError(whom.kind, whom.name, { bytes, most }, ts);
  return new RemoteError(name, message, code);
}
