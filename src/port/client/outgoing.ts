import type { AbortSignalLike, Timestamp } from '../../types.js';
import { InvalidOptionError } from '../../errors/options.js';
import * as check from '../../options/check.js';
import { isArray, isUsable } from '../../options/guards.js';
import { knownOptions } from '../../options/known-options.js';
import type { DurableSendOptions } from '../../log/dispatcher/durable-dispatcher.js';
import type { Extra } from '../protocol/frames.js';

/** Options of `send`, as they were read. */
export interface OutgoingOptions {
  readonly extra: Extra | null;
  readonly signal: AbortSignalLike | undefined;
  readonly onTimestamp: ((ts: Timestamp) => void) | undefined;
}

export const NO_OPTIONS: OutgoingOptions = { extra: null, signal: undefined, onTimestamp: undefined };

/** A message that has no answer yet. */
export class Outgoing {
  readonly value: unknown;
  readonly extra: Extra | null;
  /** Where the dispatcher was when it was sent first. */
  since: Timestamp = -Infinity;
  readonly #onTimestamp: ((ts: Timestamp) => void) | undefined;
  readonly #resolve: (ts: Timestamp) => void;
  readonly #reject: (error: unknown) => void;
  #stopListening: (() => void) | undefined;

  constructor(
    value: unknown,
    { extra, onTimestamp }: OutgoingOptions,
    resolve: (ts: Timestamp) => void,
    reject: (error: unknown) => void,
  ) {
    this.value = value;
    this.extra = extra;
    this.#onTimestamp = onTimestamp;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  listen(signal: AbortSignalLike, onAbort: () => void): void {
    signal.addEventListener('abort', onAbort);
    this.#stopListening = () => signal.removeEventListener('abort', onAbort);
  }

  accept(ts: Timestamp): void {
    this.#stopListening?.();
    this.#onTimestamp?.(ts);
    this.#resolve(ts);
  }

  reject(error: unknown): void {
    this.#stopListening?.();
    this.#reject(error);
  }
}

/** Throws what is wrong with the options of `send`. */
export function readOptions(options: DurableSendOptions | undefined): OutgoingOptions {
  if (options === undefined) return NO_OPTIONS;
  type Known = DurableSendOptions & Partial<Pick<OutgoingOptions, 'onTimestamp'>>;
  const { id, meta, signal, onTimestamp } = knownOptions<Known>('send', options, ['id', 'meta', 'signal'], {}, [
    'onTimestamp',
  ]);
  if (id !== undefined && (typeof id !== 'string' || id === '')) {
    throw new InvalidOptionError('id', id, 'a string that is not empty', 'send');
  }
  if (meta !== undefined && (typeof meta !== 'object' || !isUsable(meta) || isArray(meta))) {
    throw new InvalidOptionError('meta', meta, 'an object', 'send');
  }
  return {
    extra:
      id === undefined && meta === undefined
        ? null
        : { ...(id !== undefined && { id }), ...(meta !== undefined && { meta }) },
    signal: check.signal('send', 'signal', signal),
    onTimestamp: check.callback('send', 'onTimestamp', onTimestamp),
  };
}
