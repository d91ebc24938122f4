import type { Timestamp } from './types.js';

/**
 * The base of every error that this package throws or emits.
 *
 * `instanceof` does not hold across the ESM and the CommonJS build; `name` does.
 */
export class ClockedDispatchError extends Error {
  /** The name of the class: unlike `instanceof`, it holds across module formats. */
  override name = 'ClockedDispatchError';
}

/** A name that is already borne by another sender or receiver of the same dispatcher. */
export class DuplicateNameError extends ClockedDispatchError {
  /** The name of the class: unlike `instanceof`, it holds across module formats. */
  override name = 'DuplicateNameError';
  /** Whose name it is. */
  readonly kind: 'sender' | 'receiver';
  /** The name. */
  readonly duplicate: string;

  constructor(kind: 'sender' | 'receiver', duplicate: string) {
    super(`a ${kind} named '${duplicate}' exists already: choose another name, or let the first one leave before`);
    this.kind = kind;
    this.duplicate = duplicate;
  }
}

/** A route to a name that no receiver bears. */
export class UnknownReceiverError extends ClockedDispatchError {
  /** The name of the class: unlike `instanceof`, it holds across module formats. */
  override name = 'UnknownReceiverError';
  /** The sender. */
  readonly sender: string;
  /** The receiver. */
  readonly receiver: string;
  /** The receivers that exist. */
  readonly existing: readonly string[];

  constructor(sender: string, receiver: string, existing: readonly string[]) {
    const known = existing.length === 0 ? 'there are none' : `there are '${existing.join("', '")}'`;
    super(`sender '${sender}' writes to '${receiver}', which no receiver is named: ${known}`);
    this.sender = sender;
    this.receiver = receiver;
    this.existing = existing;
  }
}

/** A routing function that returned something else than a receiver's name, a list of names, or `ALL`. */
export class InvalidRouteError extends ClockedDispatchError {
  /** The name of the class: unlike `instanceof`, it holds across module formats. */
  override name = 'InvalidRouteError';
  /** The sender. */
  readonly sender: string;
  /** What it returned. */
  readonly returned: unknown;

  constructor(sender: string, returned: unknown) {
    super(
      `the route of sender '${sender}' returned ${show(returned)}: expected a receiver's name, a list of names, or ALL`,
    );
    this.sender = sender;
    this.returned = returned;
  }
}

/** `null` given as a value: it means a tick, so it can't be one. */
export class NullValueError extends ClockedDispatchError {
  /** The name of the class: unlike `instanceof`, it holds across module formats. */
  override name = 'NullValueError';
  /** The sender. */
  readonly sender: string;
  /** The timestamp. */
  readonly ts: Timestamp | undefined;

  constructor(sender: string, ts?: Timestamp) {
    super(
      `sender '${sender}' was given the value null${ts === undefined ? '' : ` at ${ts}`}: null means a tick, use undefined or a value of your own`,
    );
    this.sender = sender;
    this.ts = ts;
  }
}

/** A timestamp that is not a non-negative safe integer. */
export class InvalidTimestampError extends ClockedDispatchError {
  /** The name of the class: unlike `instanceof`, it holds across module formats. */
  override name = 'InvalidTimestampError';
  /** The sender. */
  readonly sender: string;
  /** The timestamp. */
  readonly ts: unknown;

  constructor(sender: string, ts: unknown) {
    super(
      `sender '${sender}' was given the timestamp ${show(ts)}: expected an integer from 0 to ${Number.MAX_SAFE_INTEGER}`,
    );
    this.sender = sender;
    this.ts = ts;
  }
}

/** Something forwarded that is not a `[value, ts]` tuple. */
export class InvalidMessageError extends ClockedDispatchError {
  /** The name of the class: unlike `instanceof`, it holds across module formats. */
  override name = 'InvalidMessageError';
  /** The sender. */
  readonly sender: string;
  /** What was given. */
  readonly given: unknown;

  constructor(sender: string, given: unknown) {
    super(`sender '${sender}' was given ${show(given)}: expected a tuple [value, ts]`);
    this.sender = sender;
    this.given = given;
  }
}

/** An option out of its range. */
export class InvalidOptionError extends ClockedDispatchError {
  /** The name of the class: unlike `instanceof`, it holds across module formats. */
  override name = 'InvalidOptionError';
  /** The option. */
  readonly option: string;
  /** Its value. */
  readonly value: unknown;
  /** What was expected. */
  readonly expected: string;

  constructor(option: string, value: unknown, expected: string) {
    super(`option '${option}' is ${show(value)}: expected ${expected}`);
    this.option = option;
    this.value = value;
    this.expected = expected;
  }
}

/** A message at or below what was already released. */
export class LateMessageError extends ClockedDispatchError {
  /** The name of the class: unlike `instanceof`, it holds across module formats. */
  override name = 'LateMessageError';
  /** The sender. */
  readonly sender: string;
  /** The timestamp. */
  readonly ts: Timestamp;
  /** What the clock had reached. */
  readonly clock: Timestamp;

