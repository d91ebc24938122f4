import type { WaitingCall } from '../admission/waiting-call.js';
import type { Timestamp } from '../../types.js';

/** A waiting call with a number. */
interface NumberedCall extends WaitingCall {
  readonly ts: Timestamp;
}

const NONE: readonly never[] = [];

/** Waiting calls by the number that they bring: the one that fills the gap may go in beyond the bound. */
export class CallsByNumber {
  readonly #calls = new Map<Timestamp, Set<NumberedCall>>();

  add(call: NumberedCall): void {
    const calls = this.#calls.get(call.ts);
    if (calls === undefined) this.#calls.set(call.ts, new Set([call]));
    else calls.add(call);
  }

  delete(call: NumberedCall): void {
    const calls = this.#calls.get(call.ts);
    if (calls?.delete(call) === true && calls.size === 0) this.#calls.delete(call.ts);
  }

  /** The calls with this number, in the order in which they were made. */
  at(ts: Timestamp): Iterable<NumberedCall> {
    return this.#calls.get(ts) ?? NONE;
  }
}
