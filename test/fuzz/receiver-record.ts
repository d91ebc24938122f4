import type { Item, Overflow, Receiver } from './library.js';
import type { World } from './world.js';

interface Entry {
  item: Item | undefined;
  filled: boolean;
  /** What the receiver had said to be settled before. */
  readonly settled: number;
  readonly pulled: boolean;
}

/** What was seen of one receiver, and what must hold for it as a whole, whoever consumes it. */
export class ReceiverRecord {
  readonly id: number;
  readonly name: string;
  readonly receiver: Receiver;
  readonly bound: number;
  readonly overflow: Overflow;
  closedByUs = false;
  /** It failed, or may have. */
  failed = false;
  /** It may have failed at a gap, and nothing that is told says so. */
  mayHaveFailed = false;
  /** Subscribers that listen. */
  subscribers = 0;
  /** Calls that wait for its next item. */
  pulls = 0;
  /** Calls of `tryReceive` that have not returned: what they have got isn't known yet. */
  trying = 0;
  /** The greatest clock and settled timestamp that it has shown. */
  clock = -Infinity;
  settled = -Infinity;
  readonly delivered = new Set<string>();
  /** Given to a consumer of `deliveries()`, and not acknowledged. */
  readonly underWay = new Set<string>();
  /** The loops that wait for more and still have a message: once nothing can come any more, they end, and it goes back. */
  readonly waitingWith = new Map<string, Set<string>>();
  /** Given back by such a consumer, and not taken by another. */
  readonly returned = new Set<string>();
  /** Whatever was ever under way. */
  readonly lent = new Set<string>();
  readonly dropped = new Map<string, number>();
  /** Late here, and diverted. */
  readonly diverted = new Set<string>();
  /** Laws 2 to 4 hold for each consumer by itself, once something may have been given back (law 38). */
  givesBack = false;
  readonly #world: World;
  readonly #entries: Entry[] = [];
  readonly #told = new Map<string, number>();
  #verified = 0;
  #top = -Infinity;
  #equal: string[] = [];

  constructor(world: World, id: number, receiver: Receiver, bound: number, overflow: Overflow) {
    this.#world = world;
    this.id = id;
    this.name = `r${id}`;
    this.receiver = receiver;
    this.bound = bound;
    this.overflow = overflow;
  }

  get seen(): number {
    return this.#entries.length;
  }

  get open(): boolean {
    return !this.closedByUs && !this.failed && !this.receiver.closed;
  }

  /** Whether a message may not be given out: somebody has got it, or has it under way. */
  isTaken(value: string): boolean {
    const loop = this.waitingWith.get(value);
    if (loop !== undefined && (this.failed || this.#world.mayFail || this.#world.dispatcher.closed)) {
      loop.delete(value);
      this.waitingWith.delete(value);
      this.underWay.delete(value);
    }
    return this.delivered.has(value) || this.underWay.has(value);
  }

  /** Clock and settled never go back. */
  observe(): void {
    const { clock, settled } = this.receiver;
    if (clock < this.clock) this.#world.fail('clock back', `${this.name}: ${clock} after ${this.clock}`);
    if (settled < this.settled) this.#world.fail('settled back', `${this.name}: ${settled} after ${this.settled}`);
    this.clock = Math.max(this.clock, clock);
    this.settled = Math.max(this.settled, settled);
  }

  /** Keeps the place of a synchronous pull: what it takes is decided before what is told meanwhile. */
  reserve(): (item: Item | undefined) => void {
    const entry: Entry = { item: undefined, filled: false, settled: this.settled, pulled: true };
    this.#entries.push(entry);
    return (item) => {
      entry.item = item;
      entry.filled = true;
      this.#verify();
    };
  }

  /** A subscriber was told; `since` is how much had been seen when it came. False where it must not get the message. */
  tell(item: Item, since: number): boolean {
    const [value] = item;
    const before = value === null ? undefined : this.#told.get(value);
    if (before !== undefined) return before >= since;
    if (value !== null) {
      if (this.isTaken(value)) return false;
      this.delivered.add(value);
      this.returned.delete(value);
      this.#told.set(value, this.#entries.length);
    }
    this.#entries.push({ item, filled: true, settled: this.settled, pulled: false });
    this.#verify();
    return true;
  }

  #verify(): void {
    for (; this.#entries[this.#verified]?.filled === true; this.#verified++) {
      const { item, settled, pulled } = this.#entries[this.#verified] as Entry;
      if (item !== undefined && !this.givesBack) this.#check(item, settled, pulled);
    }
  }

  #check([value, ts]: Item, settled: number, pulled: boolean): void {
    const what = `${this.name} got ${value ?? 'a tick'} at ${ts}`;
    if (value === null) {
      if (pulled && ts <= this.#top) this.#world.fail('tick not new', `${what}, after ${this.#top}`);
    } else {
      if (ts < this.#top) this.#world.fail('time back', `${what}, after ${this.#top}`);
      else if (ts === this.#top && this.#world.strict) this.#world.fail('repeats', what);
      else if (ts <= settled) this.#world.fail('settled untrue', `${what}, though settled at ${settled}`);
      if (ts > this.#top) this.#equal = [];
      for (const other of this.#equal) this.#world.seeTie(other, value, this.name);
      this.#equal.push(value);
    }
    this.#top = Math.max(this.#top, ts);
  }
}
