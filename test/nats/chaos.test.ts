import { ALL, type Clocked } from 'rxjs-clocked-dispatch';
import { openDispatcher, type DurableDispatcher } from 'rxjs-clocked-dispatch/log';
import { openJetStreamLog } from 'rxjs-clocked-dispatch/nats';
import { expect, test } from 'vitest';
import { NatsServer, serverForTests } from './server.js';
import { entries, entry, failure, followed, openNew, pause, until } from './support.js';

const MESSAGES = 40_000;
const WRITERS = 3;
const UNDER_WAY = 256;
/** The server is killed when so many are acknowledged. */
const KILLS = [8_000, 18_000, 30_000];
const NAMES = ['a', 'b', 'c', 'd', 'e'];
/** What each reader reads; the last is slow, and has little room. */
const READERS = [{ names: ['a', 'b'] }, { names: NAMES }, { names: ['b', 'c', 'd'], bound: 16, slow: true }];

const server = serverForTests();

/** What was acknowledged, by id. */
type Acks = Map<string, number>;

test('a server that is killed three times: nothing acknowledged is lost, nothing comes twice, and there is one order', async () => {
  const running = await server();
  const open = async (): Promise<DurableDispatcher<string>> => {
    const connection = await running.connect();
    return openDispatcher<string>(await openJetStreamLog(connection, { stream: 'chaos', subjects: 'chaos' }));
  };
  const acks: Acks = new Map();
  const readers = await Promise.all(
    READERS.map(async ({ names, bound, slow }, i) => {
      const dispatcher = await open();
      const receiver = dispatcher.receiver(`r${i}`, {
        from: 0,
        addressedTo: names,
        ...(bound !== undefined && { bound }),
      });
      const items: Clocked<string>[] = [];
      const read = async (): Promise<void> => {
        for await (const item of receiver) {
          items.push(item);
          if (slow === true && items.length % 500 === 0) await pause(20);
        }
      };
      return { dispatcher, receiver, names, items, reading: read().catch((error: unknown) => error) };
    }),
  );
  const writers = await Promise.all(Array.from({ length: WRITERS }, open));

  const share = Math.ceil(MESSAGES / WRITERS);
  await Promise.all([...writers.map((dispatcher, i) => write(dispatcher, `w${i}`, share, acks)), kill(running, acks)]);
  await Promise.all(writers.map((dispatcher) => dispatcher.close()));

  const log = await openJetStreamLog(await running.connect(), { stream: 'chaos' });
  await until(() => readers.every(({ receiver }) => receiver.settled === log.last), 'the end at every reader');
  const stored = (await log.read(0, Infinity)).map(([{ id, messages }, ts]) => ({ id: id!, to: messages[0]!.to, ts }));
  const at = new Map(stored.map(({ id, ts }) => [id, ts]));

  expect(acks.size).toBe(share * WRITERS);
  expect([...acks].filter(([id, ts]) => at.get(id) !== ts)).toEqual([]);
  expect(stored).toHaveLength(at.size);
  for (const { items, names } of readers) {
    const due = stored.filter(({ to }) => to === '*' || to.some((name) => names.includes(name)));
    expect(items.filter(([value]) => value !== null)).toEqual(due.map(({ id, ts }) => [id, ts]));
    const positions = items.map(([, ts]) => ts);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
  }
  await Promise.all(readers.map(({ dispatcher }) => dispatcher.close()));
  expect(await Promise.all(readers.map(({ reading }) => reading))).toEqual([undefined, undefined, undefined]);
}, 180_000);

test('a server that stands still: heartbeats are missed, and nothing else', async () => {
  const { log } = await openNew(await server());
  const { seen, stop } = followed(log);
  await log.append(entries(1, 10));
  await until(() => seen.length === 10);
  const { pid } = await server();
  process.kill(pid, 'SIGSTOP');
  await pause(4000);
  process.kill(pid, 'SIGCONT');
  await log.append(entries(11, 20));
  await until(() => seen.length === 20);

  expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  stop();
}, 60_000);

