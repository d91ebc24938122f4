import { startCall } from '../admission/start-call.js';
import type { WaitLimit } from '../admission/start-call.js';
import { WaitingCall } from '../admission/waiting-call.js';
import type { Caller, WaitCount } from '../admission/waiting-call.js';
import type { Waiters } from '../admission/waiters.js';
import type { Engine, Targets } from '../engine.js';
import type { Endpoint } from '../receivers/endpoint.js';
import type { SendResult, Timestamp } from '../../types.js';
import type { WaitSettings } from './wait-options.js';

/** What a call needs of its sender. */
export interface Sending<T> extends Caller {
  readonly engine: Engine<T>;
  /** For calls that wait for earlier ones only. */
  readonly ownCalls: WaitCount;
  checkClock(): void;
  full(targets: Targets<T>): Endpoint<T> | undefined;
  accept(value: T, targets: Targets<T>): SendResult;
  noReceiver(targets: Targets<T>): Error;
}

/** A `send`: it waits for room at all of its receivers, and resolves with its timestamp. */
export class SendCall<T> extends WaitingCall {
  readonly #sender: Sending<T>;
  readonly #value: T;
  readonly #targets: Targets<T>;
  readonly #resolve: (ts: Timestamp) => void;
  readonly #reject: (error: unknown) => void;
  readonly #onTimestamp: ((ts: Timestamp) => void) | undefined;
  /** For an input, which goes on where nobody is there to take its item. */
  #onDecision: (() => void) | undefined;

  constructor(
    sender: Sending<T>,
    value: T,
    targets: Targets<T>,
    resolve: (ts: Timestamp) => void,
    reject: (error: unknown) => void,
    { onTimestamp }: WaitSettings,
  ) {
    super([sender], true, sender.engine.effects);
    this.#sender = sender;
    this.#value = value;
    this.#targets = targets;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#onTimestamp = onTimestamp;
  }

  start({ signal }: WaitSettings): void {
    startCall(this.#sender.engine, this, signal, () => this.#limit());
  }

  /** For a pulled input, which has one call at a time: none is too many. */
  startPulled(onDecision: () => void): void {
    this.#onDecision = onDecision;
    startCall(this.#sender.engine, this, undefined, () => undefined);
  }

  attempt(): Waiters | undefined {
    const sender = this.#sender;
    const full = sender.full(this.#targets);
    if (full !== undefined) return full.waiters;
    try {
      sender.checkClock();
    } catch (error) {
      this.fail(error);
      return undefined;
    }
    const result = sender.accept(this.#value, this.#targets);
    if (result.ok) this.#onDecision?.();
    if (result.ok) {
      this.#onTimestamp?.(result.ts);
      this.settle(() => this.#resolve(result.ts));
    } else if (this.#onDecision !== undefined) this.settle(() => this.#resolve(NaN));
    else this.fail(sender.noReceiver(this.#targets));
    return undefined;
  }

  home(): Waiters | undefined {
    return this.#open?.waiters;
  }

  rank(): number {
    return this.ticket;
  }

  fail(error: unknown): void {
    this.settle(() => this.#reject(error));
  }

  get #open(): Endpoint<T> | undefined {
    return this.#sender.engine.list(this.#targets).find(({ life }) => life === 'open');
  }

  #limit(): WaitLimit {
    const receiver = this.#sender.full(this.#targets) ?? this.#open;
    return { caller: this.#sender, count: receiver ?? this.#sender.ownCalls, receiver: receiver?.name };
  }
}
