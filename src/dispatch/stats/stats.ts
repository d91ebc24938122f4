import type { Gap, Timestamp } from '../../types.js';

/** What can be known of one source. */
export interface SourceStats {
  /** Its name. */
  readonly name: string;
  /** What it has promised: nothing below will follow. In serialize and sequence mode the clock. */
  readonly promise: Timestamp;
  /** How far its promise is behind the furthest one. */
  readonly lag: number;
  /** Whether it is left out of the frontier because it is silent. */
  readonly idle: boolean;
  /** Messages of its own that wait for their turn. */
  readonly held: number;
  /** Calls of its own that wait. */
  readonly waiting: number;
}

/** What can be known of one receiver. What was meant for it = delivered + dropped + queued + held. */
export interface ReceiverStats {
  /** Its name. */
  readonly name: string;
  /** The last timestamp that a consumer was told, and is done with. */
  readonly clock: Timestamp;
  /** Messages that wait here for a consumer, or that one has taken and not finished. */
  readonly queued: number;
  /** Messages for it that wait for their turn. */
  readonly held: number;
  /** How many messages it may hold. */
  readonly bound: number;
  /** Messages that consumers got. */
  readonly delivered: number;
  /** Messages that it did without, for whatever reason. */
  readonly dropped: number;
  /** `send` and `forward` calls that wait for room here. */
  readonly waiting: number;
}

/** Who holds the others back. */
export interface HeldBy {
  /** The source's name. */
  readonly source: string;
  /** What it has promised. */
  readonly promise: Timestamp;
}

/** What can be known of a mode's order. */
export interface OrderStats {
  /** The least of the promises that count; `null` where no source holds anything back. Else the clock. */
  readonly frontier: Timestamp | null;
  /** Messages that wait for their turn. */
  readonly held: number;
  /** The most that ever waited at once. */
  readonly heldMost: number;
  /** The source that holds the others back, and at what. */
  readonly heldBy: HeldBy | null;
  /** Missing timestamps (sequence mode), in order. */
  readonly gaps: readonly Gap[];
  /** How many missing timestamps were given up. */
  readonly skipped: number;
}

/** A snapshot of a dispatcher, in plain data. What was offered = accepted + refused + late + ahead + duplicates. */
export interface Stats extends OrderStats {
  /** How the dispatcher orders. */
  readonly mode: 'serialize' | 'watermark' | 'sequence';
  /** The last timestamp that was assigned or released. */
  readonly clock: Timestamp;
  /** Messages that were offered, and decided. */
  readonly offered: number;
  /** Messages that were taken in. */
  readonly accepted: number;
  /** Messages that were not: full, given up, closed, or nobody there. */
  readonly refused: number;
  /** Messages below what was already released. */
  readonly late: number;
  /** Messages too far ahead of the other sources. */
  readonly ahead: number;
  /** Messages that came before; in sequence mode ticks as well, as each of them takes a number. */
  readonly duplicates: number;
  /** The sources that haven't left, in the order in which they joined. */
  readonly sources: readonly SourceStats[];
  /** The receivers that haven't ended, in the order in which they joined. */
  readonly receivers: readonly ReceiverStats[];
}
