import type { Engine } from '../../dispatch/engine.js';
import type { Clocked, Timestamp } from '../../index.js';
import type { Addressees } from './addressees.js';
import type { Cursor } from './cursor.js';
import type { ReadEntry } from './pages.js';

/** All cursors, by the names that they read for. */
export class Cursors<T> {
  readonly list: Set<Cursor<T>> = new Set();
  /** How many there have ever been. */
  joined = 0;
  readonly #ofAll = new Set<Cursor<T>>();
  readonly #byName = new Map<string, Set<Cursor<T>>>();
  readonly #engine: Engine<T>;

  constructor(engine: Engine<T>) {
    this.#engine = engine;
  }

  add(cursor: Cursor<T>): void {
    this.joined++;
    this.list.add(cursor);
    if (cursor.reads === '*') this.#ofAll.add(cursor);
    else {
      for (const name of cursor.reads) {
        const readers = this.#byName.get(name);
        if (readers === undefined) this.#byName.set(name, new Set([cursor]));
        else readers.add(cursor);
      }
    }
  }

  delete(cursor: Cursor<T>): void {
    cursor.live = false;
    this.list.delete(cursor);
    this.#ofAll.delete(cursor);
    if (cursor.reads === '*') return;
    for (const name of cursor.reads) {
      const readers = this.#byName.get(name);
      if (readers?.delete(cursor) === true && readers.size === 0) this.#byName.delete(name);
    }
  }

  /** Whether somebody reads what is for these. */
  reads(to: Addressees): boolean {
    if (this.#ofAll.size > 0) return true;
    return to === '*' ? this.list.size > 0 : to.some((name) => this.#byName.has(name));
  }

  /** What comes next in the log, up to `end`. `each`: time is told with each entry; else once for all of them. */
  tellAll(entries: readonly ReadEntry[], end: Timestamp, each: boolean): void {
    for (const entry of entries) {
      this.tell(entry);
      if (each) this.pass(entry.ts);
    }
    this.pass(end);
  }

  /** An operation of its own for each entry, so that a channel is empty again before the next one. */
  tell({ messages, ts, id }: ReadEntry): void {
    this.#engine.begin();
    if (messages.length === 1) {
      const { value, to } = messages[0]!;
      this.#tellOne([value as T, ts], to, id);
    } else {
      for (const { to } of messages) {
        this.#eachBehind(to, ts, (cursor) => {
          if (id !== undefined) cursor.onId?.(id, ts);
          cursor.offerAll({ messages, ts, id });
        });
      }
    }
    this.#engine.end();
  }

  /** Everybody at the head learns how far it is. */
  pass(ts: Timestamp): void {
    this.#engine.begin();
    for (const cursor of this.list) if (cursor.live && cursor.at < ts) cursor.pass(ts);
    this.#engine.end();
  }

  /** Everybody at the head reads the log by itself. */
  letGo(): void {
    for (const cursor of this.list) if (cursor.live) cursor.catchUp();
  }

  /** Nothing more can be read. */
  fail(error: unknown): void {
    for (const cursor of this.list) cursor.fail(error);
  }

  #tellOne(item: Clocked<T>, to: Addressees, id: string | undefined): void {
    if (to === '*') return this.#offer(this.list, item, id);
    for (let i = 0; i < to.length; i++) {
      const readers = this.#byName.get(to[i]!);
      if (readers !== undefined) this.#offer(readers, item, id);
    }
    if (this.#ofAll.size > 0) this.#offer(this.#ofAll, item, id);
  }

  #offer(cursors: Iterable<Cursor<T>>, item: Clocked<T>, id: string | undefined): void {
    for (const cursor of cursors) {
      if (!cursor.live || cursor.at >= item[1]) continue;
      if (id !== undefined) cursor.onId?.(id, item[1]);
      cursor.offer(item);
    }
  }

  #eachBehind(to: Addressees, ts: Timestamp, tell: (cursor: Cursor<T>) => void): void {
    const among = (cursors: Iterable<Cursor<T>> | undefined): void => {
      for (const cursor of cursors ?? []) if (cursor.live && cursor.at < ts) tell(cursor);
    };
    if (to === '*') return among(this.list);
    for (const name of to) among(this.#byName.get(name));
    among(this.#ofAll);
  }
}
