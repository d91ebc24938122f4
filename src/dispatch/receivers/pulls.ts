import type { Effects } from '../effects/effects.js';
import type { Queue } from '../queue/queue.js';
import type { Clocked, Timestamp } from '../../types.js';
import { advance } from './consumers.js';
import type { PullRequest, Reader } from './consumers.js';
import type { Leases } from './leases.js';
import type { ReceiverProgress } from './receiver-progress.js';

/** What pulling needs of a receiver's endpoint. */
export interface PullSide<T> extends Pick<ReceiverProgress<T>, 'isBehind' | 'now' | 'told'> {
  readonly queue: Queue<T>;
  readonly leases: Leases<T>;
  readonly life: 'open' | 'draining' | 'ended';
  readonly failure: { readonly error: unknown } | undefined;
  readonly hasSubscribers: boolean;
  /** Whether nothing comes any more, but what was taken and isn't finished. */
  readonly isOver: boolean;
  readonly host: { readonly effects: Effects; begin(): void; end(): void };
  /** A message goes to a consumer for good. */
  taken(item: Clocked<T>): void;
  /** Somebody has begun to wait. */
  wanted(): void;
  /** Nobody waits any more. */
  unwanted(): void;
  /** Messages have left the queue. */
  madeRoom(): void;
}

/** Those who ask a receiver for one item after the other: each item goes to one of them. */
export class Pulls<T> {
  readonly #side: PullSide<T>;
  #waiting: Set<PullRequest<T>> | undefined;

  constructor(side: PullSide<T>) {
    this.#side = side;
  }

  /** How many wait. */
  get size(): number {
    return this.#waiting === undefined ? 0 : this.#waiting.size;
  }

  /** The next item that is committed, or the tick; nothing while there are subscribers. Throws what the receiver failed with. */
  take(reader: Reader): Clocked<T> | undefined {
    const side = this.#side;
    side.host.begin();
    if (side.hasSubscribers) return undefined;
    let item = this.#next(reader);
    if (item !== undefined) side.madeRoom();
    else item = this.#tick(reader);
    side.host.end();
    if (item === undefined && side.life === 'ended' && side.failure !== undefined) throw side.failure.error;
    return item;
  }

  /**
   * All that is there, up to so many: messages first, then what the room lets in, then the tick. Throws what the receiver
   * failed with, where there is nothing else.
   */
  takeMany(reader: Reader, max: number): Clocked<T>[] {
    const items = this.takeMore(reader, max);
    const { life, failure } = this.#side;
    if (items.length === 0 && life === 'ended' && failure !== undefined) throw failure.error;
    return items;
  }

  /** `takeMany` for who has something already: a failure is for the next call. */
  takeMore(reader: Reader, max: number): Clocked<T>[] {
    const side = this.#side;
    side.host.begin();
    const items: Clocked<T>[] = [];
    while (items.length < max && !side.hasSubscribers) {
      const item = this.#next(reader);
      if (item !== undefined) items.push(item);
      else {
        if (items.length > 0) {
          side.madeRoom();
          side.host.end();
          // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- what was just told may have subscribed
          if (side.hasSubscribers) break;
        }
        if (side.queue.items.size > 0) continue;
        const tick = this.#tick(reader);
        if (tick === undefined) break;
        items.push(tick);
      }
    }
    if (items.length > 0) side.madeRoom();
    side.host.end();
    return items;
  }

