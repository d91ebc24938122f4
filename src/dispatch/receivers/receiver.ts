import { Observable } from 'rxjs';
import type { Observer, Subscriber, Subscription } from 'rxjs';
import { InvalidArgumentError } from '../../errors/inputs.js';
import { count, flag } from '../../options/check.js';
import { isUsable } from '../../options/guards.js';
import { knownOptions } from '../../options/known-options.js';
import { withProgress } from '../../progress/carry.js';
import type { Progress } from '../../progress/progress.js';
import type { Clocked, Timestamp, WaitOptions } from '../../types.js';
import type { DispatcherView } from '../api/view.js';
import { ANYBODY } from './consumers.js';
import type { PullRequest, Reader } from './consumers.js';
import { deliveriesOf } from './deliveries.js';
import type { Delivery } from './deliveries.js';
import type { Endpoint } from './endpoint.js';
import { iterate } from './iterate.js';
import { FOLLOW } from './follow.js';
import type { Follower } from './follow.js';
import { LeaseReader } from './lease-reader.js';
import { readSignal, waitFor } from './wait-for.js';

/**
 * Emits `[value, ts]` for each message of its own and `[null, ts]` when time has passed for others, in order.
 *
 *     sent to ui     a1 ---- b3 ---
 *     sent to log    --- c2 ---- d4
 *     ui             a1 _2 - b3 _4
 *
 * Subscribers share it: each gets every message. Those who pull (`receive`, `for await`) compete: each message goes to
 * one of them, and to none while there are subscribers. What nobody has taken yet waits in its bounded channel.
 */
