import { RoomCall, type RoomSeeker } from '../../dispatch/admission/room-call.js';
import type { Engine } from '../../dispatch/engine.js';
import type { Endpoint } from '../../dispatch/receivers/endpoint.js';
import type { Place } from '../../dispatch/modes/ordered-elsewhere.js';
import type { Clocked, Timestamp } from '../../index.js';
import { isFor, type Addressees } from './addressees.js';
import type { Pages, ReadEntry, Reading } from './pages.js';

/** Where a cursor reads, and how far it may. */
export interface CursorSource {
  readonly pages: Pages;
  /** The last position that may be told. */
  readonly clock: Timestamp;
}

/**
 * A receiver's place in the log, and what it may tell of time.
 *
 *     live      what is stored is put into its channel at once
 *     full      the channel is full: it waits for room, with what is left of a page
 *     reading   it reads page after page, until it is at the head, and live again
 */
export class Cursor<T> implements Place<T>, RoomSeeker, Reading {
  readonly name: string;
  readonly reads: Addressees;
  /** Several messages of one entry may come here. */
  readonly unique: boolean;
  readonly strict: boolean;
  start: Timestamp = -Infinity;
  /** Everything up to here is in the channel, or has passed through it. */
  at: Timestamp = -Infinity;
  live = false;
  /** The position before the first message that was dropped, because the receiver was closed. */
  lostFrom: Timestamp = Infinity;
  /** Called when it has ended. */
  onEnd: (() => void) | undefined;
  /** Told the id of each entry that comes here. */
  onId: ((id: string, ts: Timestamp) => void) | undefined;
  endpoint!: Endpoint<T>;
  readonly #engine: Engine<T>;
  readonly #source: CursorSource;
  /** What has not found room yet, and where the cursor is when it has. */
  #items: readonly Clocked<T>[] = NOTHING;
  #next = 0;
  #end: Timestamp = 0;
  #isReading = false;

  constructor(engine: Engine<T>, source: CursorSource, name: string, reads: Addressees) {
    this.#engine = engine;
    this.#source = source;
    this.name = name;
    this.reads = reads;
    this.strict = this.unique = reads !== '*' && reads.length === 1;
  }

  get clock(): Timestamp {
    return this.at;
  }

  get settled(): Timestamp {
    return this.at;
  }

  get isOpen(): boolean {
    return this.endpoint.life === 'open';
  }

  /** How many messages it holds besides its channel. */
  get held(): number {
    return this.#items.length - this.#next;
  }

  begin(from: Timestamp): void {
    this.start = this.at = from;
    this.catchUp();
  }

  /** Takes a message that was just stored; to be called while it is live, within an operation. */
  offer(item: Clocked<T>): void {
    if (this.endpoint.hasRoom) {
      this.endpoint.place(item);
      this.at = item[1];
    } else this.#take([item], item[1]);
  }

  /** As `offer`, for an entry of several messages. */
  offerAll(entry: ReadEntry): void {
    if (this.endpoint.life === 'open') this.#take(itemsOf<T>([entry], this.reads), entry.ts);
  }

  /** Time has passed; to be called while it is live, within an operation. */
  pass(ts: Timestamp): void {
    this.at = ts;
    this.#engine.ticks.passFor(this.endpoint, ts);
  }

  /** Reads the log until it is at the head, or its channel is full. */
  catchUp(): void {
    this.live = false;
    if (!this.#isReading) void this.#read();
  }

  fail(error: unknown): void {
    this.live = false;
    this.#engine.begin();
    this.endpoint.ending.fail(error);
    this.#engine.end();
  }

  /** Puts in what there is room for: true where nothing is left, or it has ended. Runs within an operation. */
  place(): boolean {
    const items = this.#items;
    while (this.isOpen && this.#next < items.length) {
      if (!this.endpoint.hasRoom) return false;
      this.endpoint.place(items[this.#next++] as Clocked<T>);
      const next = items[this.#next];
      this.at = next === undefined ? this.#end : Math.max(this.at, next[1] - 1);
    }
    this.#items = NOTHING;
    this.#next = 0;
    if (this.isOpen) this.pass(this.#end);
    return true;
  }

  /** Once all of it is in the channel, it goes on by itself. */
  roomCame(): boolean {
    if (!this.place()) return false;
    // The store is somebody else's code: it is called when this operation is over.
    this.#engine.effects.call(() => this.catchUp());
    return true;
  }

  #take(items: readonly Clocked<T>[], end: Timestamp): void {
    this.#items = items;
    this.#next = 0;
    this.#end = end;
    if (this.place()) return;
    this.live = false;
    this.#engine.admission.enter(new RoomCall(this, this.#engine.effects), this.endpoint.waiters, undefined);
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    try {
      while (this.isOpen && this.held === 0) {
        // Nothing can be stored between this look and being live.
        if (this.at >= this.#source.clock) {
          this.live = true;
          return;
        }
        const { entries, end } = await this.#source.pages.next(this, this.#source.clock);
        // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it may have ended meanwhile
        if (!this.isOpen) return;
        for (const { id, ts } of entries) if (id !== undefined) this.onId?.(id, ts);
        this.#engine.begin();
        this.#take(itemsOf(entries, this.reads), end);
        this.#engine.end();
      }
    } catch (error) {
      this.fail(error);
    } finally {
      this.#isReading = false;
    }
  }
}

function itemsOf<T>(entries: readonly ReadEntry[], reads: Addressees): readonly Clocked<T>[] {
  const items: Clocked<T>[] = [];
  for (const { messages, ts } of entries) {
    for (const { value, to } of messages) if (isFor(to, reads)) items.push([value as T, ts]);
  }
  return items;
}

const NOTHING: readonly never[] = [];
