import type { Caller, Turn, WaitCount, WaitingCall } from '../admission/waiting-call.js';
import type { Engine, Targets } from '../engine.js';
import { ClosedError } from '../../errors/life.js';
import { NullValueError } from '../../errors/messages.js';
import { name as checkName } from '../../options/check.js';
import { EVERYBODY } from '../membership/audience.js';
import type { Participant } from '../membership/membership.js';
import type { Endpoint } from '../receivers/endpoint.js';
import { ALL } from '../route.js';
import type { To } from '../route.js';
import type { Upstream } from '../receivers/follow.js';
import { KeptPlaces } from './kept-places.js';
import type { PulledSender } from './kept-places.js';
import { resolve } from './resolve.js';

/** What senders of all modes share: a name, a route, calls that wait, and leaving. */
export abstract class SenderBase<T> implements Participant<T>, Caller, PulledSender<T> {
  readonly name: string;
  readonly to: To<T>;
  readonly writesTo: readonly Endpoint<T>[] | undefined;
  first: Turn | undefined;
  last: Turn | undefined;
  reach = 0;
  readonly ownCalls: WaitCount = { waiting: 0 };
  readonly engine: Engine<T>;
  /** The only receiver that it writes to, until it leaves. */
  protected only: Endpoint<T> | undefined;
  /** Whom the last item was for; before the first, whom it will be for, as far as that is known. */
  protected lastTargets: Targets<T>;
  #closed = false;
  #places: KeptPlaces<T> | undefined;
  #onDeserted: (() => void) | undefined;

  /** A clone writes to the same receivers as the sender that it is `like`, also where those have left. */
  constructor(engine: Engine<T>, name: string, to: To<T>, like: SenderBase<T> | undefined) {
    this.name = checkName('sender', name);
    engine.checkSender(name);
    engine.begin();
    this.engine = engine;
    this.to = to;
    // eslint-disable-next-line @typescript-eslint/prefer-optional-chain -- a missing route is not like nobody's
    if (like !== undefined && like.to === to) this.writesTo = like.writesTo;
    else if (to !== ALL && typeof to !== 'function') this.writesTo = resolve(engine.membership, name, to);
    this.lastTargets = this.writesTo ?? (to === ALL ? EVERYBODY : []);
    if (this.writesTo?.length === 1) this.only = this.writesTo[0];
  }

  get closed(): boolean {
    return this.#closed;
  }

  complete(): void {
    if (this.#closed) return;
    this.engine.begin();
    this.leave();
    this.engine.end();
  }

  error(error: unknown): void {
    if (this.#closed) return;
    this.engine.begin();
    this.fail(error);
    this.engine.end();
  }

  /** `error`, without ending the operation. */
  protected fail(error: unknown): void {
    const { engine } = this;
    if (engine.settings.sourceError === 'error') {
      for (const endpoint of this.writesTo ?? engine.membership.everybody.list)
        endpoint.ending.fail(error, () => this.hasHeld());
    }
    this.leave();
  }

  /** Whether messages of its own wait for their turn. */
  protected hasHeld(): boolean {
    return false;
  }

  leave(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.only = undefined;
    this.giveUp();
    const refused = this.engine.admission.reject(this, new ClosedError('sender', this.name));
    // Read after that: a call that comes next may be refused as well.
    this.engine.accounts.refused += refused;
    this.engine.removeSender(this);
  }

  /** Whether something of its own waits: meanwhile it does not count as silent. */
  get isHeldBack(): boolean {
    return this.first !== undefined || this.#places?.isWaiting === true;
  }

  /** The first that it waits with, also for room before it brings anything. */
  get waitsWith(): WaitingCall | undefined {
    return this.first?.call ?? this.#places?.waiting;
  }

  // -- as the sender of an input

  follow(_upstream: Upstream): void {}

  onDeserted(listener: () => void): void {
    this.#onDeserted = listener;
  }

  /** Nobody whom it could write to is left. */
  deserted(): void {
    const listener = this.#onDeserted;
    if (listener !== undefined) this.engine.effects.call(listener);
  }

  get hasRoom(): boolean {
    this.engine.begin();
    return this.#places?.isKept === true || this.fullForNext(this.lastTargets) === undefined;
  }

  whenRoom(keep: boolean, ready: () => void): void {
    this.places.whenRoom(this.lastTargets, keep, ready);
  }

  giveUp(): void {
    this.#places?.giveUp();
  }

  protected get places(): KeptPlaces<T> {
    return (this.#places ??= new KeptPlaces(this));
  }

  abstract fullForNext(targets: Targets<T>): Endpoint<T> | undefined;

  /** Whom a value is for. Runs a routing function, before anything is decided: the sender may have left then. */
  targetsOf(value: T): Targets<T> {
    if (value === null) throw new NullValueError(this.name);
    if (this.writesTo !== undefined) return this.writesTo;
    if (typeof this.to !== 'function') return EVERYBODY;
    return resolve(this.engine.membership, this.name, this.to(value));
  }

  protected namesOf(targets: Targets<T>): string[] {
    return this.engine.list(targets).map(({ name }) => name);
  }
}
