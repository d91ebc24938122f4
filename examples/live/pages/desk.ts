import { goLive, showState } from './connection.js';
import { showOrders } from './list.js';

const live = goLive('desk');
const sender = live.connection.sender('desk', 'kitchen');
const form = document.querySelector('form')!;
const input = document.querySelector('input')!;

showState(live);
live.orders.subscribe(([orders]) => {
  if (orders !== null) showOrders(orders);
});
form.addEventListener('submit', (event) => {
  event.preventDefault();
  // It is shown at once, also while the server is away: then it waits here, and is sent again.
  void live.orders.send(sender, { kind: 'ordered', id: crypto.randomUUID(), what: input.value });
  input.value = '';
});
