import type { Queue } from '../queue/queue.js';
import type { Clocked, DropReason, Timestamp } from '../../types.js';
import type { Reader } from './consumers.js';
import type { Lease } from './lease.js';
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

  /** A reader took a message, and will say when it is done. It is known by itself: the same tuple may come twice. */
  take([value, ts]: Clocked<T>): Lease<T> {
    const side = this.#side;
    const lease = this.#list.take([value, ts], side.clock);
    side.queue.unfinished++;
    side.look();
    return lease;
  }

  /** The first message that was given back and that this reader may have. */
  takeBack(reader: Reader): Clocked<T> | undefined {
    const lease = this.#list.takeBack(reader);
    if (lease === undefined) return undefined;
    if (reader.took !== undefined) reader.took(lease);
    else this.#finish(lease);
    return lease.item;
  }

  /** The reader is done with a message: it leaves its place, and time may move on. */
  acknowledge(lease: Lease<T>): void {
    const { host } = this.#side;
    host.begin();
    this.#finish(lease);
    host.end();
  }

  /** These go to the next consumer, in order. */
  giveBack(leases: Iterable<Lease<T>>): void {
    const side = this.#side;
    side.host.begin();
    for (const lease of leases) this.#list.giveBack(lease);
    side.givenBack();
    side.host.end();
  }

  /**
   * What a consumer was given for good could not be used: it goes to the next one, as if it had not been; where none can
   * come any more it is dropped.
   */
  putBack(item: Clocked<T>): void {
    const side = this.#side;
    if (item[0] === null) return;
    side.host.begin();
    side.delivered--;
    if (side.life === 'ended') side.drop(item, 'closed');
    else this.giveBack([this.take(item)]);
    side.host.end();
  }

  /** Forgets everything. What is in hand counts as delivered; the rest is returned. */
  clear(): readonly Clocked<T>[] {
    const { givenBack, taken } = this.#list.clear();
    this.#side.delivered += taken;
    this.#side.queue.unfinished = 0;
    return givenBack;
  }

  #finish(lease: Lease<T>): void {
    const side = this.#side;
    if (!this.#list.finish(lease)) return;
    side.delivered++;
    side.queue.unfinished--;
    side.look();
    const { done } = this.#list;
    if (done > side.clock) side.move(done);
    side.finished();
  }
}
