import { ClosedError, NoReceiverError } from '../errors.js';
import type { Clocked, SendResult, Timestamp, WaitOptions } from '../types.js';
import type { Sender } from './api.js';
import type { Core } from './core.js';
import { Member } from './member.js';
import type { Targets } from './order.js';
import { ALL } from './route.js';
import type { To } from './route.js';
import type { SerialOrder } from './serial-order.js';
import { wait } from './waiter.js';

/** A sender of a serializing dispatcher. */
export class SerialSender<T> extends Member<T> implements Sender<T> {
  readonly #order: SerialOrder<T>;

  constructor(core: Core<T>, order: SerialOrder<T>, name: string, to: To<T>, like?: Member<T>) {
    super(core, name, to, like);
    this.#order = order;
    core.addMember(this, like);
  }

  next(value: T): void {
    if (this.closed) {
      this.core.refused++;
      return;
    }
    const targets = this.named !== undefined && value !== null ? this.named : this.targetsOf(value);
    if (!this.core.busy) return this.#order.publish(this, value, targets);
    const item: Clocked<T> = [value, this.#order.clock + 1];
    this.#order.enqueue(item, this.core.room.make(this, item, targets));
  }

  trySend(value: T): SendResult {
    if (this.closed) return this.#refuse();
    const targets = this.targetsOf(value);
    switch (this.core.room.refusal(this, this.#order.clock + 1, targets)) {
      case 'full':
        return FULL;
      case 'no-receiver':
        this.core.refused++;
        this.#accept([value, this.#order.clock + 1], targets);
        return NO_RECEIVER;
      default:
        return { ok: true, ts: this.#accept([value, this.#order.clock + 1], targets) };
    }
  }

  send(value: T, { signal }: WaitOptions = NO_SIGNAL): Promise<Timestamp> {
    try {
      if (signal?.aborted) throw signal.reason;
      if (this.closed) {
        this.core.refused++;
        throw new ClosedError('sender', this.name);
      }
      const targets = this.targetsOf(value);
      const ts = this.#attempt(value, targets);
      if (ts !== undefined) return Promise.resolve(ts);
      return wait(this.core, this, this.core.channelsOf(targets), () => this.#attempt(value, targets), signal);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** As `next`, but waits where there is no room. */
  offer(value: T): Promise<unknown> | undefined {
    const targets = this.targetsOf(value);
    const attempt = (): true | undefined => {
      if (this.core.room.refusal(this, this.#order.clock + 1, targets) === 'full') return undefined;
      this.#accept([value, this.#order.clock + 1], targets);
      return true;
    };
    return attempt() ? undefined : wait(this.core, this, this.core.channelsOf(targets), attempt, undefined);
  }

  clone(name: string): SerialSender<T> {
    return new SerialSender(this.core, this.#order, name, this.to, this);
  }

  toBroadcaster(name = `${this.name}_bcast`): SerialSender<T> {
    const broadcaster = new SerialSender(this.core, this.#order, name, ALL, this);
    this.complete();
    return broadcaster;
  }

  #attempt(value: T, targets: Targets<T>): Timestamp | undefined {
    const refusal = this.core.room.refusal(this, this.#order.clock + 1, targets);
    if (refusal === 'full') return undefined;
    const ts = this.#accept([value, this.#order.clock + 1], targets);
    if (refusal === undefined) return ts;
    this.core.refused++;
    throw new NoReceiverError(
      this.name,
      targets.map((channel) => channel.name),
    );
  }

  #accept(item: Clocked<T>, targets: Targets<T>): Timestamp {
    this.#order.accept(item, this.core.room.open(item, targets));
    return item[1];
  }

  #refuse(): SendResult {
    this.core.refused++;
    return CLOSED;
  }
}

const NO_SIGNAL: WaitOptions = {};
const FULL: SendResult = { ok: false, reason: 'full' };
const CLOSED: SendResult = { ok: false, reason: 'closed' };
const NO_RECEIVER: SendResult = { ok: false, reason: 'no-receiver' };
