import type { Clocked, Timestamp } from '../../types.js';
import type { Reader } from './consumers.js';

/** A message that a reader has taken, until it is finished. */
interface Lease<T> {
  readonly item: Clocked<T>;
  /** How far time was told before it was first taken. */
  readonly before: Timestamp;
  state: 'taken' | 'given back' | 'finished';
}

/** Messages that were taken and are not finished, in order: some in the hands of a reader, some given back. */
export class LeaseList<T> {
  /** Messages that are not finished. */
  count = 0;
  /** How far time was told to anybody. */
  told: Timestamp = 0;
  /** By timestamp, then by arrival; the finished ones behind the first are still there. */
  readonly #leases: Lease<T>[] = [];
  #givenBack = 0;
  /** None before this place was given back. */
  #backFrom = 0;

  /** Takes a message under the lease of a reader. */
  take(item: Clocked<T>, clock: Timestamp): void {
    if (this.count === 0) this.told = clock;
    let place = this.#leases.length;
    // What another reader puts back may be older than what is there.
    while (place > 0 && (this.#leases[place - 1] as Lease<T>).item[1] > item[1]) place--;
    const next = this.#leases[place] ?? this.#leases[place - 1];
    // Of several at one timestamp, each waits for all.
    const before = item[1] > this.told ? this.told : (next?.before ?? clock);
    this.#leases.splice(place, 0, { item, before, state: 'taken' });
    this.count++;
    if (item[1] > this.told) this.told = item[1];
  }

  /** How many of them somebody has in hand. */
  get taken(): number {
    return this.count - this.#givenBack;
  }

  /** The timestamp of the oldest; `Infinity` where there is none. */
  get first(): Timestamp {
    return this.#leases[0]?.item[1] ?? Infinity;
  }

  /** The first message that was given back and that this reader may have. */
  takeBack(reader: Reader): Clocked<T> | undefined {
    if (this.#givenBack === 0) return undefined;
    while (this.#leases[this.#backFrom]?.state !== 'given back') this.#backFrom++;
    let place = this.#backFrom;
    const isFor = ({ state, item }: Lease<T>): boolean => state === 'given back' && item[1] >= reader.from;
    while (place < this.#leases.length && !isFor(this.#leases[place] as Lease<T>)) place++;
    const lease = this.#leases[place];
    if (lease === undefined) return undefined;
    this.#givenBack--;
    if (reader.leases) lease.state = 'taken';
    else this.#finish(lease);
    return lease.item;
  }

  /** The reader is done with a message: false where it had given it back, or was done before. */
  finish(item: Clocked<T>): boolean {
    const lease = this.#leases[this.#placeOf(item)];
    if (lease?.state !== 'taken') return false;
    this.#finish(lease);
    return true;
  }

  giveBack(item: Clocked<T>): void {
    const place = this.#placeOf(item);
    const lease = this.#leases[place];
    if (lease?.state !== 'taken') return;
    lease.state = 'given back';
    this.#givenBack++;
    this.#backFrom = Math.min(this.#backFrom, place);
  }

  /** How far everything is finished. */
  get done(): Timestamp {
    return this.count === 0 ? this.told : (this.#leases[0] as Lease<T>).before;
  }

  /** Forgets everything; what nobody has in hand is returned, with the number of the others. */
  clear(): { readonly givenBack: readonly Clocked<T>[]; readonly taken: number } {
    const givenBack = this.#leases.filter(({ state }) => state === 'given back').map(({ item }) => item);
    const taken = this.count - givenBack.length;
    this.#leases.length = this.count = this.#givenBack = this.#backFrom = 0;
    return { givenBack, taken };
  }

  /** Where it is; -1 where it isn't. */
  #placeOf(item: Clocked<T>): number {
    let place = 0;
    for (let end = this.#leases.length; place < end;) {
      const middle = (place + end) >> 1;
      if ((this.#leases[middle] as Lease<T>).item[1] < item[1]) place = middle + 1;
      else end = middle;
    }
    for (; this.#leases[place]?.item[1] === item[1]; place++) if (this.#leases[place]?.item === item) return place;
    return -1;
  }

  #finish(lease: Lease<T>): void {
    lease.state = 'finished';
    this.count--;
    let first = 0;
    while (this.#leases[first]?.state === 'finished') first++;
    if (first === 0) return;
    if (first === 1) this.#leases.shift();
    else this.#leases.splice(0, first);
    this.#backFrom = Math.max(0, this.#backFrom - first);
  }
}
