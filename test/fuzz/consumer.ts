import type { Item } from './library.js';
import type { ReceiverRecord } from './receiver-record.js';
import type { World } from './world.js';

/** What one consumer of a receiver was given, and what must hold for each consumer by itself. */
export class Consumer {
  readonly name: string;
  readonly record: ReceiverRecord;
  /** How it ended, if it has. */
  ended: 'completed' | 'failed' | 'left' | undefined;
  leave: () => void = () => {};
  readonly #world: World;
  readonly #since: number;
  readonly #got = new Set<string>();
  #last = -Infinity;

  constructor(world: World, record: ReceiverRecord, name: string) {
    this.#world = world;
    this.record = record;
    this.name = name;
    this.#since = record.seen;
  }

  /** A subscriber is told. */
  tell(item: Item): void {
    this.#check(item);
    if (!this.record.tell(item, this.#since)) this.#twice(item);
  }

  /** A pull has resolved: when it was decided isn't known, but it was after the call, when so much was settled. */
  pulled(item: Item, settled: number): void {
    this.#check(item);
    const [value, ts] = item;
    if (value === null) return;
    const { delivered, givesBack } = this.record;
    if (this.record.isTaken(value)) this.#twice(item);
    delivered.add(value);
    this.record.returned.delete(value);
    if (ts <= settled && !givesBack) {
      this.#world.fail('settled untrue', `${this.name} got ${value} at ${ts}, though settled at ${settled}`);
    }
  }

  /** As `pulled`, for a message that may be given back. */
  lent(item: Item): void {
    this.#check(item);
    const value = item[0] as string;
    if (this.record.isTaken(value)) this.#twice(item);
    this.record.underWay.add(value);
    this.record.lent.add(value);
    this.record.returned.delete(value);
  }

  #check(item: Item): void {
    const world = this.#world;
    world.checkItem(this.record, item);
    const [value, ts] = item;
    const what = `${this.name} got ${value ?? 'a tick'} at ${ts}`;
    if (this.ended !== undefined) world.fail('after the end', `${what}, though it has ${this.ended}`);
    if (ts < this.#last) world.fail('time back', `${what}, after ${this.#last}`);
    else if (ts === this.#last && value === null) world.fail('tick not new', what);
    else if (ts === this.#last && world.strict) world.fail('repeats', what);
    if (value !== null) {
      if (this.#got.has(value)) this.#twice(item);
      this.#got.add(value);
    }
    this.#last = Math.max(this.#last, ts);
  }

  /** The last timestamp that it was given. */
  get last(): number {
    return this.#last;
  }

  #twice([value, ts]: Item): void {
    this.#world.fail('twice', `${this.name} got ${String(value)} at ${ts}, which was delivered before`);
  }
}
