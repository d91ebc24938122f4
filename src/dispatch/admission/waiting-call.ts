import type { Effect, Effects } from '../effects/effects.js';
import type { AbortSignalLike } from '../../types.js';
import type { Waiters, Waiting } from './waiters.js';

/** Whose calls wait, in the order in which they were made. */
export interface Caller {
  readonly name: string;
  first: Turn | undefined;
  last: Turn | undefined;
}

/** Counts the calls that wait for one receiver. */
export interface WaitCount {
  waiting: number;
}

/** The place of a call among the calls of one caller. */
export class Turn {
  before: Turn | undefined;
  behind: Turn | undefined;
  readonly call: WaitingCall;
  readonly caller: Caller;

  constructor(call: WaitingCall, caller: Caller) {
    this.call = call;
    this.caller = caller;
  }
}

/**
 * A call that waits: for room, for a window, or for earlier calls of its sender.
 *
 * It is settled by an effect, once it is decided; from then on it can't be aborted.
 */
export abstract class WaitingCall implements Waiting, Effect<() => void> {
  /** The order in which the calls were made. */
  ticket = 0;
  /** Where it waits; nowhere while it waits for earlier calls. */
  waiters: Waiters | undefined;
  /** Where it is counted. */
  count: WaitCount | undefined;
  settled = false;
  readonly isSeeking: boolean = false;
  /** How many messages it brings, for the accounts. */
  readonly messages: number;
  /** One for each of its senders. */
  readonly turns: readonly Turn[];
  /** Whether calls of one sender go in one after the other. */
  readonly inOrder: boolean;
  readonly #effects: Effects;
  /** What its caller was given. */
  #promise: Promise<unknown> | undefined;
  #isAbandoned = false;
  #stopListening: (() => void) | undefined;

  constructor(callers: readonly Caller[], inOrder: boolean, effects: Effects, messages = 1) {
    this.turns = callers.map((caller) => new Turn(this, caller));
    this.inOrder = inOrder;
    this.messages = messages;
    this.#effects = effects;
  }

  /** Tries: the waiters to join, or nothing where the call is decided. */
  abstract attempt(): Waiters | undefined;
  /** Where it waits without having tried, behind those who came before; nothing where it need not. */
  abstract home(): Waiters | undefined;
  /** Its rank among waiters. */
  abstract rank(waiters: Waiters): number;
  abstract fail(error: unknown): void;

  give(promise: Promise<unknown>): void {
    this.#promise = promise;
    if (this.#isAbandoned) promise.catch(ignore);
  }

  /** Its sender has left. Whoever let it leave knows, so that a rejection that nobody handles is no mistake. */
  abandon(error: unknown): void {
    this.#isAbandoned = true;
    this.#promise?.catch(ignore);
    this.fail(error);
  }

  /** It begins to wait, or is decided. */
  changed(_waits: boolean): void {}

  /** Whether no earlier call of its senders waits. */
  get isFirst(): boolean {
    return !this.inOrder || this.turns.every(({ before }) => before === undefined);
  }

  listen(signal: AbortSignalLike, onAbort: () => void): void {
    this.#stopListening = () => signal.removeEventListener('abort', onAbort);
    signal.addEventListener('abort', onAbort);
  }

  /** Settles the promise, in its turn. */
  protected settle(how: () => void): void {
    this.#effects.add(this, how);
  }

  run(how: () => void): void {
    how();
    this.#stopListening?.();
  }
}

/** The promise of a call that `begin` makes, unless it settles the promise by itself. */
export function promiseOf<V>(
  begin: (resolve: (value: V) => void, reject: (error: unknown) => void) => WaitingCall | undefined,
): Promise<V> {
  const made: { call?: WaitingCall | undefined } = {};
  const promise = new Promise<V>((resolve, reject) => {
    made.call = begin(resolve, reject);
  });
  made.call?.give(promise);
  return promise;
}

function ignore(): void {}
