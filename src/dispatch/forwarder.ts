import { ClosedError, NoReceiverError } from '../errors/life.js';
import { DuplicateMessageError, LateMessageError } from '../errors/order.js';
import type { Clocked, ForwardRefusal, ForwardResult, Timestamp, WaitOptions } from '../types.js';
import type { Forwarder as Api } from './api.js';
import { ForwardMember } from './forward-member.js';
import type { Targets } from './order.js';
import { ALL } from './route.js';
import type { To } from './route.js';
import { wait } from './waiter.js';

/** A sender of a forwarding dispatcher. */
export class Forwarder<T> extends ForwardMember<T> implements Api<T> {
  tryForward(value: T | null, ts: Timestamp): ForwardResult {
    if (this.closed) {
      this.core.refused++;
      return REFUSED.closed;
    }
    const item: Clocked<T> = [value, ts];
    const refusal = this.submit(item, this.examine(item), false);
    return refusal === undefined ? OK : REFUSED[refusal];
  }

  forward(value: T | null, ts: Timestamp, { signal }: WaitOptions = NO_SIGNAL): Promise<void> {
    try {
      if (signal?.aborted) throw signal.reason;
      if (this.closed) {
        this.core.refused++;
        throw new ClosedError('sender', this.name);
      }
      const item: Clocked<T> = [value, ts];
      const targets = this.examine(item);
      if (this.#attempt(item, targets)) return Promise.resolve();
      return wait(this.core, this, this.core.channelsOf(targets), () => this.#attempt(item, targets), signal).then(
        NOTHING,
      );
    } catch (error) {
      return Promise.reject(error);
    }
  }

  clone(name: string): Forwarder<T> {
    return this.#like(name, this.to);
  }

  toBroadcaster(name = `${this.name}_bcast`): Forwarder<T> {
    const broadcaster = this.#like(name, ALL);
    this.complete();
    return broadcaster;
  }

  #like(name: string, to: To<T>): Forwarder<T> {
    const other = new Forwarder(this.order, name, to, this.options, this);
    if (this.upstream !== undefined) other.follow(this.upstream);
    return other;
  }

  /** True when the message has its place, false when it has to wait. */
  #attempt(item: Clocked<T>, targets: Targets<T>): true | undefined {
    const refusal = this.submit(item, targets, false);
    switch (refusal) {
      case undefined:
        return true;
      case 'full':
        return undefined;
      case 'late':
        throw new LateMessageError(this.name, item[1], this.order.clock);
      case 'duplicate':
        throw new DuplicateMessageError(this.name, item[1], this.order.clock);
      default:
        throw new NoReceiverError(
          this.name,
          targets.map((channel) => channel.name),
        );
    }
  }
}

const NO_SIGNAL: WaitOptions = {};
const NOTHING = (): void => {};
const OK: ForwardResult = { ok: true };
const REFUSED: Record<ForwardRefusal, ForwardResult> = {
  full: { ok: false, reason: 'full' },
  late: { ok: false, reason: 'late' },
  duplicate: { ok: false, reason: 'duplicate' },
  closed: { ok: false, reason: 'closed' },
  'no-receiver': { ok: false, reason: 'no-receiver' },
};
