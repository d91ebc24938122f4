import type { Clocked, Timestamp } from '../../types.js';
import { WatermarkInput } from './watermark-input.js';
import type { Promising } from './watermark-options.js';

/** A message of one source, which all of its receivers share. */
export interface FrontierMessage<T, K extends object> {
  readonly item: Clocked<T>;
  readonly source: FrontierInput<T, K>;
  /** Its number among all messages that came in. */
  readonly arrival: number;
  /** Its number among all that went out, fixed by the receiver that got it first. */
  rank: number | undefined;
  /** How many receivers it is held for. */
  places: number;
}

/** What one receiver knows of a source. */
export type FrontierPart<T, K extends object> = WatermarkInput<T, FrontierMessage<T, K> | undefined>;

/** What the order with a frontier for each receiver knows of one source. */
export class FrontierInput<T = unknown, K extends object = object> {
  /** Whose input it is. */
  readonly owner: object;
  /** Whether it can write to everybody, also to those who come later. */
  readonly everybody: boolean;
  /** Its number in the order of joining. */
  readonly seat: number;
  /** What it has promised of itself, whatever the clocks of its receivers. */
  readonly own: WatermarkInput;
  /** Its inputs at the frontiers of the receivers that it can write to. */
  readonly parts: Map<K, FrontierPart<T, K>> = new Map();
  /** Messages that wait, at each of their receivers; and of these, those that nobody is there for yet. */
  held = 0;
  unclaimed = 0;

  constructor(owner: object, seat: number, everybody: boolean, promising: Promising<WatermarkInput>) {
    this.owner = owner;
    this.seat = seat;
    this.everybody = everybody;
    this.own = new WatermarkInput(owner, { usual: undefined, ...promising }, undefined);
  }

  /** Nothing below will follow, at any of its receivers. */
  get promise(): Timestamp {
    if (this.parts.size === 0) return this.own.promise;
    let least = Infinity;
    for (const { promise } of this.parts.values()) least = Math.min(least, promise);
    return least;
  }

  get disorder(): number {
    return this.own.disorder;
  }

  get strict(): boolean {
    return this.own.strict;
  }

  get silent(): boolean {
    return this.own.silent;
  }

  get gone(): boolean {
    return this.own.gone;
  }

  get spoken(): boolean {
    return this.own.spoken;
  }
}

/** By timestamp; what went out somewhere first, in that order; then by source, then by arrival. */
export function inOrder<T, K extends object>(a: FrontierMessage<T, K>, b: FrontierMessage<T, K>): number {
  if (a.item[1] !== b.item[1]) return a.item[1] - b.item[1];
  if (a.rank !== undefined && b.rank !== undefined) return a.rank - b.rank;
  if (a.rank !== undefined || b.rank !== undefined) return a.rank === undefined ? 1 : -1;
  return a.source.seat - b.source.seat || a.arrival - b.arrival;
}
