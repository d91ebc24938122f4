import { promiseOf } from '../admission/waiting-call.js';
import type { Engine, Targets } from '../engine.js';
import { ClosedError, NoReceiverError } from '../../errors/life.js';
import { ClockExhaustedError } from '../../errors/messages.js';
import type { SerialOrder } from '../orders/serial-order.js';
import { NOBODY } from '../membership/audience.js';
import { NOBODY_AWAITS, NOTHING_HELD, firstFull, makeRoom, openOnes } from '../queue/capacity.js';
import type { Delivery } from '../notify/delivery.js';
import type { Endpoint } from '../receivers/endpoint.js';
import { ALL } from '../route.js';
import type { To } from '../route.js';
import type { Clocked, SendResult, Timestamp } from '../../types.js';
import { SenderBase } from './sender-base.js';
import { SendCall } from './send-call.js';
import type { Inlet } from './inlet.js';
import type { Posted, TakesPosts } from './post.js';
import { NO_WAIT_OPTIONS, readWaitOptions } from './wait-options.js';
import type { SendOptions } from './wait-options.js';

/** What senders of a serializing dispatcher share. */
export interface Serializing<T> {
  readonly engine: Engine<T>;
  readonly order: SerialOrder;
  readonly delivery: Delivery<T>;
}

/** A sender of a serializing dispatcher. */
export class SerialSender<T> extends SenderBase<T> implements Inlet<T>, TakesPosts<T> {
  readonly #serializing: Serializing<T>;
  readonly #order: SerialOrder;

  constructor(serializing: Serializing<T>, name: string, to: To<T>, like?: SerialSender<T>) {
    super(serializing.engine, name, to, like);
    this.#serializing = serializing;
    this.#order = serializing.order;
    this.engine.addSender(this, like);
    this.engine.end();
  }

  /** Whether this is a sender of that dispatcher: itself, not a Proxy of one. */
  static isOf<T>(serializing: Serializing<T>, given: unknown): given is SerialSender<T> {
    const object = Object(given) as SerialSender<T>;
    return #serializing in object && object.#serializing === serializing;
  }

  next(value: T): void {
    const { only, engine } = this;
    if (only?.direct !== undefined && value !== null && this.#order.hasNext) {
      if (engine.effects.idle) {
        this.#tell(only, value);
        return;
      }
      if (engine.unsettled === undefined && only.hasRoom) return this.#queue(only, value);
    }
    const targets = this.closed ? NOBODY : this.targetsOf(value);
    if (this.closed) return this.#refused();
    engine.begin();
    this.checkClock();
    this.#publish(value, targets);
  }

