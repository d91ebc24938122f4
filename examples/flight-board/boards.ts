import type { Clocked, Timestamp } from 'rxjs-clocked-dispatch';
import type { Flight } from './flights.js';

/** The board that shows every flight. No airport has such a code. */
export const AUDIT = 'audit';

/** A board as a receiver: what it has shown, and how current it knows itself to be. */
export class Board {
  readonly name: string;
  /** The flights, in the order in which they came. */
  readonly shown: Timestamp[] = [];
  /** How often it was told that a flight was for others. */
  ticks = 0;
  /** The last timestamp that it was told, with a flight or by a tick. */
  clock: Timestamp = 0;

  constructor(name: string) {
    this.name = name;
  }

  next = ([flight, ts]: Clocked<Flight>): void => {
    if (flight === null) this.ticks++;
    else this.shown.push(ts);
    this.clock = ts;
  };
}

/** A board for every destination, and the audit. */
export function boardsOf(flights: readonly Flight[]): Board[] {
  const destinations = new Set(flights.map(({ destination }) => destination));
  return [AUDIT, ...destinations].map((name) => new Board(name));
}

/** How many came after one that should have come later. */
export function outOfOrder(order: readonly Timestamp[]): number {
  let reached = 0;
  let count = 0;
  for (const ts of order) {
    if (ts < reached) count++;
    reached = Math.max(reached, ts);
  }
  return count;
}
