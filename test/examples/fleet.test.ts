import { connect, socketLine } from 'rxjs-clocked-dispatch/port';
import { afterAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startFleet } from '../../examples/fleet/fleet.js';
import { DESKS, move, STOCK, type Movement, type Snapshot, type Stock } from '../../examples/fleet/stock.js';

const MESSAGES = 60;
const starting = startFleet();
afterAll(async () => (await starting).stop());

test('the movements of all three writers arrive in one order at two pages', async () => {
  const { url } = await starting;
  const pages = await Promise.all([read(url, 'one'), read(url, 'another')]);

  expect(pages[0]).toEqual(pages[1]);
  const movements = pages[0];
  expect(movements.map(([, ts]) => ts)).toEqual(Array.from({ length: MESSAGES }, (_, i) => i + 1));
  for (const desk of DESKS) {
    const own = movements.filter(([movement]) => movement.desk === desk).map(([{ n }]) => n);
    expect(own, desk).toEqual(own.map((_, i) => i + 1));
    expect(own.length, desk).toBeGreaterThan(0);
  }

  const { ts, stock } = (await (await fetch(`${url}stock`)).json()) as Snapshot;
  const all = await read(url, 'a third', ts);
  expect(all.reduce<Stock>((state, [movement]) => move(state, movement), {})).toEqual(stock);
});

test('when it is stopped, all its processes are gone', async () => {
  const { pids, stop } = await starting;
  expect(pids).toHaveLength(5);
  await stop();
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

/** The first messages of the log, as a page gets them. */
async function read(url: string, name: string, messages = MESSAGES): Promise<(readonly [Movement, number])[]> {
  const socket = (): WebSocket => new WebSocket(url.replace('http', 'ws'));
  const connection = connect<Movement>(() => socketLine(socket()));
  const movements: (readonly [Movement, number])[] = [];
  for await (const [movement, ts] of connection.receiver(name, { from: 0, addressedTo: STOCK })) {
    if (movement !== null) movements.push([movement, ts]);
    if (movements.length === messages) break;
  }
  connection.close();
  return movements;
}
