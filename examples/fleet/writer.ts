/** A process that writes: `writer.ts SERVER DESK`. It sends a movement every now and then until it is told to end. */
import { setTimeout } from 'node:timers/promises';
import { untilEnd } from './child.js';
import { openClock } from './stream.js';
import { ITEMS, STOCK } from './stock.js';

const [server = '', desk = ''] = process.argv.slice(2);
const clock = await openClock(server);
const sender = clock.dispatcher.sender(desk, STOCK);
const end = untilEnd();

for (let n = 1; !end.aborted; n++) {
  const item = ITEMS[Math.floor(Math.random() * ITEMS.length)]!;
  const pieces = Math.floor(Math.random() * 9) - 3;
  // With an id, so that what is sent again, after an answer that got lost, is stored once.
  await sender.send({ desk, n, item, pieces }, { id: `${desk} ${process.pid} ${n}` });
  await setTimeout(20 + Math.random() * 120);
}
await clock.close();
