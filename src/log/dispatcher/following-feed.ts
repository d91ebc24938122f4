import type { Timestamp } from '../../index.js';
import { LogClosedError } from '../errors.js';
import type { Entry, EventLog } from '../event-log.js';
import type { Cursors } from './cursors.js';
import type { Feed, FeedOptions, Sent } from './feed.js';
import { batches } from './batches.js';
import type { Addressees } from './addressees.js';
import { handled } from './handled.js';
import type { Pages, ReadEntry } from './pages.js';
import { patiently } from './patiently.js';

type Item = readonly [entry: Entry | null, ts: Timestamp];

/**
 * Tells what a log pushes. What was stored here comes back with everything else: there is one order, and nobody is told
 * twice.
 *
 *     send      a ------ b -------
 *     answer    ---- 1 ------- 3
 *     pushed    -- a1 -- x2 b3 ---      x is somebody else's
 *
 * It follows from the first receiver on: a dispatcher that only writes reads nothing.
 */
export class FollowingFeed<T> implements Feed {
  clock: Timestamp;
  readonly pages: Pages;
  readonly #log: EventLog;
  readonly #cursors: Cursors<T>;
  readonly #each: boolean;
  readonly #page: number;
  readonly #isStoring: () => boolean;
  /** The last position that was stored here. */
  #own: Timestamp;
  #following: AbortController | undefined;
  #closed = false;
  #onTold: (() => void) | undefined;
  #onSettled: (() => void) | undefined;

  constructor(log: EventLog, pages: Pages, cursors: Cursors<T>, { last, each, page, isStoring }: FeedOptions) {
    this.#log = log;
    this.pages = pages;
    this.#cursors = cursors;
    this.clock = this.#own = last;
    this.#each = each;
    this.#page = page;
    this.#isStoring = isStoring;
  }

  get head(): Timestamp {
    return Math.max(this.clock, this.#own, this.#log.last);
  }

  open(): void {}

  begin(): void {
    if (this.#following !== undefined || this.#closed) return;
    this.#following = new AbortController();
    void this.#follow(this.#following.signal);
  }

  stored(_entries: readonly Entry[], positions: readonly Timestamp[], sent: readonly Sent[]): void {
    for (let i = 0; i < positions.length; i++) {
      const ts = positions[i]!;
      if (ts > this.#own) this.#own = ts;
      sent[i]!.onTimestamp?.(ts);
    }
    // Nobody has to be told.
    if (this.#following === undefined) this.clock = Math.max(this.clock, this.#own);
  }

  settled(): void {
    this.#onSettled?.();
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#following !== undefined && this.clock < this.#own) await this.#toldAll();
    this.#following?.abort();
  }

  async #follow(signal: AbortSignal): Promise<void> {
    let failure: unknown = new LogClosedError();
    try {
      for await (const batch of batches(this.#log.follow!(this.clock, { signal }), this.#page)) await this.#tell(batch);
    } catch (error) {
      failure = error;
    }
    // Whoever is told may open another receiver at once.
    this.#following = undefined;
    if (!signal.aborted) this.#cursors.fail(failure);
    this.#onTold?.();
  }

  async #tell(batch: readonly Item[]): Promise<void> {
    // It may have what is being stored here: that has its answer first (law 37).
    if (this.#isStoring()) await new Promise<void>((resolve) => (this.#onSettled = resolve));
    const end = batch[batch.length - 1]![1];
    let entries: readonly ReadEntry[] | undefined;
    try {
      let decoded = this.#decode(batch);
      while (decoded instanceof Promise) {
        const { joined } = this.#cursors;
        entries = await decoded;
        // Who has joined meanwhile reads, perhaps, what was left out.
        decoded = joined === this.#cursors.joined ? entries : this.#decode(batch);
      }
      entries = decoded;
    } catch {
      // Each cursor finds out by itself, and tells its own consumers.
    }
    if (end <= this.clock) return;
    this.clock = end;
    if (entries === undefined) this.#cursors.letGo();
    else this.#cursors.tellAll(entries, end, this.#each);
    if (end >= this.#own) this.#onTold?.();
  }

  #decode(batch: readonly Item[]): readonly ReadEntry[] | Promise<readonly ReadEntry[]> {
    const isRead = (to: Addressees): boolean => this.#cursors.reads(to);
    const entries: (ReadEntry | undefined)[] = [];
    const late: Promise<unknown>[] = [];
    for (const [entry, ts] of batch) {
      if (entry === null || ts <= this.clock) continue;
      const decoded = this.pages.decode(entry, ts, isRead);
      if (decoded === undefined) continue;
      const i = entries.push(undefined) - 1;
      if (decoded instanceof Promise) late.push(handled(decoded.then((whole) => (entries[i] = whole))));
      else entries[i] = decoded;
    }
    const isThere = (entry: ReadEntry | undefined): entry is ReadEntry => entry !== undefined;
    if (late.length > 0) return Promise.all(late).then(() => entries.filter(isThere));
    return entries as readonly ReadEntry[];
  }

  /** What was stored here has been told, or will not be. */
  #toldAll(): Promise<void> {
    return patiently(new Promise<void>((resolve) => (this.#onTold = resolve)));
  }
}
