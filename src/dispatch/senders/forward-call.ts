import { startCall } from '../admission/start-call.js';
import type { WaitLimit } from '../admission/start-call.js';
import { WaitingCall } from '../admission/waiting-call.js';
import type { Caller, WaitCount } from '../admission/waiting-call.js';
import type { Waiters } from '../admission/waiters.js';
import type { Engine, Targets } from '../engine.js';
import type { Participant } from '../membership/membership.js';
import type { Endpoint } from '../receivers/endpoint.js';
import { firstFull, NOBODY_AWAITS } from '../queue/capacity.js';
import type { AbortSignalLike, Clocked, ForwardRefusal, Timestamp } from '../../types.js';

/** What a call needs of its sender. */
export interface Forwarding<T, I extends object> extends Caller, Participant<T> {
  readonly engine: Engine<T>;
  readonly ownCalls: WaitCount;
  readonly input: I;
  readonly mode: {
    readonly inOrder: boolean;
    readonly beyond: Waiters | undefined;
    waits(call: ForwardCall<T, I>, begins: boolean): void;
  };
  /** What the last message lacked. */
  readonly lacking: Waiters | undefined;
  submit(item: Clocked<T>, targets: Targets<T>, overflowing: boolean): ForwardRefusal | undefined;
  refusalError(refusal: ForwardRefusal, ts: Timestamp, targets: Targets<T>): Error;
}

/** A `forward`: it waits for room at all of its receivers, or for the window. */
export class ForwardCall<T, I extends object> extends WaitingCall {
  readonly sender: Forwarding<T, I>;
  readonly ts: Timestamp;
  readonly #item: Clocked<T>;
  readonly #targets: Targets<T>;
  readonly #resolve: () => void;
  readonly #reject: (error: unknown) => void;
  /** For an input, whose messages may be refused without an error. */
  #onRefusal: ((refusal: ForwardRefusal | undefined) => void) | undefined;

  constructor(
    sender: Forwarding<T, I>,
    item: Clocked<T>,
    targets: Targets<T>,
    resolve: () => void,
    reject: (error: unknown) => void,
  ) {
    super([sender], sender.mode.inOrder && item[0] !== null, sender.engine.effects, item[0] === null ? 0 : 1);
    this.sender = sender;
    this.#item = item;
    this.ts = item[1];
    this.#targets = targets;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  start(signal: AbortSignalLike | undefined): void {
    startCall(this.sender.engine, this, signal, () => this.#limit());
  }

  /** For a pulled input, which has one call at a time: none is too many. */
  startPulled(onRefusal: (refusal: ForwardRefusal | undefined) => void): void {
    this.#onRefusal = onRefusal;
    startCall(this.sender.engine, this, undefined, () => undefined);
  }

  /** Its source brings nothing else before this is decided. */
  get isPulled(): boolean {
    return this.#onRefusal !== undefined;
  }

  /** Whether a consumer may make room for it. */
  get waitsForConsumer(): boolean {
    const { waiters } = this;
    return this.sender.engine
      .list(this.#targets)
      .some((to) => to.hasWaiters && to.waiters === waiters && !to.isStarved);
  }

  attempt(): Waiters | undefined {
    const { sender } = this;
    const refusal = sender.submit(this.#item, this.#targets, false);
    if (refusal === 'full') return sender.lacking;
    if (this.#onRefusal !== undefined) {
      this.#onRefusal(refusal);
      this.settle(this.#resolve);
    } else if (refusal === undefined) this.settle(this.#resolve);
    else {
      if (refusal === 'no-receiver' && this.#item[0] !== null) sender.engine.accounts.refused++;
      this.fail(sender.refusalError(refusal, this.ts, this.#targets));
    }
    return undefined;
  }

  home(): Waiters | undefined {
    return this.#open?.waiters;
  }

  rank(waiters: Waiters): number {
    return waiters === this.sender.mode.beyond ? this.ts : this.ticket;
  }

  fail(error: unknown): void {
    this.settle(() => this.#reject(error));
  }

  override changed(waits: boolean): void {
    this.sender.mode.waits(this, waits);
  }

  get #open(): Endpoint<T> | undefined {
    return this.sender.engine.list(this.#targets).find(({ life }) => life === 'open');
  }

  #limit(): WaitLimit {
    const { sender } = this;
    const receiver = firstFull(sender.engine.list(this.#targets), NOBODY_AWAITS) ?? this.#open;
    return { caller: sender, count: receiver ?? sender.ownCalls, receiver: receiver?.name };
  }
}
