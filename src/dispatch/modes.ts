import type { GapPolicy, LatePolicy, Timestamp } from '../types.js';
import type { Scheduler } from './scheduler.js';

/** A way to order, as a value: frozen, stateless, to be used for any number of dispatchers. */
export interface Mode<K extends 'serialize' | 'watermark' | 'sequence' = 'serialize' | 'watermark' | 'sequence'> {
  /** What it is called in `dispatcher.mode` and in errors. */
  readonly name: K;
}

/** Options of {@link serialize}. */
export interface SerializeOptions {
  /** The timestamp before the first. Default: 0. */
  readonly seed?: Timestamp | undefined;
}

/** Options of {@link watermark}. */
export interface WatermarkOptions {
  /** What the clock reads before the first release. Default: none, it reads `-Infinity`. */
  readonly seed?: Timestamp | undefined;
  /** What happens to late messages. Default: 'error'. */
  readonly late?: LatePolicy | undefined;
  /** After how many silent milliseconds a source stops holding the frontier. Default: never. */
  readonly idleAfter?: number | undefined;
  /** Whom a receiver waits for: every source of the dispatcher, or those that can write to it. Default: 'dispatcher'. */
  readonly frontier?: 'dispatcher' | 'receiver' | undefined;
  /** How far a source may be ahead of the others, in timestamps. Default: any distance. */
  readonly maxLead?: number | undefined;
  /** After how many messages in a row that are too far ahead their time is believed. Default: 3. */
  readonly resyncAfter?: number | undefined;
  /** Where the timers of `idleAfter` run. Default: `asyncScheduler`. */
  readonly scheduler?: Scheduler | undefined;
}

/** Options of {@link sequence}. */
export interface SequenceOptions {
  /** The number before the first; 'first' begins with the first message, whatever its number. Default: 0. */
  readonly seed?: Timestamp | 'first' | undefined;
  /** How far beyond the clock a message may wait for those before it. Default: 1024. */
  readonly window?: number | undefined;
  /** What happens when a timestamp is missing. Default: 'wait'. */
  readonly gap?: GapPolicy | undefined;
  /** What happens to a message that comes after its gap was given up. Default: 'error'. */
  readonly late?: LatePolicy | undefined;
  /** Where the timers of `gap: { skipAfter }` run. Default: `asyncScheduler`. */
  readonly scheduler?: Scheduler | undefined;
}

/** Each message gets the next timestamp when it is accepted. */
export function serialize(options: SerializeOptions = {}): Mode<'serialize'> {
  return Object.freeze({ name: 'serialize', options } as const);
}

/** A message leaves once every source has promised that nothing earlier follows. */
export function watermark(options: WatermarkOptions = {}): Mode<'watermark'> {
  return Object.freeze({ name: 'watermark', options } as const);
}

/** Numbers are consecutive over all sources together: a message leaves when all before it have left. */
export function sequence(options: SequenceOptions = {}): Mode<'sequence'> {
  return Object.freeze({ name: 'sequence', options } as const);
}
