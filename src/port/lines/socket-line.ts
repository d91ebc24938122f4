import { InvalidArgumentError } from '../../errors/inputs.js';
import { count } from '../../options/check.js';
import { isUsable } from '../../options/guards.js';
import { knownOptions } from '../../options/known-options.js';
import type { Line } from '../line.js';
import { LineClosedError } from './errors.js';
import { checkSendable, toText } from './json-text.js';
import { QueuedLine } from './queued-line.js';
import { textOf } from './reason-text.js';
import { isLongerThan, utf8Length } from './utf8-length.js';

/** What a line needs of a WebSocket: that of a browser, of Node 22, or of the package `ws`. */
export interface SocketLike {
  /** 0 while it connects, 1 when it is open, then 2 and 3. */
  readonly readyState: number;
  /** Bytes that wait to be sent. */
  readonly bufferedAmount: number;
  /** Sends a text. */
  send(text: string): void;
  /** Closes it; codes from 4000 on are free. */
  close(code?: number, reason?: string): void;
  /** Ends it without a word: that of `ws` has it, which lets go of what waits to be sent. */
  terminate?(): void;
  /** Listens. */
  addEventListener(type: string, listener: unknown): void;
}

/** Options of {@link socketLine}. */
export interface SocketLineOptions {
  /**
   * How many bytes a frame may have that comes to this end, as `maxPayload` of `ws` counts them: the other side is told,
   * and sends none that is longer. One that comes all the same closes the line. Default: 67,108,864.
   */
  readonly maxFrame?: number | undefined;
  /**
   * How many bytes may wait to be sent: with more, the other side does not read, and the line is closed. Default:
   * 67,108,864.
   */
  readonly maxBuffered?: number | undefined;
}

const CONNECTING = 0;
const OPEN = 1;
/** "Application": the reason says what it is. */
const CLOSED_HERE = 4000;
/** A frame was too long: what a transport says, and what is said here, for a page can't say 1009. */
const TOO_LONG = 1009;
const TOO_LONG_HERE = 4009;
/** What `ws` calls it where it was its own limit: it closes with 1009, and is answered with that. */
const TOO_LONG_FOR_WS = 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
/** Bytes of UTF-8, as the protocol has it. */
const LONGEST_REASON = 123;

/**
 * A line over a WebSocket: that of a browser, of Node 22, or of the package `ws`. It may still be connecting.
 *
 *     const connection = connect(() => socketLine(new WebSocket('wss://example.org')));
 *
 * Frames are JSON: a frame that JSON would change closes the line with an `UnsendableValueError`, which says where in it
 * and what, such as a date or `undefined`. A frame that comes and is longer than `maxFrame`, or no JSON, closes it with a
 * reason that the other side is told. One whose other side does not read is closed as soon as `maxBuffered` bytes wait for it.
 *
 * A socket whose network is gone stays open until something is sent, often for minutes: the connection pings, and gives up.
 *
 * Throws `InvalidArgumentError` for what is no socket.
 */
export function socketLine(socket: SocketLike, options?: SocketLineOptions): Line {
  const { maxFrame, maxBuffered } = knownOptions('socketLine', options, ['maxFrame', 'maxBuffered']);
  return new SocketLine(
    checked(socket),
    count('socketLine', 'maxFrame', maxFrame, 2 ** 26, 1),
    count('socketLine', 'maxBuffered', maxBuffered, 2 ** 26, 1),
  );
}

class SocketLine extends QueuedLine {
  readonly maxFrame: number;
  readonly #socket: SocketLike;
  readonly #maxBuffered: number;
  /** What was posted while the socket connects. */
  #unsent: string[] = [];
  /** The text of the frame that was measured last: it is about to be posted. */
  #measured: { readonly frame: unknown; readonly text: string } | undefined;
  #error: unknown;

  constructor(socket: SocketLike, maxFrame: number, maxBuffered: number) {
    super();
    this.#socket = socket;
    this.maxFrame = maxFrame;
    this.#maxBuffered = maxBuffered;
    const listeners = {
      open: () => this.#open(),
      message: ({ data }: { readonly data: unknown }) => this.#take(data),
      // Unheard, that of `ws` would end the process.
      error: (event: { readonly error?: unknown; readonly message?: unknown }) => {
        this.#error = event.error ?? event.message;
      },
      close: ({ code, reason }: { readonly code: number; readonly reason: string }) => this.#closed(code, reason),
    };
    for (const [type, listener] of Object.entries<unknown>(listeners)) socket.addEventListener(type, listener);
    if (socket.readyState > OPEN) this.#closed(1006, '');
  }

