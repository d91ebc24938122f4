import { ClosedError, NoReceiverError } from '../errors/life.js';
import type { SendResult, Timestamp, WaitOptions } from '../types.js';
import type { Sender } from './api.js';
import type { Targets } from './order.js';
import { ALL } from './route.js';
import { SerialMember } from './serial-member.js';
import { wait } from './waiter.js';

/** A sender of a serializing dispatcher. */
export class SerialSender<T> extends SerialMember<T> implements Sender<T> {
  trySend(value: T): SendResult {
    if (this.closed) return this.#refuse();
    const targets = this.targetsOf(value);
    switch (this.core.room.refusal(this, this.order.clock + 1, targets)) {
      case 'full':
        return FULL;
      case 'no-receiver':
        this.core.refused++;
        this.accept(value, targets);
        return NO_RECEIVER;
      default:
        return { ok: true, ts: this.accept(value, targets) };
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

  clone(name: string): SerialSender<T> {
    return new SerialSender(this.order, name, this.to, this);
  }

  toBroadcaster(name = `${this.name}_bcast`): SerialSender<T> {
    const broadcaster = new SerialSender(this.order, name, ALL, this);
    this.complete();
    return broadcaster;
  }

  #attempt(value: T, targets: Targets<T>): Timestamp | undefined {
    const refusal = this.core.room.refusal(this, this.order.clock + 1, targets);
    if (refusal === 'full') return undefined;
    const ts = this.accept(value, targets);
    if (refusal === undefined) return ts;
    this.core.refused++;
    throw new NoReceiverError(
      this.name,
      targets.map((channel) => channel.name),
    );
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
