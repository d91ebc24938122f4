import type { Order, Orders } from '../messages.js';

/** How an order is, in words. */
export function howIs({ ts, ready }: Order): string {
  return ts === null ? 'on its way' : ready ? 'ready' : 'in the kitchen';
}

/** Shows the orders, the newest first; `action` may add a button to one. */
export function showOrders(orders: Orders, action?: (order: Order) => HTMLElement | undefined): void {
  const items = orders.map((order) => {
    const item = document.createElement('li');
    item.dataset.how = howIs(order);
    const button = action?.(order);
    item.append(
      part('ts', order.ts === null ? '…' : `#${order.ts}`),
      part('what', order.what),
      button ?? part('how', howIs(order)),
    );
    return item;
  });
  document.querySelector('#orders')!.replaceChildren(...items.reverse());
}

function part(name: string, text: string): HTMLElement {
  const element = document.createElement('span');
  element.className = name;
  element.textContent = text;
  return element;
}
