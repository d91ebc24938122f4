import type { Order } from '../messages.js';
import { goLive, showState } from './connection.js';
import { showOrders } from './list.js';

const live = goLive('kitchen');
const sender = live.connection.sender('kitchen', 'desk');

showState(live);
live.orders.subscribe(([orders]) => {
  if (orders !== null)
    showOrders(
      orders.filter(({ ready }) => !ready),
      readyButton,
    );
});

function readyButton({ id, what }: Order): HTMLElement {
  const button = document.createElement('button');
  button.textContent = 'Ready';
  button.setAttribute('aria-label', `${what} is ready`);
  button.addEventListener('click', () => void live.orders.send(sender, { kind: 'ready', id }));
  return button;
}
