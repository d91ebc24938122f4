import type { AbortSignalLike, Timestamp } from '../../types.js';
import type { DurableSendOptions } from '../../log/dispatcher/durable-dispatcher.js';
import { readSendOptions } from '../../log/dispatcher/send-options.js';
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
  /** Given when it is sent first; 0 before that. */
  number = 0;
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
  const { id, meta, signal, onTimestamp } = readSendOptions('send', options);
  return {
    extra:
      id === undefined && meta === undefined
        ? null
        : { ...(id !== undefined && { id }), ...(meta !== undefined && { meta }) },
    signal,
    onTimestamp,
  };
}
