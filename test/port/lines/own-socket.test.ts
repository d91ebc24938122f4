import { execFile } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { memoryLog, openDispatcher } from 'rxjs-clocked-dispatch/log';
import { serve, socketLine } from 'rxjs-clocked-dispatch/port';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';

/** Node 22 has a WebSocket; Node 20 has the same one behind a flag. */
const OWN = process.versions.node.startsWith('20.') ? ['--experimental-websocket'] : [];

test("Node's own WebSocket carries a connection, and tells how its line ends", { timeout: 30_000 }, async () => {
  const server = serve(await openDispatcher<string>(memoryLog()));
  const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  sockets.on('connection', (socket) => server.accept(socketLine(socket)));
  await new Promise((resolve) => sockets.once('listening', resolve));
  const url = `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`;
  try {
    const program = [...OWN, '--import', 'tsx', 'test/port/lines/own-socket.ts', url];
    const { stdout } = await promisify(execFile)(process.execPath, program);
    expect(JSON.parse(stdout)).toEqual({
      sent: [1, 2, 3],
      seen: [
        ['a', 1],
        ['b', 2],
        ['é', 3],
      ],
      end: expect.stringMatching(/^a frame of \d+ bytes; 1 are allowed/) as string,
    });
  } finally {
    server.close();
    sockets.close();
  }
});
