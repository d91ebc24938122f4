import type { Timestamp } from '../../index.js';
import type { Addressed, Entry } from '../event-log.js';
import type { CursorSource } from './cursor.js';

/** What a sender gave along with an entry. */
export interface Sent {
  /** Its messages, as they were sent. */
  readonly messages: readonly Addressed[];
  /** Called with the position, before anybody is told of the entry. */
  readonly onTimestamp: ((ts: Timestamp) => void) | undefined;
}

/** Tells the cursors at the head what is new in the log: what was stored here, and what others have appended. */
export interface Feed extends CursorSource {
  /** The last position that may be told: all cursors at the head are told of it, or are about to be. */
  readonly clock: Timestamp;
  /** The end of the log, as far as is known here. */
  readonly head: Timestamp;
  open(): void;
  /** A cursor has joined. */
  begin(): void;
  /** These were stored here. */
  stored(entries: readonly Entry[], positions: readonly Timestamp[], sent: readonly Sent[]): void;
  /** Nothing is being stored. */
  settled(): void;
  /** Tells what was stored here, and then nothing more. */
  close(): Promise<void>;
}

/** How a feed works. */
export interface FeedOptions {
  /** The end of the log. */
  readonly last: Timestamp;
  /** Time is told with each entry; else once for all that were stored, or came, together. */
  readonly each: boolean;
  /** How many entries are told at once. */
  readonly page: number;
  /** Whether something is being stored here. */
  readonly isStoring: () => boolean;
}
