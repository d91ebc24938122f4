import type { Timestamp } from '../../index.js';
import type { Codec } from '../codec.js';
import { isThenable } from '../../options/guards.js';
import { LogPositionError } from '../errors.js';
import type { Addressed, Entry, EventLog } from '../event-log.js';
import { LogDamagedError } from '../store-errors.js';
import { isFor, type Addressees } from './addressees.js';
import { handled } from './handled.js';

/** An entry as receivers see it: its values are decoded. */
export interface ReadEntry {
  readonly ts: Timestamp;
  readonly messages: readonly Addressed[];
  readonly id: string | undefined;
}

/** Part of a log. */
export interface Page {
  /** The entries that have something for whoever reads, with that only. */
  readonly entries: readonly ReadEntry[];
  /** Everything up to here has been read. */
  readonly end: Timestamp;
}

/** Who reads: for whom, and where it is. */
export interface Reading {
  readonly name: string;
  readonly reads: Addressees;
  readonly at: Timestamp;
}

/** Reads a log by pages. */
export class Pages {
  readonly #log: EventLog;
  readonly #codec: Codec;
  readonly #upcast: ((entry: Entry) => Entry) | undefined;
  readonly #size: number;

  constructor(log: EventLog, codec: Codec, upcast: ((entry: Entry) => Entry) | undefined, size: number) {
    this.#log = log;
    this.#codec = codec;
    this.#upcast = upcast;
    this.#size = size;
  }

  /**
   * What comes next for a reader, up to `head`: the log has everything up to there, and what is behind it may be stored here,
   * and have no answer yet.
   *
   * Refuses where something is missing (law 43): what was trimmed, or, in a dense log, any hole.
   */
  async next(reader: Reading, head: Timestamp): Promise<Page> {
    const { at } = reader;
    const read = await this.#read(at);
    let end = at;
    const entries: ReadEntry[] = [];
    const wanted = (to: Addressees): boolean => isFor(to, reader.reads);
    for (const [entry, ts] of read) {
      if (ts > head) break;
      this.#assertNoHole(reader, end, ts - 1);
      end = ts;
      const some = this.decode(entry, ts, wanted);
      const decoded = some instanceof Promise ? await some : some;
      if (decoded !== undefined) entries.push(decoded);
    }
    const isLast = read.length < this.#size || read[read.length - 1]![1] >= head;
    if (!isLast || end >= head) return { entries, end };
    this.#assertNoHole(reader, end, head);
    return { entries, end: head };
  }

  /** Whether the log can be read: rejects with what it says. */
  async look(after: Timestamp): Promise<void> {
    await this.#read(after);
  }

  /** An entry with what is wanted of it; nothing where nothing is. */
  decode(
    entry: Entry,
    ts: Timestamp,
    isWanted: (to: Addressees) => boolean,
  ): ReadEntry | undefined | Promise<ReadEntry | undefined> {
    // One message is what nearly every entry has.
    if (this.#upcast === undefined && entry.messages.length === 1) return this.#decodeOne(entry, ts, isWanted);
    // What is for others is not decoded, unless somebody wants to see whole entries.
    const wanted = this.#upcast === undefined ? entry.messages.filter(({ to }) => isWanted(to)) : entry.messages;
    if (wanted.length === 0) return undefined;
    const values = wanted.map(({ value }) => handled(this.#codec.decode(value)));
    const build = (decoded: readonly unknown[]): ReadEntry | undefined => {
      const messages = wanted.map(({ to }, i) => ({ value: decoded[i], to }));
      if (this.#upcast === undefined) return { ts, messages, id: entry.id };
      const upcast = this.#upcast({ ...entry, messages }).messages.filter(({ to }) => isWanted(to));
      return upcast.length === 0 ? undefined : { ts, messages: upcast, id: entry.id };
    };
    return values.some(isThenable) ? Promise.all(values).then(build) : build(values);
  }

  #decodeOne(
    { messages, id }: Entry,
    ts: Timestamp,
    isWanted: (to: Addressees) => boolean,
  ): ReadEntry | undefined | Promise<ReadEntry> {
    const { value, to } = messages[0]!;
    if (!isWanted(to)) return undefined;
    const decoded = this.#codec.decode(value);
    if (isThenable(decoded))
      return Promise.resolve(decoded).then((late) => ({ ts, messages: [{ value: late, to }], id }));
    return { ts, messages: decoded === value ? messages : [{ value: decoded, to }], id };
  }

  /** The messages of an entry that was just stored, from those that were sent. */
  upcast(entry: Entry, sent: readonly Addressed[]): readonly Addressed[] {
    if (this.#upcast === undefined) return sent;
    return this.#upcast({ ...entry, messages: sent.map(({ value, to }) => ({ value, to })) }).messages;
  }

  /** Reading again changes nothing, so that it is tried once more. */
  #read(after: Timestamp): ReturnType<EventLog['read']> {
    return this.#log.read(after, this.#size).catch(() => this.#log.read(after, this.#size));
  }

  /** Positions up to `to` are passed over. */
  #assertNoHole({ name, at }: Reading, end: Timestamp, to: Timestamp): void {
    if (to <= end) return;
    const { trimmed, last, dense, id } = this.#log;
    if (trimmed > end) throw new LogPositionError(name, at, { trimmed, last });
    if (dense) throw new LogDamagedError(id, end + 1, to);
  }
}
