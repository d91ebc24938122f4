import type { Timestamp } from '../../types.js';

/** What an order by watermark may be told. */
export interface WatermarkOrderOptions {
  /** Where the clock begins; without one it reads `-Infinity` and no timestamp is too small. */
  readonly seed?: Timestamp | undefined;
  /** How far a source may be ahead of the others. */
  readonly maxLead?: number | undefined;
  /** After how many messages in a row a source that is further ahead is believed; 3 unless given. */
  readonly resyncAfter?: number | undefined;
}

/** What is known of a source when it joins. */
export interface Promising<I> {
  /** It never repeats a timestamp. */
  readonly strict: boolean;
  /** It may run backwards so far. */
  readonly disorder: number;
  /** The source that it is a clone of: it inherits what that one has promised. */
  readonly like?: I | undefined;
}

/** The same, with the payload that its messages have unless another is given. */
export interface Joining<P, I> extends Promising<I> {
  readonly usual: P;
  /** What its payloads may concern, where that is known: `remove` is told one of these. */
  readonly keys?: readonly object[] | undefined;
}
