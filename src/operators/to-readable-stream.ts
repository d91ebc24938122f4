import type { ClockedReceiver } from '../dispatch/receivers/receiver.js';
import { count, flag } from '../options/check.js';
import { knownOptions } from '../options/known-options.js';
import type { Clocked } from '../types.js';
import { aReceiver } from './arguments.js';

declare global {
  /* eslint-disable @typescript-eslint/no-empty-object-type, @typescript-eslint/no-explicit-any, @typescript-eslint/no-unused-vars -- as the platform's types say it, to merge with these; without them it is not `any` */
  interface ReadableStream<R = any> {}
  /* eslint-enable @typescript-eslint/no-empty-object-type, @typescript-eslint/no-explicit-any, @typescript-eslint/no-unused-vars */
}

/** Options of `toReadableStream()`. */
export interface ToReadableStreamOptions {
  /** How many messages the stream may ask for ahead of its reader. Default: 0, none. */
  readonly highWaterMark?: number | undefined;
  /** Whether cancelling the stream closes the receiver. Default: false, it stays open for another consumer. */
  readonly close?: boolean | undefined;
}

/**
 * A WHATWG `ReadableStream` that takes a message from the receiver only when its own reader asks for one.
 *
 *     toReadableStream(receiver).pipeTo(sink)     // a slow sink makes the senders of this receiver wait
 *
 * Its chunks are `[value, ts]`, ticks included. It closes when the receiver completes. It errors when the receiver
 * fails, after the chunks that were asked for before. Throws `InvalidArgumentError`,
 * `InvalidOptionError` and `UnknownOptionError`.
 */
export function toReadableStream<T>(
  receiver: ClockedReceiver<T>,
  options?: ToReadableStreamOptions,
): ReadableStream<Clocked<T>> {
  aReceiver('toReadableStream', receiver);
  const known = knownOptions('toReadableStream', options, ['highWaterMark', 'close']);
  const strategy = { highWaterMark: count('toReadableStream', 'highWaterMark', known.highWaterMark, 0, 0, false) };
  const close = flag('toReadableStream', 'close', known.close);
  let failure: { readonly error: unknown } | undefined;
  let giveUp = (): unknown => undefined;

  const ask = (controller: ReadableStreamDefaultController<Clocked<T>>): Promise<void> =>
    new Promise((resolve) => {
      giveUp = receiver.request(
        (item) => {
          if (item === undefined) controller.close();
          else controller.enqueue(item);
          resolve();
        },
        (error) => {
          failure = { error };
          failIfEmpty(controller);
          resolve();
        },
      );
    });
  /** A stream that errors drops its chunks, so that the error has to wait until they are read. */
  const failIfEmpty = (controller: ReadableStreamDefaultController<Clocked<T>>): void => {
    if (controller.desiredSize === strategy.highWaterMark) controller.error(failure?.error);
  };

  return new ReadableStream<Clocked<T>>(
    {
      pull: (controller) => (failure === undefined ? ask(controller) : failIfEmpty(controller)),
      cancel: () => {
        giveUp();
        if (close) receiver.close();
      },
    },
    strategy,
  );
}
