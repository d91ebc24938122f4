import { InvalidOptionError } from '../errors/options.js';
import type { Drop, Overflow, SourceErrorPolicy, Timestamp } from '../types.js';
import type { Mode, SequenceOptions, SerializeOptions, WatermarkOptions } from './modes.js';
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

/** Options of every dispatcher. */
export interface DispatcherOptions<T = unknown> extends ReceiverOptions<T> {
  /** When subscribed receivers are told of others' messages: with each one, or coalesced by a scheduler. Default: 'each'. */
  readonly ticks?: 'each' | Scheduler | undefined;
  /** How many `send` or `forward` calls may wait for one receiver. Default: 1024. */
  readonly maxWaiting?: number | undefined;
  /** How many messages for everybody may be held while nobody is there. Default: 1024. */
  readonly maxHeld?: number | undefined;
  /** What an error of a source is to its receivers. Default: 'error'. */
  readonly sourceError?: SourceErrorPolicy | undefined;
}

export type MergedSerialize<T = unknown> = DispatcherOptions<T> & SerializeOptions & { readonly mode: 'serialize' };
export type MergedWatermark<T = unknown> = DispatcherOptions<T> & WatermarkOptions & { readonly mode: 'watermark' };
export type MergedSequence<T = unknown> = DispatcherOptions<T> &
  Omit<SequenceOptions, 'seed'> & { readonly mode: 'sequence'; readonly seed?: Timestamp | undefined };
export type MergedForwarding<T = unknown> = MergedWatermark<T> | MergedSequence<T>;
export type Merged<T = unknown> = MergedSerialize<T> | MergedForwarding<T>;

/** A mode and the options of its dispatcher, in one. */
export function merge<T>(mode: Mode, options?: DispatcherOptions<T>): Merged<T> {
  const { name, options: own } = mode as Mode & { options: object };
  return { ...own, ...options, mode: name } as unknown as Merged<T>;
}

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
