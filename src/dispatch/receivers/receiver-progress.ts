import type { Effects } from '../effects/effects.js';
import type { Progress, ProgressWaiter } from '../../progress/progress.js';
import type { Queue } from '../queue/queue.js';
import type { Clocked, Timestamp } from '../../types.js';
import { ClockWatch } from './clock-watch.js';
import type { ClockObserver } from './clock-watch.js';
import type { Ending } from './ending.js';
import type { Time } from './host.js';
import type { Leases } from './leases.js';

/** What the progress of a receiver depends on. */
export interface ProgressSide<T> {
  readonly name: string;
  readonly queue: Queue<T>;
  readonly leases: Leases<T>;
  readonly ending: Ending;
  readonly host: { readonly effects: Effects; begin(): void; end(): void };
  /** Who may be told directly has changed. */
  look(): void;
}

/** How far a receiver's consumers are: the last timestamp that they were told, and are done with; and who follows it. */
export class ReceiverProgress<T> implements Progress {
  /** The last timestamp that a consumer was told, once `begun`, and is done with. */
  seen: Timestamp = 0;
  begun = false;
  /** Whether it was told by a tick. */
  ticked = false;
  /** Set once, when the receiver joins. */
  time!: Time;
  readonly #side: ProgressSide<T>;
  #watch: ClockWatch | undefined;

  constructor(side: ProgressSide<T>) {
    this.#side = side;
  }

  get name(): string {
    return this.#side.name;
  }

  get clock(): Timestamp {
    return this.begun ? this.seen : this.time.start;
  }

  /** Nothing at or below follows here: it was told, is settled in the order, and nothing of it waits here. */
  get settled(): Timestamp {
    const { ending, queue } = this.#side;
    if (ending.life === 'ended') return ending.settled;
    if (!this.begun) return this.time.start;
    const readable = queue.items.peek()?.[1] ?? Infinity;
    const unfinished = queue.unfinished > 0 ? this.#side.leases.first : Infinity;
    return Math.min(this.seen, this.time.settled, Math.min(readable, unfinished) - 1);
  }

  get strict(): boolean {
    return this.time.strict;
  }

  get unique(): boolean {
    return this.time.unique;
  }

  /** What may be told of time. */
  get now(): Timestamp {
    return this.#side.ending.at ?? this.time.clock;
  }

  /** Whether anybody follows it. */
  get isWatched(): boolean {
    return this.#watch?.isEmpty === false;
  }

  isBehind(ts: Timestamp): boolean {
    if (this.#side.queue.unfinished > 0) return this.#side.leases.told < ts;
    return this.begun ? this.seen < ts : ts > this.time.start;
  }

  /** A consumer is told of an item; time moves on, unless something before is unfinished. */
  told([value, ts]: Clocked<T>): void {
    if (this.#side.queue.unfinished > 0) this.#side.leases.pass(ts);
    else this.move(ts, value === null);
  }

  move(ts: Timestamp, ticked: boolean): void {
    // What was given back, for whoever comes next, is no news of time.
    if (this.begun && ts < this.seen) return;
    this.see(ts, ticked);
    this.#watch?.moved(ts);
    this.settledMoved();
  }

  /** `move`, where it is known that nobody follows, and that nothing is unfinished. */
  see(ts: Timestamp, ticked: boolean): void {
    this.seen = ts;
    this.begun = true;
    this.ticked = ticked;
  }

  /** More is settled than it was told of by itself. */
  settledMoved(): void {
    this.#watch?.settled(this.settled);
  }

  // -- who follows it

  observeClock(observer: ClockObserver): () => void {
    return this.#follow((watch) => watch.observe(observer, this.begun ? this.clock : undefined));
  }

  whenSettled(ts: Timestamp, waiter: ProgressWaiter): () => void {
    return this.#follow((watch) => watch.wait(ts, waiter));
  }

  #follow(join: (watch: ClockWatch) => () => void): () => void {
    const { host, ending } = this.#side;
    host.begin();
    const leave = join((this.#watch ??= new ClockWatch(host.effects)));
    this.#side.look();
    this.settledMoved();
    if (ending.life === 'ended') host.effects.call(() => this.end());
    host.end();
    return () => {
      leave();
      this.#side.look();
    };
  }

  /** Whoever waits need not wait any longer. */
  giveUp(): void {
    this.#watch?.giveUp();
  }

  /** Tells those who follow it that nothing follows any more. */
  end(): void {
    if (this.#watch === undefined) return;
    if (this.begun) this.#watch.moved(this.seen);
    this.settledMoved();
    const { failure } = this.#side.ending;
    this.#watch.end(failure === undefined ? { failed: false } : { failed: true, error: failure.error });
  }
}
