/** What is sent: the same for all contenders. */
export interface Order {
  readonly kind: 'order';
  readonly item: string;
  readonly amount: number;
}

const ITEM = 'x'.repeat(120);

export function order(amount: number): Order {
  return { kind: 'order', item: ITEM, amount };
}

/** Messages of a frame. */
export const BATCH = 256;
/** What a log has for those who read it. */
export const STORED = 20_000;

/** What a worker is asked to be. */
export type Part = 'bare port' | 'bare trips' | 'port' | 'sockets' | 'sockets, log of JSON';
