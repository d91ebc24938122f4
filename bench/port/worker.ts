// The other side of each contender, in a thread of its own. What it does it is told by messages on `control`.
import type { AddressInfo } from 'node:net';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { createDispatcher, type Sender, serialize } from 'rxjs-clocked-dispatch';
import { type Codec, jsonCodec, memoryLog, openDispatcher } from 'rxjs-clocked-dispatch/log';
import { portLine, serve, socketLine } from 'rxjs-clocked-dispatch/port';
import { type WebSocket, WebSocketServer } from 'ws';
import { BATCH, order, type Order, type Part, STORED } from './order.js';

const { part, control } = workerData as { readonly part: Part; readonly control: MessagePort };
const port = parentPort!;

const parts: Record<Part, () => unknown> = {
  /** Posts as many messages as it is told, one by one. */
  'bare port': () =>
    control.on('message', (count: number) => {
      for (let i = 1; i <= count; i++) port.postMessage([order(i), i]);
    }),

  /** Answers each batch with positions. */
  'bare trips': () => {
    let ts = 0;
    port.on('message', (batch: readonly Order[]) => port.postMessage(batch.map(() => ++ts)));
  },

  /** A dispatcher in memory, that sends as many messages as it is told. */
  port: () => {
    const dispatcher = createDispatcher<Order>(serialize());
    serve(dispatcher).accept(portLine(port));
    let sender: Sender<Order> | undefined;
    control.on('message', (count: number) => {
      void (async () => {
        // A dispatcher in memory knows its receivers when they have been opened.
        while (!dispatcher.stats().receivers.some(({ name }) => name === 'board')) await new Promise(setImmediate);
        sender ??= dispatcher.sender('orders', 'board');
        for (let i = 1; i <= count; i++) {
          if (!sender.trySend(order(i)).ok) await sender.send(order(i));
        }
      })();
    });
    // So that there is somebody to send to.
    dispatcher.receiver('sink').subscribe();
  },

  /** A log over WebSockets; and, at /bare, frames of bare JSON. The log keeps values as they are: it is the line that is measured. */
  sockets: () => serveLog({ name: 'as is', encode: (value) => value, decode: (value) => value }),
  'sockets, log of JSON': () => serveLog(jsonCodec()),
};
await parts[part]();
if (!part.startsWith('sockets')) control.postMessage('ready');

async function serveLog(codec: Codec): Promise<void> {
  const log = memoryLog();
  const dispatcher = await openDispatcher<Order>(log, { codec });
  const sender = dispatcher.sender('orders', 'board');
  await Promise.all(
    Array.from({ length: 1000 }, async (_, lane) => {
      for (let i = lane; i < STORED; i += 1000) await sender.send(order(i));
    }),
  );
  const server = serve(dispatcher);
  const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  sockets.on('connection', (socket, { url }) => {
    if (url === '/bare') socket.on('message', () => void sendBare(socket));
    else server.accept(socketLine(socket));
  });
  sockets.on('listening', () => control.postMessage((sockets.address() as AddressInfo).port));
}

async function sendBare(socket: WebSocket): Promise<void> {
  for (let i = 1; i <= STORED; i += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, STORED + 1 - i) }, (_, k) => [order(i + k), i + k]);
    socket.send(JSON.stringify(batch));
    while (socket.bufferedAmount > 1_000_000) await new Promise(setImmediate);
  }
}