  trySend(value: T): SendResult {
    const direct = this.#direct(value);
    if (direct !== undefined) return { ok: true, ts: this.#tell(direct, value) };
    const { engine } = this;
    const targets = this.closed ? NOBODY : this.targetsOf(value);
    if (this.closed) return this.#refuse('closed');
    engine.begin();
    this.checkClock();
    if (this.#mustWait(targets)) return this.#refuse('full');
    const result = this.accept(value, targets);
    engine.end();
    return result;
  }

  send(value: T, options?: SendOptions): Promise<Timestamp> {
    return promiseOf((resolve, reject) => {
      const { engine } = this;
      const settings = readWaitOptions('send', options);
      if (settings.signal?.aborted === true) {
        reject(settings.signal.reason);
        return undefined;
      }
      const targets = this.closed ? [] : this.targetsOf(value);
      if (this.closed) {
        this.#refused();
        reject(new ClosedError('sender', this.name));
        return undefined;
      }
      engine.begin();
      const call = new SendCall(this, value, targets, resolve, reject, settings);
      call.start(settings);
      engine.end();
      return call;
    });
  }

  post(value: T, posted: Posted): void {
    const direct = this.#direct(value);
    if (direct !== undefined) {
      this.#tell(direct, value, posted);
      return;
    }
    const { engine } = this;
    const targets = this.closed ? NOBODY : this.targetsOf(value);
    if (this.closed) {
      this.#refused();
      return posted.refused(new ClosedError('sender', this.name));
    }
    engine.begin();
    this.checkClock();
    if (this.#mustWait(targets)) {
      const onTimestamp = (ts: Timestamp): void => posted.accepted(ts);
      const settings = { signal: undefined, onTimestamp };
      new SendCall(
        this,
        value,
        targets,
        () => undefined,
        (error) => posted.refused(error),
        settings,
      ).start(settings);
      return engine.end();
    }
    const result = this.accept(value, targets);
    if (result.ok) posted.accepted(result.ts);
    engine.end();
    if (!result.ok) posted.refused(this.noReceiver(targets));
  }

  offer(value: T, decided: () => void): Promise<unknown> | undefined {
    const targets = this.targetsOf(value);
    if (this.closed) return undefined;
    const { engine } = this;
    engine.begin();
    this.checkClock();
    this.places.release();
    this.lastTargets = targets;
    if (!this.#mustWait(targets)) {
      if (this.accept(value, targets).ok) decided();
      engine.end();
      return undefined;
    }
    return new Promise((resolve, reject) => {
      new SendCall(this, value, targets, resolve, reject, NO_WAIT_OPTIONS).startPulled(decided);
      engine.end();
    });
  }

  clone(name: string): SerialSender<T> {
    return new SerialSender(this.#serializing, name, this.to, this);
  }

  toBroadcaster(name = `${this.name}_bcast`): SerialSender<T> {
    const broadcaster = new SerialSender(this.#serializing, name, ALL, this);
    this.complete();
    return broadcaster;
  }

  /** Behind earlier calls, or for room. */
  #mustWait(targets: Targets<T>): boolean {
    return this.first !== undefined || this.full(targets) !== undefined;
  }

  /** The first of the targets without room. */
  full(targets: Targets<T>): Endpoint<T> | undefined {
    return firstFull(this.engine.list(targets), NOBODY_AWAITS);
  }

  /** Takes a message in, for which there is room; without ending the operation. */
  accept(value: T, targets: Targets<T>): SendResult {
    const { engine } = this;
    const item: Clocked<T> = [value, this.#order.next()];
    const open = openOnes(engine, targets);
    if (open.length > 0) engine.accounts.accepted++;
    this.#serializing.delivery.place(item, open);
    engine.ticks.pass(item[1], open.length === 1 ? open[0] : undefined);
    return open.length > 0 ? { ok: true, ts: item[1] } : this.#refuse('no-receiver');
  }

  fullForNext(targets: Targets<T>): Endpoint<T> | undefined {
    return this.full(targets);
  }

  noReceiver(targets: Targets<T>): NoReceiverError {
    return new NoReceiverError(this.name, this.namesOf(targets));
  }

  /** By `next`: where there is no room, the overflow policy decides. */
  #publish(value: T, targets: Targets<T>): void {
    const { engine } = this;
    const { delivery } = this.#serializing;
    const item: Clocked<T> = [value, this.#order.next()];
    let open = openOnes(engine, targets);
    if (open.length === 0) engine.accounts.refused++;
    else engine.accounts.accepted++;
    if (open.length > 1 && engine.effects.idle && delivery.tellAll(item, open)) return;
    if (firstFull(open, NOBODY_AWAITS) !== undefined) {
      open = open.filter((to) => to.hasRoom || makeRoom(engine, to, item, NOTHING_HELD, NOBODY_AWAITS));
    }
    delivery.place(item, open);
    engine.ticks.pass(item[1], open.length === 1 ? open[0] : undefined);
    engine.end();
  }

  /** Its only receiver, where a call may take the short way to it. */
  #direct(value: T): Endpoint<T> | undefined {
    const { only, engine, first } = this;
    if (only?.direct === undefined || !engine.effects.idle || first !== undefined) return undefined;
    return value !== null && this.#order.hasNext ? only : undefined;
  }

  /** The short way: nothing is to be told, and the only receiver has one subscriber, which may be told directly. */
  #tell(to: Endpoint<T>, value: T, posted?: Posted): Timestamp {
    const { effects, ticks, accounts } = this.engine;
    const ts = this.#order.next();
    accounts.accepted++;
    effects.idle = false;
    posted?.accepted(ts);
    try {
      to.tell([value, ts]);
      ticks.tell(ts, to);
    } finally {
      effects.finish();
    }
    return ts;
  }

  /** The short way of a handler: the same receiver has room, and what is being told is committed. */
  #queue(to: Endpoint<T>, value: T): void {
    const ts = this.#order.next();
    this.engine.accounts.accepted++;
    to.place([value, ts]);
    this.engine.ticks.pass(ts, to);
  }

  checkClock(): void {
    if (!this.#order.hasNext) throw new ClockExhaustedError(this.name, this.#order.clock);
  }

  #refused(): void {
    this.engine.accounts.refused++;
  }

  #refuse(reason: 'full' | 'closed' | 'no-receiver'): SendResult {
    this.#refused();
    return { ok: false, reason };
  }
}
