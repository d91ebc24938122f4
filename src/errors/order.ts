import type { Timestamp } from '../types.js';
import { ClockedDispatchError } from './clocked-dispatch-error.js';
import type { CodeOf } from './codes.js';
import { showSender } from './owner.js';
import { show } from './show.js';

/** A message at or below what was already released. */
export class LateMessageError extends ClockedDispatchError {
  override name = 'LateMessageError';
  override readonly code: CodeOf<'LateMessageError'> = 'RCD013';
  /** The sender or function. */
  readonly sender: string;
  /** The timestamp. */
  readonly ts: Timestamp;
  /** What the clock had reached. */
  readonly clock: Timestamp;

  constructor(sender: string, ts: Timestamp, clock: Timestamp) {
    super(
      `${showSender(sender)} brought a message at ${ts}, but ${clock} was already released: declare its disorder, or choose what happens by 'late'`,
    );
    this.sender = sender;
    this.ts = ts;
    this.clock = clock;
  }
}

/** A message more than `maxLead` ahead of the other sources. */
export class AheadMessageError extends ClockedDispatchError {
  override name = 'AheadMessageError';
  override readonly code: CodeOf<'AheadMessageError'> = 'RCD014';
  /** The sender. */
  readonly sender: string;
  /** The timestamp. */
  readonly ts: Timestamp;
  /** What the least of the other sources has reached; the clock, where there is no other. */
  readonly others: Timestamp;
  /** How far it may be ahead. */
  readonly maxLead: number;

  constructor(sender: string, ts: Timestamp, others: Timestamp, maxLead: number) {
    super(
      `sender ${show(sender)} brought a message at ${ts}, more than ${maxLead} (maxLead) ahead of the others at ${others}: check its clock, or raise maxLead`,
    );
    this.sender = sender;
    this.ts = ts;
    this.others = others;
    this.maxLead = maxLead;
  }
}

/** A timestamp that was already used where timestamps cannot repeat. */
export class DuplicateMessageError extends ClockedDispatchError {
  override name = 'DuplicateMessageError';
  override readonly code: CodeOf<'DuplicateMessageError'> = 'RCD015';
  /** The sender. */
  readonly sender: string;
  /** The timestamp. */
  readonly ts: Timestamp;
  /** What the clock had reached. */
  readonly clock: Timestamp;

  constructor(sender: string, ts: Timestamp, clock: Timestamp) {
    super(
      `sender ${show(sender)} repeated the timestamp ${ts} (the clock is at ${clock}): after a reconnect it can be ignored, else give each message a timestamp of its own`,
    );
    this.sender = sender;
    this.ts = ts;
    this.clock = clock;
  }
}
