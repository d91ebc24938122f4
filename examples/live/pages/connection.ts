import { optimistic, type OptimisticView, projection } from 'rxjs-clocked-dispatch';
import { connect, type Connection, socketLine } from 'rxjs-clocked-dispatch/port';
import { apply, type Message, NAMES, type Orders } from '../messages.js';

/** What a page has of the server. */
export interface Live {
  readonly connection: Connection<Message>;
  /** The orders, with those that this page has sent and that aren't stored yet. */
  readonly orders: OptimisticView<Orders, Message>;
}

/** Connects, and reads the log from its beginning: what came before, and what comes from now on, are one. */
export function goLive(name: string): Live {
  const connection = connect<Message>(() => socketLine(new WebSocket(`ws://${location.host}/`)), { maxRetry: 3000 });
  const receiver = connection.receiver(name, { from: 0, addressedTo: NAMES });
  const stored = projection<Message, Orders>(receiver, { initial: [], apply });
  return { connection, orders: optimistic(stored, { apply: (orders, message) => apply(orders, message, null) }) };
}

/** Shows the state of the connection, and how current the page is. */
export function showState({ connection, orders }: Live): void {
  const element = document.querySelector<HTMLElement>('#state')!;
  connection.state$.subscribe(({ state, delay }) => {
    element.dataset.state = state;
    element.textContent =
      state === 'open'
        ? 'connected'
        : state === 'waiting'
          ? `tries again in ${Math.ceil((delay ?? 0) / 1000)} s`
          : state;
  });
  orders.subscribe(([, ts]) => {
    document.querySelector('#clock')!.textContent = `#${ts}`;
  });
}
