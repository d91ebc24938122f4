import type { Clocked, Timestamp } from '../../types.js';
import type { Reader } from './consumers.js';
import type { Lease } from './lease.js';

/** So many finished ones may stay among the others. */
const SPARE = 16;

/** Messages that were taken and are not finished, in order: some in the hands of a reader, some given back. */
export class LeaseList<T> {
  /** How many are not finished. */
  count = 0;
  /** How far time was told to anybody. */
  told: Timestamp = 0;
  /** By timestamp, then by arrival; behind the first, as many again may be finished. */
  #leases: Lease<T>[] = [];
  #givenBack = 0;
  /** None before this place was given back. */
  #backFrom = 0;

  /** Takes a message under the lease of a reader. */
  take(item: Clocked<T>, clock: Timestamp): Lease<T> {
    const ts = item[1];
    if (this.count === 0) this.told = clock;
    let place = this.#leases.length;
    // What another reader puts back may be older than what is there.
    while (place > 0 && (this.#leases[place - 1] as Lease<T>).item[1] > ts) place--;
    const before = ts > this.told ? this.told : this.#before(ts, place, clock);
    const lease: Lease<T> = { item, before, state: 'taken' };
    if (place === this.#leases.length) this.#leases.push(lease);
    else this.#leases.splice(place, 0, lease);
    this.count++;
    if (ts > this.told) this.told = ts;
    return lease;
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
  takeBack(reader: Reader): Lease<T> | undefined {
    if (this.#givenBack === 0) return undefined;
    while (this.#leases[this.#backFrom]?.state !== 'given back') this.#backFrom++;
    let place = Math.max(this.#backFrom, this.#placeFrom(reader.from));
    while (place < this.#leases.length && this.#leases[place]?.state !== 'given back') place++;
    const lease = this.#leases[place];
    if (lease === undefined) return undefined;
    this.#givenBack--;
    lease.state = 'taken';
    return lease;
  }

  giveBack(lease: Lease<T>): void {
    if (lease.state !== 'taken') return;
    lease.state = 'given back';
    this.#givenBack++;
    this.#backFrom = Math.min(this.#backFrom, this.#placeFrom(lease.item[1]));
  }

  /** The reader is done with a message: false where nobody has it in hand any more. */
  finish(lease: Lease<T>): boolean {
    if (lease.state !== 'taken') return false;
    lease.state = 'finished';
    this.count--;
    let first = 0;
    while (this.#leases[first]?.state === 'finished') first++;
    if (first === 1) this.#leases.shift();
    else if (first > 1) this.#leases.splice(0, first);
    this.#backFrom = Math.max(0, this.#backFrom - first);
    // Behind one that takes long, the others must not pile up.
    if (this.#leases.length > 2 * this.count + SPARE) {
      this.#leases = this.#leases.filter(({ state }) => state !== 'finished');
      this.#backFrom = 0;
    }
    return true;
  }

  /** How far everything is finished. */
  get done(): Timestamp {
    return this.#leases[0]?.before ?? this.told;
  }

  /** Forgets everything; what nobody has in hand is returned, with the number of the others. */
  clear(): { readonly givenBack: readonly Clocked<T>[]; readonly taken: number } {
    const { taken } = this;
    const givenBack = this.#leases.filter(({ state }) => state === 'given back').map(({ item }) => item);
    for (const lease of this.#leases) lease.state = 'finished';
    this.#leases = [];
    this.count = this.#givenBack = this.#backFrom = 0;
    return { givenBack, taken };
  }

  /** Of one that comes behind what was told: how far all is finished once it is the oldest. */
  #before(ts: Timestamp, place: number, clock: Timestamp): Timestamp {
    const previous = this.#leases[place - 1];
    if (previous === undefined) return clock;
    // Of several at one timestamp, each waits for all.
    return previous.item[1] === ts ? previous.before : previous.item[1];
  }

  /** The first place at a timestamp, or behind. */
  #placeFrom(ts: Timestamp): number {
    let place = 0;
    for (let end = this.#leases.length; place < end;) {
      const middle = (place + end) >> 1;
      if ((this.#leases[middle] as Lease<T>).item[1] < ts) place = middle + 1;
      else end = middle;
    }
    return place;
  }
}
