import type { Effects } from '../effects/effects.js';
import type { Progress, ProgressWaiter } from '../../progress/progress.js';
import type { Queue } from '../queue/queue.js';
import type { Timestamp } from '../../types.js';
import { ClockWatch } from './clock-watch.js';
import type { ClockObserver } from './clock-watch.js';
import type { Ending } from './ending.js';
import type { Time } from './host.js';
import type { Leases } from './leases.js';

/** How far a receiver's consumers are: the last timestamp that they were told, and are done with; and who follows it. */
export abstract class ReceiverProgress<T> implements Progress {
  /** The last timestamp that a consumer was told, once `begun`, and is done with. */
  seen: Timestamp = 0;
  begun = false;
  /** Set once, when the receiver joins. */
  time!: Time;
  abstract readonly name: string;
  abstract readonly queue: Queue<T>;
  abstract readonly leases: Leases<T>;
  abstract readonly ending: Ending;
  abstract readonly host: { readonly effects: Effects; begin(): void; end(): void };
  #watch: ClockWatch | undefined;

  get clock(): Timestamp {
    return this.begun ? this.seen : this.time.start;
  }

  /** Nothing at or below follows here: it was told, is settled in the order, and nothing of it waits here. */
  get settled(): Timestamp {
    const { ending, queue } = this;
    if (ending.life === 'ended') return ending.settled;
    if (!this.begun) return this.time.start;
    const readable = queue.items.peek()?.[1] ?? Infinity;
    const unfinished = queue.unfinished > 0 ? this.leases.first : Infinity;
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
    return this.ending.at ?? this.time.clock;
  }

  /** Whether anybody follows it. */
  protected get isWatched(): boolean {
    return this.#watch?.isEmpty === false;
  }

  isBehind(ts: Timestamp): boolean {
    return this.queue.unfinished > 0 ? this.leases.told < ts : this.isDoneBefore(ts);
  }

  /** `isBehind`, where it is known that nothing is unfinished. */
  protected isDoneBefore(ts: Timestamp): boolean {
    return this.begun ? this.seen < ts : ts > this.time.start;
  }

  /** A consumer is told of an item; time moves on, unless something before is unfinished. */
  told(ts: Timestamp): void {
    if (this.queue.unfinished > 0) this.leases.pass(ts);
    else this.move(ts);
  }

  move(ts: Timestamp): void {
    // What was given back, for whoever comes next, is no news of time.
    if (this.begun && ts < this.seen) return;
    this.see(ts);
    this.#watch?.moved(ts);
    this.settledMoved();
  }

  /** `move`, where it is known that nobody follows, and that nothing is unfinished. */
  see(ts: Timestamp): void {
    this.seen = ts;
    this.begun = true;
  }

  /** More is settled than it was told of by itself. */
  settledMoved(): void {
    this.#watch?.settled(this.settled);
  }

  /** Who may be told directly has changed. */
  abstract look(): void;

  // -- who follows it

  observeClock(observer: ClockObserver): () => void {
    return this.#follow((watch) => watch.observe(observer, this.begun ? this.clock : undefined));
  }

  whenSettled(ts: Timestamp, waiter: ProgressWaiter): () => void {
    return this.#follow((watch) => watch.wait(ts, waiter));
  }

  #follow(join: (watch: ClockWatch) => () => void): () => void {
    const { host, ending } = this;
    host.begin();
    const leave = join((this.#watch ??= new ClockWatch(host.effects)));
    this.look();
    this.settledMoved();
    if (ending.life === 'ended') host.effects.call(() => this.endFollowers());
    host.end();
    return () => {
      leave();
      this.look();
    };
  }

  /** Whoever waits need not wait any longer. */
  giveUpWaiting(): void {
    this.#watch?.giveUp();
  }

  /** Tells those who follow it that nothing follows any more. */
  protected endFollowers(): void {
    if (this.#watch === undefined) return;
    if (this.begun) this.#watch.moved(this.seen);
    this.settledMoved();
    const { failure } = this.ending;
    this.#watch.end(failure === undefined ? { failed: false } : { failed: true, error: failure.error });
  }
}
