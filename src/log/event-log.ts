import type { Timestamp, WaitOptions } from '../types.js';
import type { Codec } from './codec.js';

/** A position together with the log that gave it out: the same number of another log means something else. */
export interface Position {
  /** The `id` of the log. */
  readonly log: string;
  /** The position. */
  readonly ts: Timestamp;
}

/** What a dispatcher stores at one position: the messages of one `send` or of one transaction. */
export interface Entry<T = unknown> {
  /** One message, or all messages of a transaction. */
  readonly messages: readonly Addressed<T>[];
  /** The id that its sender gave it. */
  readonly id?: string;
  /** When it was handed to the store, in milliseconds of the wall clock. For people: nothing is decided by it. */
  readonly at: number;
  /** The sender's own data about it, such as a schema version or a trace. */
  readonly meta?: Readonly<Record<string, unknown>>;
}

/** One message of an entry. */
export interface Addressed<T = unknown> {
  /** The value, as the codec wrote it. */
  readonly value: T;
  /** The receivers that it is for, by name, or all of them. */
  readonly to: readonly string[] | '*';
}

/** A state that was folded from the log, and how much of the log is in it. */
export interface Checkpoint<S = unknown> {
  /** The position of the last entry that is in `state`. */
  readonly ts: Timestamp;
  /** The version of the fold: a state of another version is not comparable. */
  readonly version: number;
  /** The state. */
  readonly state: S;
}

/** Which checkpoint there is, and how much of the log is in it. */
export interface CheckpointName {
  /** The name that it was saved under. */
  readonly name: string;
  /** The position of the last entry that is in its state. */
  readonly ts: Timestamp;
}

/** Options of {@link EventLog.append}. */
export interface AppendOptions {
  /** Refuses to store anything unless this is the last position. */
  readonly expected?: Timestamp | undefined;
  /** One id, or `undefined`, for each entry. An id that was stored before keeps its first position. */
  readonly ids?: readonly (string | undefined)[] | undefined;
}

/** Where a log begins and ends. */
export interface LogHead {
  /** The position before the first entry that can be read. */
  readonly trimmed: Timestamp;
  /** The last position that was ever given out. */
  readonly last: Timestamp;
}

/**
 * The port that every store of events fits: an append-only log whose positions are the timestamps of a dispatcher.
 *
 * A log of one's own is checked against these laws by `describeEventLog` of `rxjs-clocked-dispatch/testing`.
 */
export interface EventLog<E = Entry> {
  /** Identifies the log, and stays the same for its whole life. */
  readonly id: string;
  /** Whether positions are consecutive. A missing position in a dense log is damage (law 43). */
  readonly dense: boolean;
  /** Whether a batch is stored whole or not at all. Where it is not, a prefix of it may be (law 41). */
  readonly atomic: boolean;
  /** How values are written, where a dispatcher is not told otherwise. Default: by `jsonCodec()`. */
  readonly codec?: Codec;
  /** The last position ever given out, also if it was trimmed since, as far as is known here. 0 in a new log. */
  readonly last: Timestamp;
  /** The position before the first entry that can be read, as far as is known here. 0 in a new log. */
  readonly trimmed: Timestamp;

  /** Where the log begins and ends, as the store has it: others may have appended or trimmed. */
  head(): Promise<LogHead>;

  /**
   * Stores entries, in order, and resolves with the position of each.
   *
   * - Law 40: what it resolved with survives a killed process. No position is given twice, also after `trim`.
   * - Law 41: an atomic log stores a batch whole or not at all, any other a prefix of it. Positions ascend, in a dense
   *   log by one.
   * - Law 42: an entry whose id is among the last ids stored (65,536 by default) is not stored again: it gets the
   *   position of the first one, whoever sent it, also within one batch.
   * - Law 44: with `expected`, a log that ends elsewhere refuses with `LogFencedError`, which has both values, and
   *   stores nothing. Entries that were all stored before, by their ids, are answered first.
   * - Law 53: positions become visible in order. Once an entry at `p` was read, none appears at or below `p`.
   *
   * When it rejects, nothing is stored, unless the error says `stored: 'unknown'`. An error without a field `stored`
   * promises less: what may have been stored is counted by `head()`, and nothing of it appears later.
   */
  append(entries: readonly E[], options?: AppendOptions): Promise<readonly Timestamp[]>;

  /**
   * The entries after a position, in order, at most `limit`. None are left out, and fewer than `limit` means that the
   * log ends there. What was trimmed is skipped.
   */
  read(after: Timestamp, limit: number): Promise<readonly (readonly [entry: E, ts: Timestamp])[]>;

  /**
   * For stores that push: everything after a position, and then what is appended. `null` passes a missing position.
   *
   * An iterator with a method `ready(most)`, which returns at most so many that are there already, is taken by the page.
   */
  follow?(after: Timestamp, options?: WaitOptions): AsyncIterable<readonly [entry: E | null, ts: Timestamp]>;

  /** Calls the listener after each append with the last position. Returns a function that stops it. */
  watch?(listener: (last: Timestamp) => void): () => void;

  /** Forgets everything up to a position. `last`, ids and checkpoints stay (laws 40 and 42). */
  trim(upTo: Timestamp): Promise<void>;

  /** The checkpoint of that name, if one was saved. */
  load(name: string): Promise<Checkpoint | undefined>;

  /**
   * Saves a checkpoint, in place of an earlier one.
   *
   * Law 45: it is saved whole or not at all, and never goes backwards. One with a lower version than the saved one, or
   * with the same version and a lower position, is refused with `CheckpointError`.
   */
  save(name: string, checkpoint: Checkpoint): Promise<void>;

  /** All checkpoints, by name, without their states. */
  checkpoints(): Promise<readonly CheckpointName[]>;

  /** Deletes a checkpoint. One that does not exist is ignored. */
  forget(name: string): Promise<void>;

  /**
   * Waits for what is being stored, then lets go of the store. Every later call rejects with `LogClosedError`.
   *
   * Law 54: a store that goes away by itself is opened again and the operation tried once more, or the error is told.
   */
  close(): Promise<void>;
}
