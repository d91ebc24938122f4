import { InvalidOptionError } from '../errors.js';
import type { Drop, GapPolicy, LatePolicy, Overflow, SourceErrorPolicy, Timestamp } from '../types.js';
import type { Scheduler } from './scheduler.js';

/** What can be said of one receiver; what is left out follows the dispatcher. */
export interface ReceiverOptions<T = unknown> {
  /** How many messages may wait here; 0 is a hand-off, `Infinity` must be asked for. Default: the dispatcher's. */
  readonly bound?: number | undefined;
  /** What `next` does when there is no room. Default: the dispatcher's. */
  readonly overflow?: Overflow | undefined;
  /** Told of every message that this receiver does without. Default: the dispatcher's. */
  readonly onDrop?: ((drop: Drop<T>) => void) | undefined;
}

/** What can be said of one source in the forwarding modes. */
export interface SenderOptions {
  /** This source never repeats a timestamp. Default: false, and true for a receiver of a serializing or sequence dispatcher. */
  readonly strict?: boolean | undefined;
  /** This source may run up to this many timestamps backwards. Default: 0. */
  readonly disorder?: number | undefined;
}

interface CommonOptions<T> extends ReceiverOptions<T> {
  /** The timestamp before the first. Default: 0. */
  readonly seed?: Timestamp | undefined;
  /** When subscribed receivers are told of others' messages: with each one, or coalesced by a scheduler. Default: 'each'. */
  readonly ticks?: 'each' | Scheduler | undefined;
  /** How many `send` or `forward` calls may wait for one receiver. Default: 1024. */
  readonly maxWaiting?: number | undefined;
  /** What an error of a source is to its receivers. Default: 'error'. */
  readonly sourceError?: SourceErrorPolicy | undefined;
  /** Where timers run. Default: `asyncScheduler`. */
  readonly scheduler?: Scheduler | undefined;
}

/** Options of a dispatcher that assigns the timestamps. */
export interface SerializeOptions<T = unknown> extends CommonOptions<T> {
  /** Chooses this mode. */
  readonly mode: 'serialize';
}

/** Options of a dispatcher that reorders stamped messages by watermark. */
export interface WatermarkOptions<T = unknown> extends CommonOptions<T> {
  /** Chooses this mode. */
  readonly mode: 'watermark';
  /** What happens to late messages. Default: 'error'. */
  readonly late?: LatePolicy | undefined;
  /** After how many silent milliseconds a source stops holding the frontier. Default: never. */
  readonly idleAfter?: number | undefined;
  /** Whom a receiver waits for: every source of the dispatcher, or those that can write to it. Default: 'dispatcher'. */
  readonly frontier?: 'dispatcher' | 'receiver' | undefined;
}

/** Options of a dispatcher that reorders consecutively numbered messages. */
export interface SequenceOptions<T = unknown> extends CommonOptions<T> {
  /** Chooses this mode. */
  readonly mode: 'sequence';
  /** How far beyond the clock a message may wait for those before it. Default: 1024. */
  readonly window?: number | undefined;
  /** What happens when a timestamp is missing. Default: 'wait'. */
  readonly gap?: GapPolicy | undefined;
  /** What happens to a message that comes after its gap was given up. Default: 'error'. */
  readonly late?: LatePolicy | undefined;
}

/** Options of a dispatcher that takes stamped messages. */
export type ForwardingOptions<T = unknown> = WatermarkOptions<T> | SequenceOptions<T>;

/** Options of a dispatcher, told apart by `mode`. */
export type DispatcherOptions<T = unknown> = SerializeOptions<T> | ForwardingOptions<T>;

/** Where nothing else is said, so many messages, waiting calls or timestamps of a window. */
export const DEFAULT_BOUND = 1024;

/** Refuses what is not one of the words. */
export function oneOf<const W extends string>(option: string, value: W | undefined, words: readonly W[]): W {
  if (value === undefined) return words[0] as W;
  if (!words.includes(value)) throw new InvalidOptionError(option, value, `'${words.join("' or '")}'`);
  return value;
}

/** Refuses what is not an integer from `least` on; `Infinity` only where it is allowed. */
export function count(
  option: string,
  value: number | undefined,
  byDefault: number,
  least = 0,
  infinite = true,
): number {
  if (value === undefined) return byDefault;
  if ((infinite && value === Infinity) || (Number.isSafeInteger(value) && value >= least)) return value;
  throw new InvalidOptionError(option, value, `an integer from ${least} on${infinite ? ', or Infinity' : ''}`);
}

/** Refuses what is not a positive time in milliseconds. */
export function milliseconds(option: string, value: number): number {
  if (typeof value === 'number' && value >= 0 && value < Infinity) return value;
  throw new InvalidOptionError(option, value, 'a time in milliseconds');
}
