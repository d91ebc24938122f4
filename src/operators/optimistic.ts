import { Observable, type Subscriber, Subscription } from 'rxjs';
import { InvalidArgumentError } from '../errors/inputs.js';
import { InvalidOptionError } from '../errors/options.js';
import { hasMethods, isUsable } from '../options/guards.js';
import { anyOptions, knownOptions } from '../options/known-options.js';
import { carry, progressOf } from '../progress/carry.js';
import type { ProgressEnd } from '../progress/progress.js';
import { repeating } from '../progress/traits.js';
import type { Clocked, Timestamp, WaitOptions } from '../types.js';
import { aStream } from './arguments.js';
import { Audience, finish } from './audience.js';
import { latestOf } from './latest.js';
import { FOLDED_ID, type KnowsIds, NEW_ID, type TakesIds } from './message-ids.js';
import type { Projection } from './projection.js';
import { refuseNull } from './value.js';

/** Options of {@link optimistic}. */
export interface OptimisticOptions<S, T> {
  /** What a message that is under way makes of the state; must not change the state that it is given. */
  readonly apply: (state: S, value: T) => S;
}

/** What an optimistic view sends by. */
export interface OptimisticSender<T> {
  /** Resolves with the timestamp that the message got. */
  send(value: T, options?: WaitOptions): Promise<Timestamp>;
}

/** Options of one message; they go to the sender. */
export interface OptimisticSendOptions extends WaitOptions {
  /**
   * For senders that store: what is sent again with the same id, after a restart for instance, is stored once, and shown
   * once. Default: a new one.
   */
  readonly id?: string | undefined;
  /** For senders that store: the sender's own data about it, such as a schema version; everything that JSON can say. */
  readonly meta?: Readonly<Record<string, unknown>> | undefined;
}

/** A projection, and what was sent and isn't there yet. */
export interface OptimisticView<S, T> extends Projection<S> {
  /** What was sent and isn't in the projection yet, in the order in which it was sent. */
  readonly pending: readonly T[];
  /**
   * Sends, and shows it at once. Resolves with the timestamp; rejects as the sender does, and takes it back. `options` go
   * to the sender.
   */
  send(sender: OptimisticSender<T>, value: T, options?: OptimisticSendOptions): Promise<Timestamp>;
}

/**
 * The projection with what was sent and isn't there yet.
 *
 *     send         -  b -  c  -
 *     projection   a1 - _2 -  ab3        b was given the timestamp 3
 *     view         x1 y1 _2 z2 z3        x = 'a', y = 'ab', z = 'abc': c is still under way
 *
 * A message that is under way and the real one are never shown both, and never neither: once the projection is at the
 * timestamp that the message was given, the real one stands for it, wherever it has its place. A message that is refused
 * is taken back. Several may be under way; they are applied on top of the projection's state, in order. Over a projection of
 * a log messages are known by their ids, too: what was sent before a restart, and is sent again with its id, shows once.
 *
 * So a state may be told again, changed, at the same timestamp. Otherwise the view is told what the projection is told, and
 * carries its clock: `whenClock` says when the real messages are there. It ends with the projection; `close()` ends the
 * view alone. Errors with what `apply` throws; `send` rejects with it at once, and sends nothing. Throws
 * `InvalidArgumentError`, `InvalidOptionError` and `UnknownOptionError`.
 */
export function optimistic<S, T>(projection: Projection<S>, options: OptimisticOptions<S, T>): OptimisticView<S, T> {
  const hasClock = progressOf(aStream('optimistic', 'projection', projection)) !== undefined;
  // A receiver has a clock, too, but no state.
  if (!hasClock || !hasMethods(projection, ['connect', 'close'])) {
    throw new InvalidArgumentError('optimistic', 'projection', projection, 'what projection() returned');
  }
  const { apply } = knownOptions<OptimisticOptions<S, T>>('optimistic', options, ['apply']);
  if (typeof apply !== 'function') throw new InvalidOptionError('apply', apply, 'a function', 'optimistic');
  return new PendingView(new Pending(projection, apply));
}

/** A message that is under way. */
interface UnderWay<T> {
  readonly value: T;
  readonly id: string | undefined;
  /** What the sender gave it, as soon as it is known. */
  ts: Timestamp | undefined;
  /** How many calls send it that were not refused: with an id it may be sent again. */
  calls: number;
}

/** What is under way, on top of the projection, and who is told. */
class Pending<S, T> {
  closed = false;
  readonly base: Projection<S>;
  readonly #apply: (state: S, value: T) => S;
  readonly #audience: Audience<Clocked<S>> = new Audience();
  readonly #sent = new Set<UnderWay<T>>();
  #subscription: Subscription | undefined;
  #end: ProgressEnd | undefined;

  constructor(base: Projection<S>, apply: (state: S, value: T) => S) {
    this.base = base;
    this.#apply = apply;
  }

