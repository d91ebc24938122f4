import type { Timestamp } from 'rxjs-clocked-dispatch';

/** What the writers tell: so many pieces of something came, or went. */
export interface Movement {
  readonly desk: string;
  /** Counted by each desk for itself, from 1 on. */
  readonly n: number;
  readonly item: string;
  readonly pieces: number;
}

/** How many pieces there are of each item. */
export type Stock = Readonly<Record<string, number>>;

/** Where movements go. */
export const STOCK = 'stock';
export const DESKS = ['north', 'south', 'harbour'] as const;
export const ITEMS = ['bolts', 'nuts', 'screws', 'washers'] as const;

export const EMPTY: Stock = {};

/** The fold: the same in the process that keeps the projection, and in each page. */
export function move(stock: Stock, { item, pieces }: Movement): Stock {
  return { ...stock, [item]: (stock[item] ?? 0) + pieces };
}

/** What a page begins with: the stock as of a timestamp, and what log that is one of. */
export interface Snapshot {
  readonly log: string;
  readonly ts: Timestamp;
  readonly stock: Stock;
}
