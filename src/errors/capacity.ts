import type { Timestamp } from '../types.js';
import { ClockedDispatchError } from './clocked-dispatch-error.js';
import type { CodeOf } from './codes.js';
import { showReceiver } from './owner.js';
import { show } from './show.js';

/** A message that found its receiver full under `overflow: 'error'`. */
export class OverflowError extends ClockedDispatchError {
  override name = 'OverflowError';
  override readonly code: CodeOf<'OverflowError'> = 'RCD017';
  /** The receiver or function. */
  readonly receiver: string;
  /** Its bound. */
  readonly bound: number;
  /** The timestamp. */
  readonly ts: Timestamp;

  constructor(receiver: string, bound: number, ts: Timestamp) {
    super(
      `${showReceiver(receiver)} is full: it holds its bound of ${bound} messages, and another came at ${ts}; read faster, raise its bound, or drop by 'overflow'`,
    );
    this.receiver = receiver;
    this.bound = bound;
    this.ts = ts;
  }
}

/** A message beyond `clock + window` that could not wait. */
export class WindowError extends ClockedDispatchError {
  override name = 'WindowError';
  override readonly code: CodeOf<'WindowError'> = 'RCD018';
  /** The sender. */
  readonly sender: string;
  /** The timestamp. */
  readonly ts: Timestamp;
  /** What the clock had reached. */
  readonly clock: Timestamp;
  /** The window. */
  readonly window: number;

  constructor(sender: string, ts: Timestamp, clock: Timestamp, window: number) {
    super(
      `sender ${show(sender)} brought a message at ${ts}, beyond the window of ${window} after ${clock}: wait by forward(), or raise 'window'`,
    );
    this.sender = sender;
    this.ts = ts;
    this.clock = clock;
    this.window = window;
  }
}

/** One more call that would have to wait than `maxWaiting` allows. */
export class TooManyWaitingError extends ClockedDispatchError {
  override name = 'TooManyWaitingError';
  override readonly code: CodeOf<'TooManyWaitingError'> = 'RCD019';
  /** The receiver. */
  readonly receiver: string | undefined;
  /** The sender. */
  readonly sender: string;
  /** How many calls may wait. */
  readonly maxWaiting: number;

  constructor(receiver: string | undefined, sender: string, maxWaiting: number) {
    const whom = receiver === undefined ? 'its turn' : `receiver ${show(receiver)}`;
    super(
      `sender ${show(sender)} can't wait for ${whom}: ${maxWaiting} calls wait already (maxWaiting); await each call before the next, or raise maxWaiting`,
    );
    this.receiver = receiver;
    this.sender = sender;
    this.maxWaiting = maxWaiting;
  }
}

/** One more message held for everybody, while nobody is there, than `maxHeld` allows. */
export class TooManyHeldError extends ClockedDispatchError {
  override name = 'TooManyHeldError';
  override readonly code: CodeOf<'TooManyHeldError'> = 'RCD020';
  /** The sender. */
  readonly sender: string;
  /** How many messages may be held. */
  readonly maxHeld: number;
  /** The timestamp. */
  readonly ts: Timestamp;

  constructor(sender: string, maxHeld: number, ts: Timestamp) {
    super(
      `sender ${show(sender)} brought a message at ${ts}, but ${maxHeld} are held for everybody and nobody is there (maxHeld): add a receiver first, wait by forward(), or raise maxHeld`,
    );
    this.sender = sender;
    this.maxHeld = maxHeld;
    this.ts = ts;
  }
}