  /** What the projection doesn't have yet: worked out anew each time, so that it is right whoever is told first. */
  get pending(): readonly T[] {
    return [...this.#sent].filter((sent) => !this.#isThere(sent)).map(({ value }) => value);
  }

  get value(): S {
    return this.pending.reduce((state, value) => refuseNull('optimistic', this.#apply(state, value)), this.base.value);
  }

  join(subscriber: Subscriber<Clocked<S>>): void {
    this.#audience.now(() => {
      const hasBegun = (progressOf(this.base)?.clock ?? -Infinity) > -Infinity || this.#sent.size > 0;
      if (this.#subscription !== undefined && hasBegun)
        this.#tellState((item) => subscriber.next(item), this.base.clock);
      if (this.#end !== undefined) finish(subscriber, this.#end);
      else this.#audience.join(subscriber);
    });
    this.connect();
  }

  connect(): void {
    if (this.#subscription !== undefined || this.closed) return;
    // Known before it begins: whoever is told at once may subscribe, or close.
    this.#subscription = new Subscription();
    this.#subscription.add(
      this.base.subscribe({
        next: ([value, ts]) => this.#audience.inTurn(() => this.#follow(value === null, ts)),
        error: (error: unknown) => this.#audience.inTurn(() => this.finish({ failed: true, error })),
        complete: () => this.#audience.inTurn(() => this.finish({ failed: false })),
      }),
    );
  }

  async send(sender: OptimisticSender<T>, value: T, options: OptimisticSendOptions | undefined): Promise<Timestamp> {
    const given = anyOptions('send', options);
    if (!isUsable(sender) || typeof (sender as Partial<OptimisticSender<T>> | null | undefined)?.send !== 'function') {
      throw new InvalidArgumentError('send', 'sender', sender, 'a sender of a serializing dispatcher');
    }
    refuseNull('optimistic', this.#apply(this.value, value));
    this.connect();
    const id = options?.id ?? (sender as TakesIds)[NEW_ID]?.();
    const sent = this.#underWay(value, id);
    sent.calls++;
    this.#show();
    // A sender that knows `onTimestamp` calls it before anybody is told the message.
    const onTimestamp = (ts: Timestamp): void => {
      sent.ts = ts;
    };
    let ts: Timestamp;
    try {
      ts = sent.ts = await sender.send(value, {
        ...given,
        ...(id !== undefined && { id }),
        onTimestamp,
      } as WaitOptions);
    } catch (error) {
      if (--sent.calls === 0) this.#sent.delete(sent);
      this.#show();
      throw error;
    }
    if (this.#prune()) this.#show();
    return ts;
  }

  finish(end: ProgressEnd): void {
    if (this.closed) return;
    this.closed = true;
    this.#subscription?.unsubscribe();
    this.#audience.inTurn(() => {
      this.#end = end;
      this.#audience.tell((member) => finish(member, end));
    });
  }

  /** What is under way with this id is shown already. */
  #underWay(value: T, id: string | undefined): UnderWay<T> {
    const same = id === undefined ? undefined : [...this.#sent].find((other) => other.id === id);
    const sent = same ?? { value, id, ts: undefined, calls: 0 };
    this.#sent.add(sent);
    return sent;
  }

  #follow(isTick: boolean, ts: Timestamp): void {
    // Where the projection has gone on meanwhile, its state is told in a later turn.
    if (this.closed || ts < this.base.clock) return;
    if (this.#prune() || !isTick) this.#tellAll(ts);
    else this.#audience.tell((member) => member.next([null, ts]));
  }

  /** Tells the state again, at the timestamp where the projection stands; nothing where no time has begun. */
  #show(): void {
    this.#audience.inTurn(() => {
      if (!this.closed && this.base.clock > -Infinity) this.#tellAll(this.base.clock);
    });
  }

  #tellAll(ts: Timestamp): void {
    this.#tellState((item) => this.#audience.tell((member) => member.next(item)), ts);
  }

  #tellState(tell: (item: Clocked<S>) => void, ts: Timestamp): void {
    let item: Clocked<S>;
    try {
      item = [this.value, ts];
    } catch (error) {
      return this.finish({ failed: true, error });
    }
    tell(item);
  }

  /** Lets go of what the projection has by now; true where there was any. */
  #prune(): boolean {
    const before = this.#sent.size;
    for (const sent of this.#sent) if (this.#isThere(sent)) this.#sent.delete(sent);
    return this.#sent.size < before;
  }

  /** Whether the projection has the real one: by its timestamp, or by its id where no answer has come. */
  #isThere({ ts, id }: UnderWay<T>): boolean {
    const at = ts ?? (id === undefined ? undefined : (this.base as KnowsIds)[FOLDED_ID]?.(id));
    return at !== undefined && at <= this.base.clock;
  }
}

class PendingView<S, T> extends Observable<Clocked<S>> implements OptimisticView<S, T> {
  readonly #pending: Pending<S, T>;

  constructor(pending: Pending<S, T>) {
    super((subscriber) => pending.join(subscriber));
    this.#pending = pending;
    carry(pending.base, this, repeating(pending.base));
  }

  get pending(): readonly T[] {
    return this.#pending.pending;
  }

  get value(): S {
    return this.#pending.value;
  }

  get clock(): Timestamp {
    return this.#pending.base.clock;
  }

  get settled(): Timestamp {
    return this.#pending.base.settled;
  }

  get closed(): boolean {
    return this.#pending.closed;
  }

  send(sender: OptimisticSender<T>, value: T, options?: OptimisticSendOptions): Promise<Timestamp> {
    return this.#pending.send(sender, value, options);
  }

  connect(): void {
    this.#pending.connect();
  }

  close(): void {
    this.#pending.finish({ failed: false });
  }

  [Symbol.asyncIterator](): AsyncIterator<Clocked<S>, undefined> {
    return latestOf(this);
  }
}
