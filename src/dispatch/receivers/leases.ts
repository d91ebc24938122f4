import type { Queue } from '../queue/queue.js';
import type { Clocked, DropReason, Timestamp } from '../../types.js';
import type { Reader } from './consumers.js';
import { LeaseList } from './lease-list.js';

/** What leases need of a receiver's endpoint. */
export interface LeaseSide<T> {
  readonly host: { begin(): void; end(): void };
  readonly queue: Queue<T>;
  readonly clock: Timestamp;
  move(ts: Timestamp): void;
  readonly life: 'open' | 'draining' | 'ended';
  delivered: number;
  drop(item: Clocked<T>, reason: DropReason): void;
  /** Who may be told directly has changed. */
  look(): void;
  /** A message has left its place. */
  finished(): void;
  /** Something is there for the next consumer. */
  givenBack(): void;
}

/**
 * Messages that were taken and are not finished (law 38): each keeps its place, and holds the receiver's clock back.
 *
 * What a reader gives back goes, in order, to the next one for whom it is not the past.
 */
export class Leases<T> {
  readonly #side: LeaseSide<T>;
  readonly #list: LeaseList<T> = new LeaseList();

  constructor(side: LeaseSide<T>) {
    this.#side = side;
  }

  /** How many of them somebody has in hand. */
  get taken(): number {
    return this.#list.taken;
  }

  /** The timestamp of the oldest; `Infinity` where there is none. */
  get first(): Timestamp {
    return this.#list.first;
  }

  /** How far time was told to anybody, while something is unfinished. */
  get told(): Timestamp {
    return this.#list.told;
  }

  /** Time was told; the clock follows when what came before is finished. */
  pass(ts: Timestamp): void {
    if (ts > this.#list.told) this.#list.told = ts;
  }

  /** A reader took a message, and will say when it is done. */
  take(item: Clocked<T>): void {
    const side = this.#side;
    this.#list.take(item, side.clock);
    side.queue.unfinished++;
    side.look();
  }

  /** The first message that was given back and that this reader may have. */
  takeBack(reader: Reader): Clocked<T> | undefined {
    const item = this.#list.takeBack(reader);
    if (item !== undefined && !reader.leases) this.#finished();
    return item;
  }

  /** The reader is done with a message: it leaves its place, and time may move on. */
  acknowledge(item: Clocked<T>): void {
    const { host } = this.#side;
    host.begin();
    if (this.#list.finish(item)) this.#finished();
    host.end();
  }

  /** These go to the next consumer, in order. */
  giveBack(items: readonly Clocked<T>[]): void {
    const side = this.#side;
    side.host.begin();
    for (const item of items) this.#list.giveBack(item);
    side.givenBack();
    side.host.end();
  }

  /**
   * What a consumer was given for good could not be used: it goes to the next one, as if it had not been; where none can
   * come any more it is dropped. It is known by itself: the same tuple may be put back twice.
   */
  putBack([value, ts]: Clocked<T>): void {
    const side = this.#side;
    if (value === null) return;
    const own: Clocked<T> = [value, ts];
    side.host.begin();
    side.delivered--;
    if (side.life === 'ended') side.drop(own, 'closed');
    else {
      this.take(own);
      this.giveBack([own]);
    }
    side.host.end();
  }

  /** Forgets everything. What is in hand counts as delivered; the rest is returned. */
  clear(): readonly Clocked<T>[] {
    const { givenBack, taken } = this.#list.clear();
    this.#side.delivered += taken;
    this.#side.queue.unfinished = 0;
    return givenBack;
  }

  #finished(): void {
    const side = this.#side;
    side.delivered++;
    side.queue.unfinished--;
    side.look();
    const { done } = this.#list;
    if (done > side.clock) side.move(done);
    side.finished();
  }
}