test('a consumer that is deleted is made anew, behind the last position', async () => {
  const { log, stream, manager } = await openNew(await server());
  const { seen, stop } = followed(log);
  for (let round = 0; round < 5; round++) {
    await log.append(entries(10 * round + 1, 10 * round + 10));
    for await (const { name } of manager.consumers.list(stream)) await manager.consumers.delete(stream, name);
  }
  await until(() => seen.length === 50);

  expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  stop();
}, 60_000);

test('law 41: of a batch that a crash cuts, a prefix is stored', async () => {
  const own = await NatsServer.start();
  try {
    const { log } = await openNew(own, { timeout: 3000 });
    const cuts: number[] = [];
    for (let round = 0; round < 8; round++) {
      const { last } = await log.head();
      // Large enough that it takes many writes to the socket.
      const batch = Array.from({ length: 3000 }, (_, i) => entry({ i, text: 'x'.repeat(2000) }));
      const appended = failure(log.append(batch));
      await pause(5 + 10 * round);
      await own.kill();
      const error = await appended;
      await own.start();
      const stored = (await log.read(last, Infinity)).map(([{ messages }]) => messages[0]!.value);

      expect(stored.map((value) => (JSON.parse(value as string) as { i: number }).i)).toEqual(stored.map((_, i) => i));
      if (error === undefined) expect(stored).toHaveLength(batch.length);
      else expect(error).toMatchObject({ name: 'LogOutcomeUnknownError' });
      cuts.push(stored.length);
    }
    // Not all of them fell before the first or behind the last message.
    expect(cuts.some((count) => count > 0 && count < 3000)).toBe(true);
  } finally {
    await own.stop();
  }
}, 120_000);

test('laws 40 and 42: what is appended while there is no server is refused, or its outcome is unknown', async () => {
  const own = await NatsServer.start();
  try {
    const { log } = await openNew(own, { timeout: 500 });
    await log.append([entry(1)], { ids: ['1'] });
    await own.kill();
    const error = (await failure(log.append([entry(2)], { ids: ['2'] }))) as { stored: string };
    expect(['nothing', 'unknown']).toContain(error.stored);

    await own.start();
    await until(async () => (await failure(log.append([entry(2)], { ids: ['2'] }))) === undefined);
    expect((await log.read(0, 10)).map(([, ts]) => ts)).toEqual([1, 2]);
    expect(await log.append([entry(1)], { ids: ['1'] })).toEqual([1]);
  } finally {
    await own.stop();
  }
}, 60_000);

test('law 54: a connection that is closed for good is told to whoever follows, reads and appends', async () => {
  const { log, connection } = await openNew(await server());
  const { end } = followed(log);
  await log.append([entry(1)]);
  await connection.close();

  // That it can be tried again would be no help.
  const message = expect.stringMatching(/closed connection.*: connect again/) as string;
  expect(await end).toMatchObject({ name: 'LogStoreError', message });
  expect(await failure(log.read(0, 1))).toMatchObject({ name: 'LogStoreError', message });
  expect(await failure(log.append([entry(2)]))).toMatchObject({ name: 'LogStoreError', message, stored: 'nothing' });
}, 60_000);

test('law 54: so is one that is being closed', async () => {
  const { log, connection } = await openNew(await server());
  const drained = connection.drain();

  expect(await failure(log.append([entry(1)]))).toMatchObject({ code: expect.stringMatching(/^RCD/) as string });
  expect(await failure(log.read(0, 1))).toMatchObject({ code: expect.stringMatching(/^RCD/) as string });
  await drained;
}, 60_000);

/** Sends, and sends again with the same id what has failed. */
async function write(dispatcher: DurableDispatcher<string>, name: string, count: number, acks: Acks): Promise<void> {
  const sender = dispatcher.sender(name, (id: string) => {
    const n = Number(id.slice(id.indexOf('.') + 1));
    return n % 50 === 0 ? ALL : NAMES[n % NAMES.length]!;
  });
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) {
      const id = `${name}.${next++}`;
      for (;;) {
        try {
          acks.set(id, await sender.send(id, { id }));
          break;
        } catch {
          await pause(50);
        }
      }
    }
  };
  await Promise.all(Array.from({ length: UNDER_WAY }, work));
}

async function kill(running: NatsServer, acks: Acks): Promise<void> {
  for (const count of KILLS) {
    while (acks.size < count) await pause(5);
    await running.kill();
    await pause(300);
    await running.start();
  }
}
