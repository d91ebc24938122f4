import { callback, count, flag, named, oneOf, scheduler } from '../options/check.js';
import { knownOptions } from '../options/known-options.js';
import type { Drop, Overflow, SourceErrorPolicy } from '../types.js';
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
export interface DispatcherOptions<T = unknown> {
  /** How many messages may wait at each receiver; 0 is a hand-off, `Infinity` must be asked for. Default: 1024. */
  readonly bound?: number | undefined;
  /** What `next` does when there is no room. Default: 'error'. */
  readonly overflow?: Overflow | undefined;
  /** Told of every message that a receiver does without. */
  readonly onDrop?: ((drop: Drop<T>) => void) | undefined;
  /** When subscribed receivers are told of others' messages: with each one, or coalesced by a scheduler. Default: 'each'. */
  readonly ticks?: 'each' | Scheduler | undefined;
  /** How many `send` or `forward` calls may wait for one receiver. Default: 1024. */
  readonly maxWaiting?: number | undefined;
  /** How many messages for everybody may be held while nobody is there. Default: 1024. */
  readonly maxHeld?: number | undefined;
  /** What an error of a source is to its receivers. Default: 'error'. */
  readonly sourceError?: SourceErrorPolicy | undefined;
}

/** Where nothing else is said, so many messages, waiting calls or timestamps of a window. */
export const DEFAULT_BOUND = 1024;

const OVERFLOWS = ['error', 'drop-oldest', 'drop-newest'] as const;
const SOURCE_ERRORS = ['error', 'complete'] as const;

/** Where options belong that are often looked for among those of a dispatcher. */
const OF_A_MODE = {
  mode: 'version 0.1: the mode is the first argument, as in createDispatcher(serialize(), options)',
  seed: 'the mode, as in serialize({ seed })',
  late: 'the mode, as in watermark({ late })',
  idleAfter: 'the mode, as in watermark({ idleAfter })',
  frontier: 'the mode, as in watermark({ frontier })',
  maxLead: 'the mode, as in watermark({ maxLead })',
  resyncAfter: 'the mode, as in watermark({ resyncAfter })',
  scheduler: 'the mode, as in watermark({ scheduler })',
  window: 'the mode, as in sequence({ window })',
  gap: 'the mode, as in sequence({ gap })',
};
export const DISPATCHER_OPTIONS = [
  'bound',
  'overflow',
  'onDrop',
  'ticks',
  'maxWaiting',
  'maxHeld',
  'sourceError',
] as const;

/** Where options belong that are often looked for among those of a mode. */
export const OF_THE_DISPATCHER: Readonly<Record<string, string>> = Object.fromEntries(
  DISPATCHER_OPTIONS.map((option) => [
    option,
    `the dispatcher, beside its mode: createDispatcher(mode, { ${option} })`,
  ]),
);

/** Options of a dispatcher as they were read, once. */
export interface DispatcherSettings<T> {
  readonly bound: number;
  readonly overflow: Overflow;
  readonly onDrop: ((drop: Drop<T>) => void) | undefined;
  /** `undefined`: with each message. */
  readonly ticks: Scheduler | undefined;
  readonly maxWaiting: number;
  readonly maxHeld: number;
  readonly sourceError: SourceErrorPolicy;
}

export function dispatcherSettings<T>(
  options: DispatcherOptions<T> | undefined,
  owner = 'createDispatcher',
): DispatcherSettings<T> {
  const read = knownOptions(owner, options, DISPATCHER_OPTIONS, OF_A_MODE);
  return {
    bound: count(owner, 'bound', read.bound, DEFAULT_BOUND),
    overflow: oneOf(owner, 'overflow', read.overflow, OVERFLOWS),
    onDrop: callback(owner, 'onDrop', read.onDrop),
    ticks: read.ticks === undefined || read.ticks === 'each' ? undefined : scheduler(owner, 'ticks', read.ticks),
    maxWaiting: count(owner, 'maxWaiting', read.maxWaiting, DEFAULT_BOUND),
    maxHeld: count(owner, 'maxHeld', read.maxHeld, DEFAULT_BOUND),
    sourceError: oneOf(owner, 'sourceError', read.sourceError, SOURCE_ERRORS),
  };
}

export const RECEIVER_OPTIONS = ['bound', 'overflow', 'onDrop'] as const;

/** Options of one receiver; what is left out follows the dispatcher. */
export function receiverSettings<T>(
  receiver: string,
  options: ReceiverOptions<T> | undefined,
  dispatcher: DispatcherSettings<T>,
): Required<Pick<DispatcherSettings<T>, 'bound' | 'overflow' | 'onDrop'>> {
  const owner = named('receiver', receiver);
  const read = knownOptions(owner, options, RECEIVER_OPTIONS);
  return {
    bound: count(owner, 'bound', read.bound, dispatcher.bound),
    overflow: read.overflow === undefined ? dispatcher.overflow : oneOf(owner, 'overflow', read.overflow, OVERFLOWS),
    onDrop: callback(owner, 'onDrop', read.onDrop) ?? dispatcher.onDrop,
  };
}

export const SENDER_OPTIONS = ['strict', 'disorder'] as const;

/** Options of one source as they were read; `strict` is undefined where nothing was said. */
export interface SenderSettings {
  readonly strict: boolean | undefined;
  readonly disorder: number;
}

export function senderSettings(sender: string, options: SenderOptions | undefined): SenderSettings {
  const owner = named('sender', sender);
  const read = knownOptions(owner, options, SENDER_OPTIONS);
  return {
    strict: read.strict === undefined ? undefined : flag(owner, 'strict', read.strict),
    disorder: count(owner, 'disorder', read.disorder, 0, 0, false),
  };
}
