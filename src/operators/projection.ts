import { Observable, type Subscriber } from 'rxjs';
import { InvalidOptionError } from '../errors/options.js';
import { knownOptions } from '../options/known-options.js';
import { progressOf, traitsOf, withProgress } from '../progress/carry.js';
import { Followed } from '../progress/follow.js';
import type { ProgressEnd } from '../progress/progress.js';
import type { Clocked, Timestamp } from '../types.js';
import { aStream } from './arguments.js';
import { Audience, finish } from './audience.js';
import { latestOf } from './latest.js';
import { operateClocked } from './operate.js';
import { type NotNull, refuseNull } from './value.js';

/** Options of {@link projection}. */
export interface ProjectionOptions<T, S> {
  /** The state before the first message: in `value` from the beginning on, and told to who subscribes late. */
  readonly initial: S & NotNull;
  /** What a message makes of the state; must not change the state that it is given. */
  readonly apply: (state: S, value: T, ts: Timestamp) => S;
}

/** The state that messages add up to, as of a timestamp. */
export interface Projection<S> extends Observable<Clocked<S>>, AsyncIterable<Clocked<S>> {
  /** The state as it stands. */
  readonly value: S;
  /** As of when: the last timestamp that it was told; before the first, what its receiver's clock reads. */
  readonly clock: Timestamp;
  /** Nothing at or below will change the state any more. */
  readonly settled: Timestamp;
  /** Whether it has ended: closed, or because its receiver has. */
  readonly closed: boolean;
  /** Begins to read, if nobody has subscribed yet. */
  connect(): void;
  /** Stops reading, and completes. The receiver stays open. */
  close(): void;
}

/**
 * The state that a receiver's messages add up to: what a view shows.
 *
 *     receiver   a1 -   _2 b3  |
 *     first      x1 -   _2 y3  |    projection(receiver, { initial: '', apply: append }), x = 'a', y = 'ab'
 *     late          ^x1 _2 y3  |
 *
 * It reads from the first subscriber or `connect()` on, whoever comes and goes, until `close()`. A late subscriber is
 * told the state as it stands, then what follows; `for await` is told the latest state each time. Who subscribes before it
 * was told of any time gets ticks until the first message: `initial` is in `value`. It carries the clock of its receiver:
 * `whenClock`, `alignLatest` and `holdUntil` take it as they take the receiver.
 *
 * Ends as the receiver does. Errors with what `apply` throws, with `NullValueError` when it returns `null`, and with
 * `InvalidMessageError`; the state stays what it was before. Throws `InvalidArgumentError`, `InvalidOptionError` and
 * `UnknownOptionError`.
 */
export function projection<T, S>(receiver: Observable<Clocked<T>>, options: ProjectionOptions<T, S>): Projection<S> {
  const source = aStream('projection', 'receiver', receiver) as Observable<Clocked<T>>;
  const { initial, apply } = knownOptions<ProjectionOptions<T, S>>('projection', options, ['initial', 'apply']);
  if (typeof apply !== 'function') throw new InvalidOptionError('apply', apply, 'a function', 'projection');
  return new FoldedProjection(new Fold(source, refuseNull('projection', initial) as S, apply));
}

/**
 * Under this key a projection takes a state from elsewhere, as of a timestamp, before it reads on from there. A registered
 * symbol, so that it holds across module formats.
 *
 * @internal
 */
export const RESTORE: unique symbol = Symbol.for('rxjs-clocked-dispatch.restore') as never;

/**
 * A projection whose state may come from elsewhere.
 *
 * @internal
 */
export interface RestorableProjection<S> extends Projection<S> {
  [RESTORE](value: S, ts: Timestamp): void;
}

/** The state, and who is told of it. */
class Fold<T, S> {
  value: S;
  closed = false;
  readonly progress: Followed;
  readonly source: Observable<Clocked<T>>;
  readonly #apply: (state: S, value: T, ts: Timestamp) => S;
  readonly #audience: Audience<Clocked<S>> = new Audience();
  #reader: Subscriber<unknown> | undefined;
  /** Nothing is taken any more, though some may have come. */
  #hasStopped = false;
  #end: ProgressEnd | undefined;

  constructor(source: Observable<Clocked<T>>, initial: S, apply: (state: S, value: T, ts: Timestamp) => S) {
    this.source = source;
    this.value = initial;
    this.#apply = apply;
    const traits = traitsOf(source);
    this.progress = new Followed(traits.name ?? 'projection', traits);
  }

  join(subscriber: Subscriber<Clocked<S>>): void {
    this.#audience.now(() => {
      const { clock } = this.progress;
      if (clock > -Infinity) subscriber.next([this.value, clock]);
      if (this.#end !== undefined) finish(subscriber, this.#end);
      else this.#audience.join(subscriber);
    });
    this.connect();
  }

  connect(): void {
    if (this.#reader !== undefined || this.closed) return;
    // A subscriber that takes along what was begun for it, also while it is being subscribed.
    new Observable<never>((reader) => {
      this.#reader = reader;
      const next = (value: T | null, ts: Timestamp): void => this.#audience.inTurn(() => this.#take(value, ts));
      this.source.subscribe(operateClocked(reader, 'projection', { next }));
    }).subscribe({
      error: (error: unknown) => this.#finish({ failed: true, error }),
      complete: () => this.#finish({ failed: false }),
    });
  }

  restore(value: S, ts: Timestamp): void {
    this.#audience.inTurn(() => {
      this.value = value;
      this.progress.see([value, ts], ts);
      this.#audience.tell((member) => member.next([value, ts]));
      this.progress.tell();
    });
  }

  close(): void {
    this.#hasStopped = true;
    this.#reader?.unsubscribe();
    this.#finish({ failed: false });
  }

  #take(value: T | null, ts: Timestamp): void {
    if (this.#hasStopped) return;
    try {
      if (value !== null) this.value = refuseNull('projection', this.#apply(this.value, value, ts), ts);
    } catch (error) {
      this.#hasStopped = true;
      this.#reader?.error(error);
      return;
    }
    const item: Clocked<S> = [value === null ? null : this.value, ts];
    this.progress.see(item, progressOf(this.source)?.settled);
    this.#audience.tell((member) => member.next(item));
    this.progress.tell();
  }

  #finish(end: ProgressEnd): void {
    if (this.closed) return;
    this.closed = true;
    this.#audience.inTurn(() => {
      this.#end = end;
      this.#audience.tell((member) => finish(member, end));
      this.progress.end(end);
    });
  }
}

class FoldedProjection<T, S> extends Observable<Clocked<S>> implements RestorableProjection<S> {
  readonly #fold: Fold<T, S>;

  constructor(fold: Fold<T, S>) {
    super((subscriber) => fold.join(subscriber));
    this.#fold = fold;
    withProgress(this, fold.progress);
  }

  get value(): S {
    return this.#fold.value;
  }

  get clock(): Timestamp {
    const { clock } = this.#fold.progress;
    return clock > -Infinity ? clock : ((this.#fold.source as { readonly clock?: Timestamp }).clock ?? -Infinity);
  }

  get settled(): Timestamp {
    return this.#fold.progress.settled;
  }

  get closed(): boolean {
    return this.#fold.closed;
  }

  connect(): void {
    this.#fold.connect();
  }

  close(): void {
    this.#fold.close();
  }

  [RESTORE](value: S, ts: Timestamp): void {
    this.#fold.restore(value, ts);
  }

  [Symbol.asyncIterator](): AsyncIterator<Clocked<S>, undefined> {
    return latestOf(this);
  }
}