  constructor(sender: string, ts: Timestamp, clock: Timestamp) {
    super(`sender '${sender}' brought a message at ${ts}, but ${clock} was already released`);
    this.sender = sender;
    this.ts = ts;
    this.clock = clock;
  }
}

/** A timestamp that was already used where timestamps cannot repeat. */
export class DuplicateMessageError extends ClockedDispatchError {
  /** The name of the class: unlike `instanceof`, it holds across module formats. */
  override name = 'DuplicateMessageError';
  /** The sender. */
  readonly sender: string;
  /** The timestamp. */
  readonly ts: Timestamp;
  /** What the clock had reached. */
  readonly clock: Timestamp;

  constructor(sender: string, ts: Timestamp, clock: Timestamp) {
    super(`sender '${sender}' repeated the timestamp ${ts} (the clock is at ${clock})`);
    this.sender = sender;
    this.ts = ts;
    this.clock = clock;
  }
}

/** A message that found its receiver full under `overflow: 'error'`. */
export class OverflowError extends ClockedDispatchError {
  /** The name of the class: unlike `instanceof`, it holds across module formats. */
  override name = 'OverflowError';
  /** The receiver. */
  readonly receiver: string;
  /** Its bound. */
  readonly bound: number;
  /** The timestamp. */
  readonly ts: Timestamp;

  constructor(receiver: string, bound: number, ts: Timestamp) {
    super(`receiver '${receiver}' is full: it holds its bound of ${bound} messages, and another came at ${ts}`);
    this.receiver = receiver;
    this.bound = bound;
    this.ts = ts;
  }
}

/** A message beyond `clock + window` that could not wait. */
export class WindowError extends ClockedDispatchError {
  /** The name of the class: unlike `instanceof`, it holds across module formats. */
  override name = 'WindowError';
  /** The sender. */
  readonly sender: string;
  /** The timestamp. */
  readonly ts: Timestamp;
  /** What the clock had reached. */
  readonly clock: Timestamp;
  /** The window. */
  readonly window: number;

  constructor(sender: string, ts: Timestamp, clock: Timestamp, window: number) {
    super(`sender '${sender}' brought a message at ${ts}, beyond the window of ${window} after ${clock}`);
    this.sender = sender;
    this.ts = ts;
    this.clock = clock;
    this.window = window;
  }
}

/** Timestamps that never came, under `gap: 'error'`. */
export class GapError extends ClockedDispatchError {
  /** The name of the class: unlike `instanceof`, it holds across module formats. */
  override name = 'GapError';
  /** The first missing timestamp. */
  readonly from: Timestamp;
  /** The last missing timestamp. */
  readonly to: Timestamp;

  constructor(from: Timestamp, to: Timestamp) {
    super(from === to ? `the timestamp ${from} never came` : `the timestamps ${from} to ${to} never came`);
    this.from = from;
    this.to = to;
  }
}

/** A call on a sender, receiver or dispatcher that has ended. */
export class ClosedError extends ClockedDispatchError {
  /** The name of the class: unlike `instanceof`, it holds across module formats. */
  override name = 'ClosedError';
  /** Whose name it is. */
  readonly kind: 'sender' | 'receiver' | 'dispatcher';
  /** Its name; of a dispatcher, the name of whoever called. */
  readonly closed: string;

  constructor(kind: 'sender' | 'receiver' | 'dispatcher', closed: string) {
    super(kind === 'dispatcher' ? `the dispatcher of '${closed}' is closed` : `${kind} '${closed}' is closed`);
    this.kind = kind;
    this.closed = closed;
  }
}

/** A message whose receivers have all left. */
export class NoReceiverError extends ClockedDispatchError {
  /** The name of the class: unlike `instanceof`, it holds across module formats. */
  override name = 'NoReceiverError';
  /** The sender. */
  readonly sender: string;
  /** The receivers, all gone. */
  readonly receivers: readonly string[];

  constructor(sender: string, receivers: readonly string[]) {
    super(
      receivers.length === 0
        ? `sender '${sender}' has no receiver to write to`
        : `sender '${sender}' writes to '${receivers.join("', '")}', which has left`,
    );
    this.sender = sender;
    this.receivers = receivers;
  }
}

/** One more call that would have to wait than `maxWaiting` allows. */
export class TooManyWaitingError extends ClockedDispatchError {
  /** The name of the class: unlike `instanceof`, it holds across module formats. */
  override name = 'TooManyWaitingError';
  /** The receiver. */
  readonly receiver: string | undefined;
  /** The sender. */
  readonly sender: string;
  /** How many calls may wait. */
  readonly maxWaiting: number;

  constructor(receiver: string | undefined, sender: string, maxWaiting: number) {
    const whom = receiver === undefined ? 'its turn' : `receiver '${receiver}'`;
    super(`sender '${sender}' can't wait for ${whom}: ${maxWaiting} calls wait already (maxWaiting)`);
    this.receiver = receiver;
    this.sender = sender;
    this.maxWaiting = maxWaiting;
  }
}

/** A value as it appears in a message: short, and never throwing. */
function show(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  return Array.isArray(value) ? `an array of ${value.length}` : 'an object';
}
