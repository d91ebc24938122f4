import { promiseOf } from '../admission/waiting-call.js';
import type { Targets } from '../engine.js';
import { ClosedError } from '../../errors/life.js';
import { InvalidMessageError, InvalidTimestampError } from '../../errors/messages.js';
import { isArray } from '../../options/guards.js';
import { NOBODY } from '../membership/audience.js';
import { ALL } from '../route.js';
import type { To } from '../route.js';
import type { Clocked, ForwardRefusal, ForwardResult, Timestamp, WaitOptions } from '../../types.js';
import { ForwardCall } from './forward-call.js';
import type { Inlet } from './inlet.js';
import { StampedSource } from './stamped-source.js';
import { readWaitOptions } from './wait-options.js';

const OK: ForwardResult = { ok: true };

/** A sender of a forwarding dispatcher: how a source hands its items over. */
export class StampedSender<T, I extends object = object> extends StampedSource<T, I> implements Inlet<Clocked<T>> {
  next(item: Clocked<T>): void {
    if (isArray(item) && this.#short(item)) return;
    const targets = this.closed ? NOBODY : this.#examine(item);
    if (this.closed) return this.countRefused(item);
    const { engine, mode } = this;
    engine.begin();
    let refusal = this.submit(item, targets, true);
    if (refusal === 'full') refusal = this.overrun(item, targets);
    if (refusal === 'no-receiver') this.countRefused(item);
    if (refusal !== undefined && mode.latePolicy === 'error' && (refusal === 'late' || refusal === 'ahead')) {
      this.fail(this.refusalError(refusal, item[1], targets));
    }
    engine.end();
  }

  tryForward(value: T | null, ts: Timestamp): ForwardResult {
    const item: Clocked<T> = [value, ts];
    if (this.first === undefined && this.#short(item)) return OK;
    const targets = this.closed ? NOBODY : this.#examine(item);
    if (this.closed) return this.refuse('closed', item);
    this.engine.begin();
    if (this.first !== undefined && this.mode.inOrder && value !== null) return this.refuse('full', item);
    const refusal = this.submit(item, targets, false);
    this.engine.end();
    return refusal === undefined ? OK : this.refuse(refusal, item);
  }

  forward(value: T | null, ts: Timestamp, options?: WaitOptions): Promise<void> {
    return promiseOf((resolve, reject) => {
      const { signal } = readWaitOptions('forward', options);
      if (signal?.aborted === true) {
        reject(signal.reason);
        return undefined;
      }
      const item: Clocked<T> = [value, ts];
      const targets = this.closed ? NOBODY : this.#examine(item);
      if (this.closed) {
        this.countRefused(item);
        reject(new ClosedError('sender', this.name));
        return undefined;
      }
      this.engine.begin();
      const call = new ForwardCall(this, item, targets, resolve, reject);
      call.start(signal);
      this.engine.end();
      return call;
    });
  }

  offer(item: Clocked<T>, decided: () => void): Promise<unknown> | undefined {
    const targets = this.#examine(item);
    if (this.closed) return undefined;
    const { engine } = this;
    engine.begin();
    this.places.release();
    if (item[0] !== null) this.lastTargets = targets;
    if (this.first === undefined || !this.mode.inOrder) {
      const refusal = this.submit(item, targets, false);
      if (refusal !== 'full') {
        if (refusal !== 'no-receiver') decided();
        this.#settleOffer(refusal, item, targets);
        engine.end();
        return undefined;
      }
    }
    return new Promise((resolve, reject) => {
      new ForwardCall(this, item, targets, () => resolve(undefined), reject).startPulled((refusal) => {
        if (refusal !== 'no-receiver') decided();
        this.#settleOffer(refusal, item, targets);
      });
      engine.end();
    });
  }

  clone(name: string): StampedSender<T, I> {
    return this.like(name, this.to);
  }

  toBroadcaster(name = `${this.name}_bcast`): StampedSender<T, I> {
    const broadcaster = this.like(name, ALL);
    this.complete();
    return broadcaster;
  }

  protected like(name: string, to: To<T>): StampedSender<T, I> {
    return new StampedSender(this.mode, name, to, this.options, this);
  }

  /** The short way for a source's next message to its only receiver. */
  #short(item: Clocked<T>): boolean {
    const { only } = this;
    if (only?.life !== 'open' || item[0] === null || typeof item[1] !== 'number') return false;
    this.followUpstream();
    return this.mode.append(this.input, item, only);
  }

  /** Refuses what is no message, and finds out whom it is for; a tick is for nobody. */
  #examine(item: Clocked<T>): Targets<T> {
    if (!isArray(item)) throw new InvalidMessageError(this.name, item);
    const [value, ts] = item;
    if (!Number.isSafeInteger(ts)) throw new InvalidTimestampError(this.name, ts);
    return value === null ? NOBODY : this.targetsOf(value);
  }

  #settleOffer(refusal: ForwardRefusal | undefined, item: Clocked<T>, targets: Targets<T>): void {
    if (refusal === 'no-receiver') this.countRefused(item);
    if ((refusal === 'late' || refusal === 'ahead') && this.mode.latePolicy === 'error') {
      this.fail(this.refusalError(refusal, item[1], targets));
    }
  }
}
