import type { Timestamp } from '../../index.js';
import type { Entry, EventLog } from '../event-log.js';
import type { Cursors } from './cursors.js';
import type { Feed, FeedOptions, Sent } from './feed.js';
import type { Pages, ReadEntry } from './pages.js';
import { patiently } from './patiently.js';

/**
 * Tells what is new in a log that doesn't push: what was stored here, and what others have appended, which is read.
 *
 *     own       a1 ------ c3 --------
 *     others    --- b2 ------- d4 ---
 *     told      a1 ------ b2 c3 - d4     b is read from the log, in its turn
 */
export class ReadingFeed<T> implements Feed {
  /** The last position that may be told: all cursors at the head are told of it, or are about to be. */
  clock: Timestamp;
  /** The last position that is known to be stored. */
  #known: Timestamp;
  /** Up to here all has its answer that was stored here, and may be told. */
  #due: Timestamp;
  /** Ends when all that is known has been told. */
  #reading: Promise<void> | undefined;
  #unwatch: (() => void) | undefined;
  readonly #log: EventLog;
  readonly pages: Pages;
  readonly #cursors: Cursors<T>;
  readonly #each: boolean;
  readonly #isStoring: () => boolean;

  constructor(log: EventLog, pages: Pages, cursors: Cursors<T>, options: FeedOptions) {
    this.#log = log;
    this.pages = pages;
    this.#cursors = cursors;
    this.clock = this.#known = this.#due = options.last;
    this.#each = options.each;
    this.#isStoring = options.isStoring;
  }

  /** The end of the log, as far as is known here. */
  get head(): Timestamp {
    return Math.max(this.#known, this.#log.last);
  }

  open(): void {
    // What this dispatcher stores itself is told when the store has answered.
    this.#unwatch = this.#log.watch?.((last) => {
      this.#learn(last);
      if (this.#isStoring()) return;
      this.settled();
      // Told, and nothing is new.
      this.#reading ??= this.#look();
    });
  }

  begin(): void {}

  async close(): Promise<void> {
    this.#unwatch?.();
    this.#unwatch = undefined;
    if (this.#reading !== undefined) await patiently(this.#reading);
  }

  /** These were stored here: told at once, unless something of others comes before. */
  stored(entries: readonly Entry[], positions: readonly Timestamp[], sent: readonly Sent[]): void {
    for (let i = 0; i < positions.length; i++) {
      this.#learn(positions[i]!);
      sent[i]!.onTimestamp?.(positions[i]!);
    }
    this.#due = this.#known;
    if (this.#reading !== undefined) return;
    const told: ReadEntry[] = [];
    let end = this.clock;
    for (let i = 0; i < positions.length; i++) {
      const ts = positions[i]!;
      // It was stored before.
      if (ts <= end) continue;
      // Something of others comes before it, or what was stored without an answer: it is read, and then this.
      if (ts !== end + 1) break;
      const entry = this.#asRead(entries[i]!, ts, sent[i]!);
      if (entry === undefined) break;
      told.push(entry);
      end = ts;
    }
    this.#tell(told, end);
  }

  /** Nothing is being stored: what others have appended can be read. */
  settled(): void {
    this.#due = this.#known;
    if (this.#due > this.clock) this.#reading ??= this.#read();
  }

  async #read(): Promise<void> {
    try {
      while (this.clock < this.#due) {
        const { entries, end } = await this.pages.next({ name: 'the log', reads: '*', at: this.clock }, this.#due);
        this.#tell(entries, end);
      }
    } catch {
      // Each cursor finds out by itself, and tells its own consumers.
      this.clock = this.#due;
      this.#cursors.letGo();
    } finally {
      this.#reading = undefined;
    }
  }

  /** A log that is gone tells who watches it, and reading tells why: it must not stop in silence (law 54). */
  async #look(): Promise<void> {
    try {
      await this.pages.look(this.clock);
    } catch (error) {
      this.#cursors.fail(error);
    }
    // What has come meanwhile.
    await this.#read();
  }

  #tell(entries: readonly ReadEntry[], end: Timestamp): void {
    if (end <= this.clock) return;
    this.clock = end;
    this.#cursors.tellAll(entries, end, this.#each);
  }

  #learn(last: Timestamp): void {
    if (last > this.#known) this.#known = last;
  }

  /** Nothing where upcast throws: then it is read, and each cursor finds out by itself. */
  #asRead(entry: Entry, ts: Timestamp, { messages }: Sent): ReadEntry | undefined {
    try {
      return { ts, messages: this.pages.upcast(entry, messages), id: entry.id };
    } catch {
      return undefined;
    }
  }
}
