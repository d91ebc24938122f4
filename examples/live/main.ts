/**
 * One order of all messages, for two pages and whoever else connects: a dispatcher whose clock is a log on disk, served over
 * WebSockets. `npm run example:live`, then open both pages, kill the server with Ctrl+C or `kill -9`, and start it again.
 */
import type { AddressInfo } from 'node:net';
import { openLevelLog } from 'rxjs-clocked-dispatch/level';
import { openDispatcher } from 'rxjs-clocked-dispatch/log';
import { serve, socketLine } from 'rxjs-clocked-dispatch/port';
import { WebSocketServer } from 'ws';
import { HELP, parseArguments } from './arguments.js';
import { type Message, NAMES } from './messages.js';
import { createSite } from './site.js';

const MAX_FRAME = 1_000_000;

const { help, port, log: folder } = parseArguments(process.argv.slice(2));
if (help) console.log(HELP);
else await start();

async function start(): Promise<void> {
  const log = await openLevelLog(folder);
  const dispatcher = await openDispatcher<Message>(log, { names: NAMES });
  const server = serve(dispatcher);
  const site = await createSite();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME });

  site.on('upgrade', (request, socket, head) => {
    // Pages of other sites may open sockets to loopback, too.
    if (!isOwn(request.headers.origin, request.headers.host)) return void socket.destroy();
    sockets.handleUpgrade(request, socket, head, (accepted) => {
      server.accept(socketLine(accepted, { maxFrame: MAX_FRAME }));
    });
  });
  site.listen(port, '127.0.0.1', () => {
    const { port } = site.address() as AddressInfo;
    console.log(
      `The order desk is at http://127.0.0.1:${port}/ with ${log.last} messages in ${folder} (Ctrl+C ends it)`,
    );
  });

  process.once('SIGINT', () => {
    server.close();
    site.close();
    site.closeAllConnections();
    void dispatcher.close().then(() => log.close());
  });
}

/** Programs have no origin; a page has that of the server that it came from. */
function isOwn(origin: string | undefined, host: string | undefined): boolean {
  return origin === undefined || origin === `http://${host}`;
}