export class ClockedReceiver<out T, out N extends string = string>
  extends Observable<Clocked<T>>
  implements AsyncIterable<Clocked<T>>
{
  /** Unique among the dispatcher's receivers. */
  readonly name: N;
  readonly #endpoint: Outlet<T>;
  readonly #dispatcher: DispatcherView<unknown>;
  #clock$: Observable<Timestamp> | undefined;

  /** Receivers come from a dispatcher or from `clockedDispatch()`. */
  constructor(endpoint: Outlet<T>, dispatcher: DispatcherView<unknown>) {
    // One function for all receivers: RxJS calls it as a method.
    super(ClockedReceiver.#join);
    this.name = endpoint.name as N;
    this.#endpoint = endpoint;
    this.#dispatcher = dispatcher;
    withProgress(this, endpoint);
  }

  static #join<T>(this: Observable<Clocked<T>>, subscriber: Subscriber<Clocked<T>>): void {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- RxJS calls it on the receiver
    const { subscribers } = (this as ClockedReceiver<T>).#endpoint;
    // Before anything is emitted, so that a `take(n)` takes no more than n of what has waited.
    subscriber.add(() => subscribers.delete(subscriber));
    subscribers.add(subscriber);
  }

  /** Where it comes from, and what there is to watch: `stats()`, `late$`, `gaps$`. */
  get dispatcher(): DispatcherView<unknown> {
    return this.#dispatcher;
  }

  /** Emits this receiver's clock: now, if it has begun, and whenever it moves. Takes nothing, and ends with it. */
  get clock$(): Observable<Timestamp> {
    return (this.#clock$ ??= new Observable((observer) => this.#endpoint.observeClock(observer)));
  }

  /** The last timestamp that a consumer was told, and is done with. */
  get clock(): Timestamp {
    return this.#endpoint.clock;
  }

  /** Nothing at or below it can follow here. */
  get settled(): Timestamp {
    return this.#endpoint.settled;
  }

  /** Whether nothing will come here any more. */
  get closed(): boolean {
    return this.#endpoint.closed;
  }

  /** Whether a tick at `ts` means that nothing at `ts` follows either: serialize, sequence, strict sources. */
  get strict(): boolean {
    return this.#endpoint.strict;
  }

  /** Whether no timestamp comes twice here: serialize, sequence. As a source, such a receiver is a strict one. */
  get unique(): boolean {
    return this.#endpoint.unique;
  }

  /** As with any Observable; a sender of a forwarding dispatcher learns whether timestamps can repeat here. */
  override subscribe(
    observerOrNext?: Partial<Observer<Clocked<T>>> | ((value: Clocked<T>) => void) | null,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription {
    if (!isUsable(observerOrNext)) {
      throw new InvalidArgumentError('subscribe', 'observer', observerOrNext, 'an observer, or a function');
    }
    if (typeof observerOrNext === 'object' && observerOrNext !== null) {
      (observerOrNext as Follower)[FOLLOW]?.(this);
      return super.subscribe(observerOrNext);
    }
    const [next, onError, onComplete] = [observerOrNext, error, complete].map((handler) => handler ?? undefined);
    return super.subscribe({ next, error: onError, complete: onComplete } as Partial<Observer<Clocked<T>>>);
  }

  /** The next message; else, once, the tick; else `undefined`. Throws what the receiver failed with. */
  tryReceive(): Clocked<T> | undefined {
    return this.#endpoint.pulls.take(ANYBODY);
  }

  /** Resolves with the next message or tick, and with `undefined` at the end. */
  async receive(options?: WaitOptions): Promise<Clocked<T> | undefined> {
    const signal = readSignal('receive', options);
    return this.#endpoint.pulls.take(ANYBODY) ?? waitFor(this.#endpoint.pulls, ANYBODY, signal);
  }

  /** Resolves with all that is there, up to `max` (default: no limit), at least one; with none at the end. */
  async receiveMany(max: number = Infinity, options?: WaitOptions): Promise<Clocked<T>[]> {
    const most = count('receiveMany', 'max', max, Infinity, 1);
    const signal = readSignal('receiveMany', options);
    const { pulls } = this.#endpoint;
    const reader: Reader = { ...ANYBODY };
    const items = pulls.takeMany(reader, most);
    if (items.length > 0) return items;
    const item = await waitFor(pulls, reader, signal);
    return item === undefined ? [] : [item, ...pulls.takeMore(reader, most - 1)];
  }

  /** For `for await`: asks for one more only when the last one has been dealt with. `close`: breaking out closes the receiver. */
  iterate(options?: { readonly close?: boolean | undefined }): AsyncIterable<Clocked<T>> {
    const close = flag('iterate', 'close', knownOptions('iterate', options, ['close']).close);
    return iterate(this.#endpoint, close ? () => this.close() : undefined);
  }

  /** As `iterate()`: breaking out leaves the receiver open for another consumer. */
  [Symbol.asyncIterator](): AsyncIterator<Clocked<T>, undefined> {
    return iterate(this.#endpoint, undefined)[Symbol.asyncIterator]() as AsyncIterator<Clocked<T>, undefined>;
  }

  /**
   * Messages only, each until it is acknowledged: what isn't goes back, in order, when the loop ends (at least once).
   * The receiver's clock stays below the oldest message that isn't acknowledged.
   *
   *     for await (const { value, ts, ack } of receiver.deliveries()) { await store(value, ts); ack(); }
   */
  deliveries(): AsyncIterable<Delivery<T>> {
    return deliveriesOf(this.#endpoint);
  }

  /** Leaves: drops what waits here, completes its consumers, and frees its senders. */
  close(): void {
    this.#endpoint.close();
  }

  /**
   * Takes messages that stay unfinished until it says that they are.
   *
   * @internal
   */
  lease(): LeaseReader<T> {
    return new LeaseReader(this.#endpoint, false);
  }

  /**
   * Settles with the next item as soon as there is one, in the same turn where it is there; returns how to give up: false
   * where the request has its item already.
   *
   * @internal
   */
  request(
    reader: Reader,
    settle: (item: Clocked<T> | undefined) => void,
    fail: (error: unknown) => void,
  ): () => boolean {
    const { pulls } = this.#endpoint;
    const request: PullRequest<T> = { reader, settle, fail };
    try {
      const item = pulls.take(reader);
      if (item === undefined) pulls.wait(request);
      else settle(item);
    } catch (error) {
      fail(error);
    }
    return () => pulls.cancel(request);
  }

  /**
   * A message that was taken could not be used: it goes to the next consumer, as if it had not been.
   *
   * @internal
   */
  putBack(item: Clocked<T>): void {
    this.#endpoint.leases.putBack(item);
  }
}

/** The consumers' side of an endpoint. */
type Outlet<T> = Progress & Pick<Endpoint<T>, 'closed' | 'observeClock' | 'pulls' | 'leases' | 'subscribers' | 'close'>;
