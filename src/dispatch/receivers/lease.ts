import type { Clocked, Timestamp } from '../../types.js';

/** A message that a reader has taken, until it is finished. */
export interface Lease<T> {
  readonly item: Clocked<T>;
  /** How far time was told before it was first taken. */
  readonly before: Timestamp;
  state: 'taken' | 'given back' | 'finished';
}
