import { wsconnect } from '@nats-io/nats-core';
import { whenClock } from 'rxjs-clocked-dispatch';
import { openDispatcher } from 'rxjs-clocked-dispatch/log';
import { openJetStreamLog } from 'rxjs-clocked-dispatch/nats';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { serverForTests, WITH_WEB_SOCKETS } from './server.js';
import { openNew } from './support.js';

const server = serverForTests(WITH_WEB_SOCKETS);

test('a page reads and writes by WebSocket, as a server does by TCP', async () => {
  const running = await server();
  const { log: onServer, stream } = await openNew(running);
  // Node 20 has none of its own.
  Object.assign(globalThis, { WebSocket });
  const connection = await wsconnect({ servers: running.webSocket! });
  try {
    const page = await openDispatcher<string>(await openJetStreamLog(connection, { stream, subjects: stream }));
    const there = await openDispatcher<string>(onServer);
    const receivers = [page.receiver('a'), there.receiver('a')] as const;
    const told = receivers.map((receiver) => {
      const items: unknown[] = [];
      receiver.subscribe((item) => items.push(item));
      return items;
    });
    await whenClock(page.sender('s', 'a').send('from the page'), receivers);
    await whenClock(there.sender('s', 'a').send('from the server'), receivers);

    const items = [
      ['from the page', 1],
      ['from the server', 2],
    ];
    expect(told).toEqual([items, items]);
    await Promise.all([page.close(), there.close()]);
  } finally {
    await connection.close();
  }
});
