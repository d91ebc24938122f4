import { WindowError } from '../errors/capacity.js';
import { InvalidMessageError, InvalidTimestampError } from '../errors/messages.js';
import { LateMessageError } from '../errors/order.js';
import type { Clocked, ForwardRefusal } from '../types.js';
import type { Channel } from './channel.js';
import { EVERYBODY } from './everybody.js';
import type { Input } from './lane.js';
import { Member } from './member.js';
import type { SenderOptions } from './options.js';
import { count } from './options.js';
import type { ForwardingOrder, Targets } from './order.js';
import type { To } from './route.js';
import { originOf } from './slots.js';
import type { Origin } from './slots.js';
import { wait } from './waiter.js';

/** Where a source's timestamps come from, as far as it is known. */
export interface Upstream {
  /** Whether no timestamp comes twice there. */
  readonly unique: boolean;
}

/** A source of a forwarding dispatcher, as far as its input goes. */
export class ForwardMember<T> extends Member<T> {
  /** How far it may run backwards. */
  readonly disorder: number;
  /** What the order knows of it: one input where all receivers share a lane, else one for each receiver. */
  input: Input<T> | undefined;
  readonly inputs: Map<Channel<T>, Input<T>> = new Map();
  /** Whether anything has come from it. */
  spoken = false;
  idle = false;
  heard = 0;
  /** Of what it sends to its usual receivers. */
  readonly origin: Origin<T>;
  protected readonly order: ForwardingOrder<T>;
  protected readonly options: SenderOptions;
  protected upstream: Upstream | undefined;
  /** The only channel that it writes to, where its messages may take the short way. */
  readonly #only: Channel<T> | undefined;

  constructor(
    order: ForwardingOrder<T>,
    name: string,
    to: To<T>,
    options: SenderOptions = {},
    like?: ForwardMember<T>,
  ) {
    super(order.core, name, to, like);
    this.order = order;
    this.options = options;
    this.origin = originOf(this, this.everybody ? EVERYBODY : (this.named ?? NOBODY));
    this.disorder = count('disorder', options.disorder, 0, 0, false);
    if (order.plain && this.disorder === 0 && this.named?.length === 1) this.#only = this.named[0];
    order.core.addMember(this, like);
    if (like !== undefined) this.spoken = like.spoken;
  }

  /** Whether it never repeats a timestamp: declared, or inherited from where its messages come from. */
  get strict(): boolean {
    return this.options.strict ?? this.upstream?.unique ?? false;
  }

  follow(upstream: Upstream): void {
    this.upstream = upstream;
  }

  next(item: Clocked<T>): void {
    if (this.closed) {
      this.core.refused++;
      return;
    }
    if (!Array.isArray(item)) throw new InvalidMessageError(this.name, item);
    if (this.#only !== undefined && this.order.takeNext(this, item, this.#only)) return;
    const targets = this.examine(item);
    const refusal = this.submit(item, targets, true);
    if (refusal === 'full') this.#overrun(item, targets);
    else this.#failIfLate(refusal, item);
  }

  /** As `next`, but waits where there is no room. */
  offer(item: Clocked<T>): Promise<unknown> | undefined {
    if (!Array.isArray(item)) throw new InvalidMessageError(this.name, item);
    const targets = this.examine(item);
    const refusal = this.submit(item, targets, false);
    if (refusal === 'full') {
      const attempt = (): true | undefined => {
        const refusal = this.submit(item, targets, false);
        this.#failIfLate(refusal, item);
        return refusal === 'full' ? undefined : true;
      };
      return wait(this.core, this, this.core.channelsOf(targets), attempt, undefined);
    }
    this.#failIfLate(refusal, item);
    return undefined;
  }

  /** Refuses what is no message, and finds out whom it is for; a tick is for nobody. */
  protected examine(item: Clocked<T>): Targets<T> {
    const value = item[0];
    const ts = item[1];
    if (!Number.isSafeInteger(ts) || ts < 0) throw new InvalidTimestampError(this.name, ts);
    return value === null ? NOBODY : this.targetsOf(value);
  }

  /** Hands a message to the order, unless there is a reason not to. */
  protected submit(item: Clocked<T>, targets: Targets<T>, overflowing: boolean): ForwardRefusal | undefined {
    const ts = item[1];
    this.order.hear(this);
    if (item[0] === null) return this.#tick(item);
    let refusal = this.order.judge(this, ts, targets);
    if (refusal === 'late' || refusal === 'duplicate') {
      // Where nobody is left to miss it, it isn't late either.
      if (this.core.channelsOf(targets).some(({ life }) => life === 'open'))
        return this.#reject(refusal, item, targets);
      refusal = undefined;
    }
    if (refusal === undefined && !overflowing) refusal = this.core.room.refusal(this, ts, targets);
    if (refusal === 'full') return refusal;
    const open = overflowing ? this.core.room.make(this, item, targets) : this.core.room.open(item, targets);
    this.spoken = true;
    // A message for nobody is but a tick: it has no bounded channel to wait for, so it must take no room.
    if (this.core.channelsOf(open).length === 0) this.order.tick(this, [null, ts]);
    else this.order.insert(this, item, open);
    return refusal;
  }

  #tick(item: Clocked<T>): ForwardRefusal | undefined {
    const { spoken } = this;
    // Before anything is delivered on the strength of it, because handlers may send.
    this.spoken = true;
    const refusal = this.order.tick(this, item);
    if (refusal !== undefined) this.spoken = spoken;
    if (refusal === 'duplicate') this.core.duplicates++;
    return refusal;
  }

  #failIfLate(refusal: ForwardRefusal | undefined, item: Clocked<T>): void {
    if (refusal !== 'late' || this.core.latePolicy !== 'error') return;
    this.error(new LateMessageError(this.name, item[1], this.order.clock));
  }

  /** Counts and reports a message that comes too late or again. */
  #reject(refusal: 'late' | 'duplicate', item: Clocked<T>, targets: Targets<T>): ForwardRefusal {
    const { core } = this;
    if (refusal === 'duplicate') core.duplicates++;
    else core.late++;
    if (refusal === 'late' && core.latePolicy === 'divert') {
      core.onLate?.({ source: this.name, value: item[0] as T, ts: item[1], clock: this.order.clock });
    } else if (refusal === 'duplicate' || core.latePolicy === 'drop') {
      core.room.dropAll(item, targets, refusal);
    }
    return refusal;
  }

  /** `next` was given a message beyond the window: the overflow policy of its first receiver decides. */
  #overrun(item: Clocked<T>, targets: Targets<T>): void {
    const policy = this.core.channelsOf(targets)[0]?.overflow ?? 'error';
    if (policy === 'error') {
      this.error(new WindowError(this.name, item[1], this.order.clock, this.order.window));
    } else if (policy === 'drop-oldest' && this.order.makeWay(item[1])) {
      this.next(item);
    } else {
      this.core.room.dropAll(item, targets, 'drop-newest');
    }
  }
}

const NOBODY: readonly never[] = [];
