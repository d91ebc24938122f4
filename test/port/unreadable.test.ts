import { type DurableDispatcher, memoryLog, openDispatcher } from 'rxjs-clocked-dispatch/log';
import { connect, type Connection, type ConnectOptions, lineInMemory, serve } from 'rxjs-clocked-dispatch/port';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from './support/settle.js';

/** What a server would close the line over is refused by the client, or taken out once a line has closed. */

let dispatcher: DurableDispatcher<unknown>;
let connection: Connection<unknown>;
beforeEach(async () => {
  dispatcher = await openDispatcher(memoryLog());
});
afterEach(async () => {
  connection.close();
  await dispatcher.close();
});

function connected(options: ConnectOptions = {}): Connection<unknown> {
  const server = serve(dispatcher);
  connection = connect<unknown>(
    () => {
      const [here, there] = lineInMemory();
      server.accept(there);
      return here;
    },
    { retry: 0, maxRetry: 1, ...options },
  );
  return connection;
}

const LONG = 'x'.repeat(1025);
const outcome = (sent: Promise<number>): Promise<unknown> => sent.catch((error: unknown) => error);
const bad = (problem: string): unknown =>
  expect.objectContaining({ code: 'RCD120', problem: expect.stringContaining(problem) as string }) as unknown;

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < levels; i++) value = [value];
  return value;
}

describe('law 63: a message that a server does not read', () => {
  test.each([
    ['deeper than 100 levels', nested(101)],
    ["a key '__proto__'", JSON.parse('{"a":{"__proto__":1}}') as unknown],
    ['more than 1000000 objects', Array.from({ length: 1_000_001 }, () => [])],
  ])('is refused once a line has closed over it, and all others are sent: %s', async (problem, value) => {
    const read: unknown[] = [];
    const one = connected();
    one.receiver('orders', { from: 0 }).subscribe(([item]) => item !== null && read.push(item));
    const sender = one.sender('desk', 'orders');
    const values = ['1', '2', value, '3', value, '4'];
    const all = await Promise.all(values.map((each) => outcome(sender.send(each))));

    expect(all).toEqual([1, 2, bad(problem), 3, bad(problem), 4]);
    await until(() => read.length === 4);
    expect(read).toEqual(['1', '2', '3', '4']);
    expect(one.stats().lines).toBe(2);
    expect(sender.closed).toBe(false);
  });

  test('given to next, fails its sender', async () => {
    const sender = connected().sender('desk', 'orders');
    sender.next('1');
    sender.next(nested(101));
    await until(() => sender.closed);

    expect(sender.failure).toEqual(bad('deeper than 100 levels'));
    expect(await outcome(connection.sender('other', 'orders').send('2'))).toBe(2);
  });

  test.each([
    ['the id of a message has 1025 characters', { id: LONG }],
    ['meta is deeper than 100 levels', { meta: { deep: nested(101) } }],
  ])('is refused before it is sent where it is seen in what is said of it: %s', async (problem, options) => {
    const sender = connected().sender('desk', 'orders');
    const sent = [sender.send('1'), sender.send('2', options), sender.send('3')].map(outcome);

    expect(await Promise.all(sent)).toEqual([1, bad(problem), 2]);
    expect(connection.stats().lines).toBe(1);
  });
});

describe('law 63: what a server does not let in', () => {
  test('a sender or receiver whose name is too long fails, and nothing else does', async () => {
    const one = connected();
    const errors: unknown[] = [];
    one.receiver(LONG, { from: 0 }).subscribe({ error: (error: unknown) => errors.push(error) });
    one
      .receiver('many', { addressedTo: Array.from({ length: 1025 }, (_, i) => `${i}`) })
      .subscribe({ error: (error: unknown) => errors.push(error) });

    expect(await outcome(one.sender(LONG, 'orders').send('1'))).toEqual(bad('the name has 1025 characters'));
    expect(await outcome(one.sender('desk', LONG).send('1'))).toEqual(bad('a name of to has 1025 characters'));
    expect(await outcome(one.sender('other', 'orders').send('1'))).toBe(1);
    expect(errors).toEqual([bad('the name has 1025 characters'), bad('reads has 1025 entries')]);
    expect(one.stats().lines).toBe(1);
  });

  test.each<[string, ConnectOptions]>([
    ['the session has 1025 characters', { session: LONG }],
    ['the token is deeper than 100 levels', { token: nested(101) }],
  ])('a connection whose first frame is bad is closed: %s', async (problem, options) => {
    const one = connected(options);
    await until(() => one.stats().state === 'closed');

    let reason: unknown;
    one.state$.subscribe((state) => (reason = state.reason));
    expect(reason).toEqual(bad(problem));
  });
});
