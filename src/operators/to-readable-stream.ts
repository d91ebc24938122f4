import { ANYBODY, type Reader } from '../dispatch/receivers/consumers.js';
import type { ClockedReceiver } from '../dispatch/receivers/receiver.js';
import { Ring } from '../dispatch/structures/ring.js';
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
 * fails, after the chunks that were asked for before. What was asked for ahead and not read when it is cancelled goes to
 * the receiver's next consumer; where the receiver has ended, it is dropped, as `'closed'`. Throws `InvalidArgumentError`,
 * `InvalidOptionError` and `UnknownOptionError`.
 */
export function toReadableStream<T>(
  receiver: ClockedReceiver<T>,
  options?: ToReadableStreamOptions,
): ReadableStream<Clocked<T>> {
  aReceiver('toReadableStream', receiver);
  const known = knownOptions('toReadableStream', options, ['highWaterMark', 'close']);
  const most = count('toReadableStream', 'highWaterMark', known.highWaterMark, 0, 0, false);
  const close = flag('toReadableStream', 'close', known.close);
  const ahead = new ReadAhead(receiver, most);
  return new ReadableStream<Clocked<T>>(
    {
      start: (controller) => ahead.start(controller),
      pull: () => ahead.pull(),
      cancel: () => {
        ahead.cancel();
        if (close) receiver.close();
      },
    },
    // What is asked for ahead waits here and not in the stream, which would lose it when it is cancelled.
    { highWaterMark: 0 },
  );
}

type Controller<T> = Pick<ReadableStreamDefaultController<Clocked<T>>, 'enqueue' | 'close' | 'error'>;

/** What a stream has asked for ahead of its reader. */
class ReadAhead<T> {
  readonly #receiver: ClockedReceiver<T>;
  readonly #most: number;
  /** For it, time only moves forward, whatever others give back. */
  readonly #reader: Reader = { ...ANYBODY };
  readonly #items = new Ring<Clocked<T>>();
  #controller!: Controller<T>;
  /** The reader waits: to be called when it has its chunk. */
  #served: (() => void) | undefined;
  #giveUp: (() => unknown) | undefined;
  #isAsking = false;
  #isPumping = false;
  /** How the receiver has ended. */
  #end: { readonly error?: unknown; readonly failed: boolean } | undefined;
  /** The stream has ended. */
  #isOver = false;

  constructor(receiver: ClockedReceiver<T>, most: number) {
    this.#receiver = receiver;
    this.#most = most;
  }

  start(controller: Controller<T>): void {
    this.#controller = controller;
    this.#ask();
  }

  pull(): Promise<void> {
    return new Promise((resolve) => {
      this.#served = resolve;
      this.#serve();
      this.#ask();
    });
  }

  /** What was not read goes to the receiver's next consumer. */
  cancel(): void {
    this.#isOver = true;
    this.#giveUp?.();
    for (let item = this.#items.shift(); item !== undefined; item = this.#items.shift()) this.#receiver.putBack(item);
  }

  /** Takes as many as are wanted; what comes at once is dealt with by the loop. */
  #ask(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    while (!this.#isAsking && this.#isWanted) {
      this.#isAsking = true;
      this.#giveUp = this.#receiver.request(
        this.#reader,
        (item) => this.#take(item),
        (error) => this.#finish({ failed: true, error }),
      );
    }
    this.#isPumping = false;
  }

  get #isWanted(): boolean {
    return !this.#isOver && this.#end === undefined && (this.#served !== undefined || this.#items.size < this.#most);
  }

  #take(item: Clocked<T> | undefined): void {
    if (item === undefined) return this.#finish({ failed: false });
    this.#isAsking = false;
    if (this.#isOver) return this.#receiver.putBack(item);
    this.#items.push(item);
    this.#serve();
    this.#ask();
  }

  #finish(end: { readonly error?: unknown; readonly failed: boolean }): void {
    this.#end = end;
    this.#serve();
  }

  #serve(): void {
    if (this.#isOver) return;
    const item = this.#served === undefined ? undefined : this.#items.shift();
    if (item !== undefined) {
      const served = this.#served;
      this.#served = undefined;
      this.#controller.enqueue(item);
      served?.();
    }
    // The error, too, comes after what was asked for before.
    if (this.#end === undefined || this.#items.size > 0) return;
    this.#isOver = true;
    if (this.#end.failed) this.#controller.error(this.#end.error);
    else this.#controller.close();
    this.#served?.();
  }
}
