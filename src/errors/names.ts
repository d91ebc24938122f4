import { ClockedDispatchError } from './clocked-dispatch-error.js';
import type { CodeOf } from './codes.js';
import { show, showNames } from './show.js';

/** A name that is not a string, or is empty. */
export class InvalidNameError extends ClockedDispatchError {
  override name = 'InvalidNameError';
  override readonly code: CodeOf<'InvalidNameError'> = 'RCD006';
  /** What was to be named: a sender, a receiver or a source. */
  readonly kind: string;
  /** What was given as its name. */
  readonly given: unknown;

  constructor(kind: string, given: unknown) {
    super(`a ${kind} was given the name ${show(given)}: expected a string that is not empty`);
    this.kind = kind;
    this.given = given;
  }
}

/** A name that another sender, receiver or projection of the same dispatcher has. */
export class DuplicateNameError extends ClockedDispatchError {
  override name = 'DuplicateNameError';
  override readonly code: CodeOf<'DuplicateNameError'> = 'RCD007';
  /** Whose name it is. */
  readonly kind: 'sender' | 'receiver' | 'projection';
  /** The name. */
  readonly duplicate: string;

  constructor(kind: DuplicateNameError['kind'], duplicate: string) {
    super(`a ${kind} named ${show(duplicate)} exists already: choose another name, or let the first one leave before`);
    this.kind = kind;
    this.duplicate = duplicate;
  }
}

/** A route to a name that no receiver has. */
export class UnknownReceiverError extends ClockedDispatchError {
  override name = 'UnknownReceiverError';
  override readonly code: CodeOf<'UnknownReceiverError'> = 'RCD008';
  /** The sender. */
  readonly sender: string;
  /** The name that it writes to. */
  readonly receiver: string;
  /** The receivers that exist. */
  readonly existing: readonly string[];

  constructor(sender: string, receiver: string, existing: readonly string[]) {
    const known = existing.length === 0 ? 'there are none' : `there are ${showNames(existing)}`;
    super(`sender ${show(sender)} writes to ${show(receiver)}, but no receiver has that name: ${known}`);
    this.sender = sender;
    this.receiver = receiver;
    this.existing = existing;
  }
}

/** A routing function that returned something else than a receiver's name, a list of names, or `ALL`. */
export class InvalidRouteError extends ClockedDispatchError {
  override name = 'InvalidRouteError';
  override readonly code: CodeOf<'InvalidRouteError'> = 'RCD009';
  /** The sender. */
  readonly sender: string;
  /** What it returned. */
  readonly returned: unknown;

  constructor(sender: string, returned: unknown) {
    super(
      `the route of sender ${show(sender)} is ${show(returned)}: expected a receiver's name, a list of names, or ALL`,
    );
    this.sender = sender;
    this.returned = returned;
  }
}
