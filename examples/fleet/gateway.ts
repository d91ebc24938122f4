/**
 * A process that reads: `gateway.ts SERVER PORT`. It follows the stream once, keeps the projection of the stock, and serves
 * pages: files and the stock by HTTP, everything after it by a WebSocket.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve, socketLine } from 'rxjs-clocked-dispatch/port';
import { WebSocketServer } from 'ws';
import { untilEnd } from './child.js';
import { pageFiles } from './page-files.js';
import { openClock } from './stream.js';
import { DESKS, EMPTY, move, STOCK, type Snapshot } from './stock.js';

const [server = '', port = '0'] = process.argv.slice(2);
const files = await pageFiles();
const clock = await openClock(server);
const stock = clock.dispatcher.projection(STOCK, { initial: EMPTY, apply: move });
await stock.ready;

const lines = serve(clock.dispatcher, {
  // Pages read movements and nothing else; they send by a desk of their own.
  authorize: ({ kind, name }) => kind === 'open' || !DESKS.some((desk) => desk === name),
});
const http = createServer((request, response) => {
  const snapshot: Snapshot = { log: clock.log, ts: stock.settled, stock: stock.value };
  const path = new URL(request.url ?? '/', 'http://page').pathname;
  const file = path === '/stock' ? { type: 'application/json', body: JSON.stringify(snapshot) } : files.get(path);
  response.writeHead(file === undefined ? 404 : 200, { 'content-type': file?.type ?? 'text/plain' });
  response.end(file?.body ?? 'not found');
});
const sockets = new WebSocketServer({ server: http, maxPayload: 1_000_000 });
sockets.on('connection', (socket) => lines.accept(socketLine(socket)));

http.listen(Number(port), '127.0.0.1', () => process.send?.({ port: (http.address() as AddressInfo).port }));
untilEnd().addEventListener('abort', () => {
  lines.close();
  sockets.close();
  http.close();
  http.closeAllConnections();
  void clock.close();
});
