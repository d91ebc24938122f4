import { startCall } from '../admission/start-call.js';
import { WaitingCall } from '../admission/waiting-call.js';
import type { Waiters } from '../admission/waiters.js';
import type { Engine, Targets } from '../engine.js';
import type { Endpoint } from '../receivers/endpoint.js';

/** A sender, as far as its input waits for room. */
export interface PulledSender<T> {
  readonly engine: Engine<T>;
  readonly closed: boolean;
  /** The first of the targets that has no room for its next message, whatever that will be. */
  fullForNext(targets: Targets<T>): Endpoint<T> | undefined;
}

/**
 * Places for the next item of a pulled input: at the receivers that its last item was for. So nothing is read that has
 * no place, and inputs take turns.
 */
export class KeptPlaces<T> {
  readonly #sender: PulledSender<T>;
  #kept: Targets<T> = [];
  #waiting: RoomCall<T> | undefined;

  constructor(sender: PulledSender<T>) {
    this.#sender = sender;
  }

  get isWaiting(): boolean {
    return this.#waiting?.settled === false;
  }

  /** What it waits with, where it does. */
  get waiting(): WaitingCall | undefined {
    return this.isWaiting ? this.#waiting : undefined;
  }

  get isKept(): boolean {
    return this.#kept.length > 0;
  }

  /** Calls back in its turn, once there is room; `keep`: the places are kept until `release`. */
  whenRoom(targets: Targets<T>, keep: boolean, ready: () => void): void {
    const { engine } = this.#sender;
    engine.begin();
    this.#waiting = new RoomCall(this.#sender, targets, (list) => {
      this.#waiting = undefined;
      if (keep) this.#keep(list);
      return ready;
    });
    startCall(engine, this.#waiting, undefined, () => undefined);
    engine.end();
  }

  /** The places are taken, or free again. */
  release(): void {
    const { engine } = this.#sender;
    for (const endpoint of this.#kept) {
      endpoint.queue.promised--;
      engine.freed(endpoint);
      endpoint.mayEnd();
    }
    this.#kept = [];
  }

  /** Nothing is waited for any more. */
  giveUp(): void {
    const { engine } = this.#sender;
    engine.begin();
    this.release();
    if (this.#waiting?.settled === false) engine.admission.leave(this.#waiting);
    this.#waiting = undefined;
    engine.end();
  }

  #keep(list: Targets<T>): void {
    this.#kept = list.filter(({ life }) => life === 'open');
    for (const endpoint of this.#kept) endpoint.queue.promised++;
  }
}

class RoomCall<T> extends WaitingCall {
  override readonly isSeeking: boolean = true;
  readonly #sender: PulledSender<T>;
  readonly #targets: Targets<T>;
  readonly #found: (list: Targets<T>) => () => void;

  constructor(sender: PulledSender<T>, targets: Targets<T>, found: (list: Targets<T>) => () => void) {
    super([], false, sender.engine.effects, 0);
    this.#sender = sender;
    this.#targets = targets;
    this.#found = found;
  }

  attempt(): Waiters | undefined {
    const full = this.#sender.fullForNext(this.#targets);
    if (full !== undefined) return full.waiters;
    this.settle(this.#found(this.#sender.engine.list(this.#targets)));
    return undefined;
  }

  home(): undefined {
    return undefined;
  }

  rank(): number {
    return this.ticket;
  }

  /** It has no caller who could leave. */
  fail(): void {}
}
