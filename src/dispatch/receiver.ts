import { Observable } from 'rxjs';
import type { Observer, Subscription } from 'rxjs';
import { withProgress } from '../progress/carry.js';
import type { Clocked, Timestamp, WaitOptions } from '../types.js';
import { ChannelProgress } from './channel-progress.js';
import type { Channel, Pull } from './channel.js';
import { ForwardMember } from './forward-member.js';
import { count } from './options.js';
import type { Order } from './order.js';

/** The consumers' side of a channel. */
type Outlet<T> = Pick<
  Channel<T>,
  | 'name'
  | 'seen'
  | 'settled'
  | 'closed'
  | 'take'
  | 'takeMany'
  | 'pull'
  | 'cancel'
  | 'subscribe'
  | 'unsubscribe'
  | 'watch'
  | 'close'
>;

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
  /**
   * Emits this receiver's clock: now, if anything has come yet, and whenever it moves. Takes nothing from the receiver,
   * and ends with it.
   */
  readonly clock$: Observable<Timestamp>;
  readonly #channel: Outlet<T>;
  readonly #order: Pick<Order<T>, 'strict' | 'unique'>;

  /** Receivers come from a dispatcher or from `clockedDispatch()`. */
  constructor(channel: Outlet<T>, order: Pick<Order<T>, 'strict' | 'unique'>) {
    super((subscriber) => {
      // Before anything is emitted, so that a `take(n)` takes no more than n of what has waited.
      subscriber.add(() => channel.unsubscribe(subscriber));
      channel.subscribe(subscriber);
    });
    this.name = channel.name as N;
    this.#channel = channel;
    this.#order = order;
    this.clock$ = new Observable((subscriber) => channel.watch(subscriber));
    withProgress(this, new ChannelProgress(channel, order));
  }

  /** The last timestamp that this receiver has emitted or handed out. */
  get clock(): Timestamp {
    return this.#channel.seen;
  }

  /** The last timestamp at which nothing more can follow here, as far as this receiver has told. */
  get settled(): Timestamp {
    return this.#channel.settled;
  }

  /** Whether nothing will come here any more. */
  get closed(): boolean {
    return this.#channel.closed;
  }

  /** Whether a tick at `ts` means that nothing at `ts` follows either: serialize, sequence, strict sources. */
  get strict(): boolean {
    return this.#order.strict;
  }

  /** Whether no timestamp comes twice here: serialize, sequence. As a source, such a receiver is a strict one. */
  get unique(): boolean {
    return this.#order.unique;
  }

  /** As with any Observable; a sender of a forwarding dispatcher learns whether timestamps can repeat here. */
  override subscribe(
    observerOrNext?: Partial<Observer<Clocked<T>>> | ((value: Clocked<T>) => void) | null,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription {
    if (observerOrNext instanceof ForwardMember) observerOrNext.follow(this);
    if (typeof observerOrNext === 'object' && observerOrNext !== null) return super.subscribe(observerOrNext);
    const [next, onError, onComplete] = [observerOrNext, error, complete].map((handler) => handler ?? undefined);
    return super.subscribe({ next, error: onError, complete: onComplete } as Partial<Observer<Clocked<T>>>);
  }

  /** The next message; else, once, the tick; else `undefined`. Throws what the receiver failed with. */
  tryReceive(): Clocked<T> | undefined {
    return this.#channel.take();
  }

  /** Resolves with the next message or tick, and with `undefined` at the end. */
  async receive(options?: WaitOptions): Promise<Clocked<T> | undefined> {
    if (options?.signal?.aborted) throw options.signal.reason;
    return this.#channel.take() ?? this.#wait(options);
  }

  /** Resolves with all that is there, up to `max` (default: no limit), at least one; with none at the end. */
  async receiveMany(max: number = Infinity, options?: WaitOptions): Promise<Clocked<T>[]> {
    count('max', max, Infinity, 1);
    if (options?.signal?.aborted) throw options.signal.reason;
    const items = this.#channel.takeMany(max);
    if (items.length > 0) return items;
    const item = await this.#wait(options);
    return item === undefined ? [] : [item, ...this.#channel.takeMany(max - 1)];
  }

  /** For `for await`: asks for one more only when the last one has been dealt with. `close`: breaking out closes the receiver. */
  iterate({ close = false }: { readonly close?: boolean } = {}): AsyncIterable<Clocked<T>> {
    return {
      [Symbol.asyncIterator]: (): AsyncIterator<Clocked<T>, undefined> => {
        /** Calls of `next` that wait: leaving gives them up, so that no message goes to nobody. */
        const waiting = new Set<Pull<T>>();
        let left = false;
        return {
          next: async () => {
            const value = left ? undefined : (this.#channel.take() ?? (await this.#wait({}, waiting)));
            return value === undefined ? DONE : { done: false, value };
          },
          return: () => {
            left = true;
            for (const pull of waiting) {
              this.#channel.cancel(pull);
              pull.settle(undefined);
            }
            if (close) this.close();
            return Promise.resolve(DONE);
          },
        };
      },
    };
  }

  /** As `iterate()`: breaking out leaves the receiver open for another consumer. */
  [Symbol.asyncIterator](): AsyncIterator<Clocked<T>, undefined> {
    return this.iterate()[Symbol.asyncIterator]() as AsyncIterator<Clocked<T>, undefined>;
  }

  /** Leaves: drops what waits here, completes its consumers, and frees its senders. */
  close(): void {
    this.#channel.close();
  }

  /**
   * Settles with the next item as soon as there is one, in the same turn, so that nothing is taken in vain; returns how
   * to give up.
   *
   * @internal
   */
  request(pull: Pull<T>): () => void {
    try {
      const item = this.#channel.take();
      if (item === undefined) this.#channel.pull(pull);
      else pull.settle(item);
    } catch (error) {
      pull.fail(error);
    }
    return () => this.#channel.cancel(pull);
  }

  #wait({ signal }: WaitOptions = {}, among?: Set<Pull<T>>): Promise<Clocked<T> | undefined> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        signal?.removeEventListener('abort', aborted);
        among?.delete(pull);
      };
      const aborted = (): void => {
        this.#channel.cancel(pull);
        reject(signal?.reason);
      };
      const pull: Pull<T> = {
        settle: (item) => {
          leave();
          resolve(item);
        },
        fail: (error) => {
          leave();
          reject(error);
        },
      };
      signal?.addEventListener('abort', aborted);
      among?.add(pull);
      this.#channel.pull(pull);
    });
  }
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };
