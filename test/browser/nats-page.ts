import { wsconnect } from '@nats-io/nats-core';
import { whenClock } from 'rxjs-clocked-dispatch';
import { openDispatcher } from 'rxjs-clocked-dispatch/log';
import { openJetStreamLog } from 'rxjs-clocked-dispatch/nats';

/** In a page: sends to a stream, and waits for the answer. What it was told. */
export async function exchange(servers: string, stream: string): Promise<unknown[]> {
  const connection = await wsconnect({ servers });
  const dispatcher = await openDispatcher<string>(await openJetStreamLog(connection, { stream, subjects: stream }));
  const receiver = dispatcher.receiver('a');
  const items: unknown[] = [];
  receiver.subscribe((item) => items.push(item));
  const sent = await dispatcher.sender('page', 'a').send('from the page');
  await whenClock(sent + 1, receiver);
  await dispatcher.close();
  await connection.close();
  return items;
}
