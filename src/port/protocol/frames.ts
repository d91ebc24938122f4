import type { Timestamp } from '../../types.js';

/** The version of the protocol: both sides say theirs, and only equal ones go on. */
export const VERSION = 1;

/** So many messages go into one frame. */
export const BATCH = 256;

/** Whom a message is for, or a receiver reads for: names, or everybody. */
export type Names = readonly string[] | '*';

/**
 * What is said of an error. `clock`: where the dispatcher is, if that is why; `why`: why something was refused; `bytes`, `most`
 * and `ts`: of a message that is too long for the client.
 */
export interface ErrorFrame {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly clock?: Timestamp | null;
  readonly why?: string;
  readonly bytes?: number;
  readonly most?: number;
  readonly ts?: Timestamp;
}

/** What is said of a message besides its value. */
export interface Extra {
  readonly id?: string;
  readonly meta?: Readonly<Record<string, unknown>>;
}

/** The first frame of the client. */
export interface Hello {
  readonly version: number;
  readonly session: string;
  readonly token?: unknown;
  /** How many bytes a frame may have that the client takes. */
  readonly maxFrame?: number;
}

/** A receiver is asked for. `from`: what it has; `of`: whose timestamps these are. */
export interface Open {
  readonly name: string;
  readonly reads: Names;
  readonly from: Timestamp | null;
  readonly of: string | null;
  readonly credit: number;
  /** Where its past is gone it goes on from now. */
  readonly orNow: boolean;
}

/** A sender joins, for the first time or again. */
export interface Join {
  readonly name: string;
  readonly to: Names;
  /** Known to nobody else: numbers count from 1 for each key. */
  readonly key: string;
  /** The first number that has no answer, and the last that was ever sent. */
  readonly next: number;
  readonly sent: number;
  /** Where the dispatcher was when `next` was sent. */
  readonly since: Timestamp | null;
}

/** The answer to hello. */
export interface Welcome {
  readonly version: number;
  /** Identifies the numbering: the log, or this life of a dispatcher in memory. */
  readonly id: string;
  /** Whether there is a log. */
  readonly log: boolean;
  readonly clock: Timestamp | null;
  /** So many messages of one sender may be without an answer. */
  readonly window: number;
  /** How many bytes a frame may have that the server takes. */
  readonly maxFrame?: number;
}

/** The answer to open. */
export interface Opened {
  readonly from: Timestamp | null;
  readonly unique: boolean;
  readonly strict: boolean;
}

/** The answer to join. */
export interface Joined {
  /** The last number that has arrived. */
  readonly last: number;
  /** Whether it is known what became of those from `next` to `last`. */
  readonly known: boolean;
}

/** What clients say. Receivers and senders are numbered by the client, together. */
export type ClientFrame =
  | readonly ['hello', Hello]
  | readonly ['open', number, Open]
  | readonly ['credit', number, number]
  | readonly ['join', number, Join]
  | readonly ['send', number, first: number, values: readonly unknown[], extras?: readonly (Extra | null)[]]
  | readonly ['close', number]
  | readonly ['ping']
  | readonly ['pong'];

/** What servers say. The id 0 means the line itself. */
export type ServerFrame =
  | readonly ['welcome', Welcome]
  | readonly ['joined', number, Opened | Joined]
  | readonly [
      'items',
      number,
      values: readonly unknown[],
      timestamps: readonly Timestamp[],
      Timestamp,
      Timestamp | null,
    ]
  | readonly ['acks', number, first: number, timestamps: readonly Timestamp[]]
  | readonly ['refused', number, number, ErrorFrame]
  | readonly ['end', number, ErrorFrame | null]
  | readonly ['ping']
  | readonly ['pong'];

/** What cannot be said as a number: a clock that has not begun. */
export function finite(ts: Timestamp): Timestamp | null {
  return ts === -Infinity ? null : ts;
}

/** The other way round. */
export function timeOf(ts: Timestamp | null): Timestamp {
  return ts ?? -Infinity;
}
