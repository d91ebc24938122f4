/** What goes from the desk to the kitchen. */
export interface Ordered {
  readonly kind: 'ordered';
  /** Chosen by the page, so that a page knows its own orders before they have a place in the log. */
  readonly id: string;
  readonly what: string;
}

/** What goes from the kitchen to the desk. */
export interface Ready {
  readonly kind: 'ready';
  readonly id: string;
}

export type Message = Ordered | Ready;

/** Who gets messages. A page reads both, so that its orders and their state belong to one clock. */
export const NAMES = ['kitchen', 'desk'] as const;

/** An order as the pages show it. */
export interface Order {
  readonly id: string;
  readonly what: string;
  /** Its place in the log; `null` while it is on its way. */
  readonly ts: number | null;
  readonly ready: boolean;
}

/** All orders, in the order of the log. */
export type Orders = readonly Order[];

/** What a message of the log makes of the orders. */
export function apply(orders: Orders, message: Message, ts: number | null): Orders {
  if (message.kind === 'ordered') return [...orders, { id: message.id, what: message.what, ts, ready: false }];
  return orders.map((order) => (order.id === message.id ? { ...order, ready: true } : order));
}
