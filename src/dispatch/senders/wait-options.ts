import { callback, signal } from '../../options/check.js';
import { knownOptions } from '../../options/known-options.js';
import type { AbortSignalLike, Timestamp, WaitOptions } from '../../types.js';

/** Options of `send`, with what a view of this package needs to know in time. */
export interface SendOptions extends WaitOptions {
  /**
   * Called with the timestamp when it is decided, before anybody is told of the message. It must not call back.
   *
   * @internal
   */
  readonly onTimestamp?: ((ts: Timestamp) => void) | undefined;
}

export interface WaitSettings {
  readonly signal: AbortSignalLike | undefined;
  readonly onTimestamp: ((ts: Timestamp) => void) | undefined;
}

export const NO_WAIT_OPTIONS: WaitSettings = { signal: undefined, onTimestamp: undefined };

export function readWaitOptions(owner: string, options: SendOptions | undefined): WaitSettings {
  if (options === undefined) return NO_WAIT_OPTIONS;
  const read = knownOptions(owner, options, ['signal'], {}, ['onTimestamp']);
  return {
    signal: signal(owner, 'signal', read.signal),
    onTimestamp: callback(owner, 'onTimestamp', read.onTimestamp),
  };
}
