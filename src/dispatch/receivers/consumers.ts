import type { Clocked, Timestamp } from '../../types.js';
import type { Lease } from './lease.js';

/** Who is told of everything: the part of an RxJS subscriber that a receiver needs. */
export interface Subscriber<T> {
  readonly closed?: boolean;
  next(item: Clocked<T>): void;
  error(error: unknown): void;
  complete(): void;
}

/** Who asks for one item after the other: a loop, or a single call. */
export interface Reader {
  /** It takes nothing before this timestamp: for each reader, time only moves forward. */
  from: Timestamp;
  /** Where it is there, what the reader takes stays unfinished until it is acknowledged. Called as it takes a message. */
  took?(lease: Lease<unknown>): void;
  /** It isn't told of ticks. */
  readonly messagesOnly: boolean;
}

/** A call that waits for the next item. */
export interface PullRequest<T> {
  readonly reader: Reader;
  /** `undefined` at the end. */
  settle(item: Clocked<T> | undefined): void;
  fail(error: unknown): void;
}

/** A reader of a single call. */
export const ANYBODY: Reader = Object.freeze({ from: -Infinity, messagesOnly: false });

/** The item that this reader was given is not news for it again. */
export function advance(reader: Reader, [value, ts]: Clocked<unknown>): void {
  if (reader !== ANYBODY) reader.from = value === null ? ts + 1 : ts;
}