  /** Waits for the next item. The caller has found none, but what was told as it looked may have brought one. */
  wait(request: PullRequest<T>): void {
    const side = this.#side;
    side.host.begin();
    if (side.life === 'ended') this.#finish(request);
    else if (request.reader.took !== undefined && side.life === 'draining' && side.isOver) this.#finish(request);
    else {
      (this.#waiting ??= new Set()).add(request);
      side.wanted();
      if (!side.hasSubscribers && this.#serve(request)) side.madeRoom();
    }
    side.host.end();
  }

  /** False where the request has its item already, though it may not have been told. */
  cancel(request: PullRequest<T>): boolean {
    if (this.#waiting?.delete(request) !== true) return false;
    if (this.#waiting.size === 0) this.#side.unwanted();
    return true;
  }

  /** A message goes to the first who waits. */
  offer(item: Clocked<T>): boolean {
    const [request] = this.#waiting ?? [];
    if (request === undefined || this.#side.hasSubscribers) return false;
    const own = this.#give(item, request.reader);
    this.#settle(request, own);
    this.#side.madeRoom();
    return true;
  }

  /** Time has passed: the first who is told of ticks learns of it. */
  tick(tick: Clocked<never>): void {
    const side = this.#side;
    const { queue } = side;
    // With bound 0, whoever waits may have been promised the message that is on its way.
    if (this.size === 0 || queue.items.size > 0 || (queue.bound === 0 && queue.load > 0)) return;
    side.told(tick[1]);
    for (const request of this.#waiting ?? []) {
      if (!request.reader.messagesOnly) return this.#settle(request, tick);
    }
  }

  /** Those who wait get what is there: the subscribers have left, or something was given back. */
  resume(): void {
    if (this.#side.hasSubscribers) return;
    for (const request of this.#waiting ?? []) this.#serve(request);
  }

  /** Nothing follows but what was taken: those who take by lease need not wait for themselves. */
  endLeases(): void {
    for (const request of this.#waiting ?? []) {
      if (request.reader.took !== undefined && this.cancel(request)) this.#finish(request);
    }
  }

  /** Nothing follows: whoever waits learns of it, the first one of the last tick. */
  end(at: Timestamp): void {
    const side = this.#side;
    const requests = [...(this.#waiting ?? [])];
    this.#waiting = undefined;
    for (const request of requests) {
      if (!request.reader.messagesOnly && !side.hasSubscribers && side.isBehind(at)) {
        side.told(at);
        side.host.effects.call(() => request.settle([null, at]));
      } else this.#finish(request);
    }
  }

  /** Who waits gets the next item, where there is one. */
  #serve(request: PullRequest<T>): boolean {
    const item = this.#next(request.reader) ?? this.#tick(request.reader);
    if (item === undefined) return false;
    this.#settle(request, item);
    return true;
  }

  /** The next message, without the consequences of the room that it leaves. */
  #next(reader: Reader): Clocked<T> | undefined {
    const side = this.#side;
    const back = side.queue.unfinished > 0 ? side.leases.takeBack(reader) : undefined;
    if (back !== undefined) {
      advance(reader, back);
      return back;
    }
    const item = side.queue.items.shift();
    if (item === undefined) return undefined;
    advance(reader, item);
    return this.#give(item, reader);
  }

  /** A message goes to a reader. */
  #give(item: Clocked<T>, reader: Reader): Clocked<T> {
    if (reader.took === undefined) {
      this.#side.taken(item);
      return item;
    }
    const lease = this.#side.leases.take(item);
    reader.took(lease);
    return lease.item;
  }

  #tick(reader: Reader): Clocked<T> | undefined {
    const side = this.#side;
    const { now } = side;
    if (side.queue.items.size > 0 || !side.isBehind(now)) return undefined;
    const tick: Clocked<T> = [null, now];
    side.told(tick[1]);
    if (reader.messagesOnly) return undefined;
    advance(reader, tick);
    return tick;
  }

  #settle(request: PullRequest<T>, item: Clocked<T>): void {
    this.cancel(request);
    advance(request.reader, item);
    this.#side.host.effects.call(() => request.settle(item));
  }

  #finish(request: PullRequest<T>): void {
    const { failure, host } = this.#side;
    if (failure === undefined) host.effects.call(() => request.settle(undefined));
    else host.effects.call(() => request.fail(failure.error));
  }
}
