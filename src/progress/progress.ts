import type { Timestamp } from '../types.js';

/**
 * What is known of a clocked stream without reading it, because it can't change from one reader to the next.
 *
 * @internal
 */
export interface Traits {
  /** Who it is in errors; `undefined` where it is the work of several. */
  readonly name?: string | undefined;
  /** A tick at `ts` means that nothing at `ts` follows either. */
  readonly strict: boolean;
  /** No timestamp comes twice: any item at `ts` means that nothing at `ts` follows. */
  readonly unique: boolean;
  /** A state may be told again, changed, at a timestamp that is settled: no message is, but what is shown of them. */
  readonly repeats?: boolean | undefined;
}

/**
 * How far a clocked stream is, as those who read it were told.
 *
 * @internal
 */
export interface Progress extends Traits {
  readonly name: string;
  /** The last timestamp that was told; -Infinity before the first. */
  readonly clock: Timestamp;
  /** Nothing at or below follows. When the stream has completed, this is its clock. */
  readonly settled: Timestamp;
  /**
   * Tells the waiter once: when `settled` has reached `ts`, at once where it has already, or when the stream has ended
   * before; `Infinity` waits for the end only. Returns how to stop waiting. O(log n) with n who wait.
   */
  whenSettled(ts: Timestamp, waiter: ProgressWaiter): () => void;
}

/**
 * Who waits for a timestamp.
 *
 * @internal
 */
export interface ProgressWaiter {
  reached(): void;
  ended(end: ProgressEnd): void;
}

/**
 * How a stream has ended.
 *
 * @internal
 */
export interface ProgressEnd {
  readonly failed: boolean;
  readonly error?: unknown;
}

/**
 * Under this key a stream carries its progress. A registered symbol, so that it holds across module formats.
 *
 * @internal
 */
export const PROGRESS: unique symbol = Symbol.for('rxjs-clocked-dispatch.progress');

/**
 * Under this key a stream carries its traits, where each of its readers has a progress of its own.
 *
 * @internal
 */
export const TRAITS: unique symbol = Symbol.for('rxjs-clocked-dispatch.traits');