  get buffered(): number {
    return this.#unsent.reduce((sum, { length }) => sum + length, this.#socket.bufferedAmount);
  }

  post(frame: unknown): void {
    if (this.ended) return;
    if (this.#socket.bufferedAmount > this.#maxBuffered) return this.#giveUp();
    try {
      const measured = this.#measured;
      this.#measured = undefined;
      const text = measured !== undefined && measured.frame === frame ? measured.text : toText(frame);
      if (this.#socket.readyState === CONNECTING) this.#unsent.push(text);
      else this.#socket.send(text);
    } catch (error) {
      this.close(error);
    }
  }

  size(frame: unknown): number {
    try {
      const text = toText(frame);
      this.#measured = { frame, text };
      return utf8Length(text);
    } catch {
      // As it is posted, the line closes with what is wrong.
      return 0;
    }
  }

  /** Throws `UnsendableValueError` for what JSON would change. */
  check(value: unknown): void {
    checkSendable(value);
  }

  close(reason?: unknown): void {
    this.#close(reason, CLOSED_HERE);
  }

  #close(reason: unknown, code: number): void {
    if (!this.endHere(reason)) return;
    this.#unsent = [];
    const text = textOf(reason);
    if (text === undefined) this.#socket.close(1000);
    else this.#socket.close(code, shortened(text));
  }

  /** The other side does not read: a farewell would only wait behind all the rest. */
  #giveUp(): void {
    const reason = `${this.#socket.bufferedAmount} bytes wait to be sent; ${this.#maxBuffered} are allowed (maxBuffered)`;
    if (!this.endHere(reason)) return;
    if (typeof this.#socket.terminate === 'function') this.#socket.terminate();
    else this.#socket.close(CLOSED_HERE, shortened(reason));
  }

  #open(): void {
    const texts = this.#unsent;
    this.#unsent = [];
    for (const text of texts) if (!this.ended) this.#socket.send(text);
  }

  #take(data: unknown): void {
    if (this.ended) return;
    if (typeof data !== 'string') return this.close('a frame that is not a text');
    if (isLongerThan(data, this.maxFrame)) {
      const problem = `a frame of ${utf8Length(data)} bytes; ${this.maxFrame} are allowed (maxFrame)`;
      return this.#close(problem, TOO_LONG_HERE);
    }
    let frame: unknown;
    try {
      frame = JSON.parse(data);
    } catch {
      return this.close('a frame that is not JSON');
    }
    this.deliver(frame);
  }

  #closed(code: number, reason: string): void {
    this.#unsent = [];
    const cause = this.#error;
    // 1000 and 1005: closed on purpose, and nothing more was said.
    if (reason === '' && (code === 1000 || code === 1005)) this.endByPeer(undefined);
    else {
      const frameTooLong =
        code === TOO_LONG_HERE ||
        (code === TOO_LONG && (cause as { readonly code?: unknown } | undefined)?.code !== TOO_LONG_FOR_WS);
      this.endByPeer(new LineClosedError(reason === '' ? lostBy(code, cause) : reason, { cause, frameTooLong }));
    }
  }
}

function lostBy(code: number, cause: unknown): string {
  return `the connection was lost (${[code, textOf(cause)].filter((part) => part !== undefined && part !== '').join(': ')})`;
}

/** As much of a text as fits into the frame that closes a socket. */
function shortened(text: string): string {
  let short = text.slice(0, LONGEST_REASON);
  while (utf8Length(short) > LONGEST_REASON) short = short.slice(0, -1);
  return short;
}

function checked(socket: SocketLike): SocketLike {
  const given = (isUsable(socket) ? Object(socket) : {}) as Record<string, unknown>;
  if (['send', 'close', 'addEventListener'].every((method) => typeof given[method] === 'function')) return socket;
  throw new InvalidArgumentError('socketLine', 'socket', socket, 'a WebSocket');
}
