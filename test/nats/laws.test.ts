import { whenClock, type Clocked } from 'rxjs-clocked-dispatch';
import { jsonCodec, openDispatcher, structuredCodec, type Codec } from 'rxjs-clocked-dispatch/log';
import { openJetStreamLog } from 'rxjs-clocked-dispatch/nats';
import { describe, expect, test } from 'vitest';
import { rejection } from '../support/async.js';
import { serverForTests } from './server.js';
import { entries, entry, followed, openNew, pause, until } from './support.js';

const server = serverForTests();

function told<T>(receiver: {
  subscribe(observer: { next(item: Clocked<T>): void; error(error: unknown): void }): unknown;
}) {
  const items: Clocked<T>[] = [];
  const errors: unknown[] = [];
  receiver.subscribe({ next: (item) => items.push(item), error: (error) => errors.push(error) });
  return { items, errors };
}

describe('law 70: numbers that are missing pass as time', () => {
  test('deleted messages, also the last ones of a stream', async () => {
    const { log, stream, manager } = await openNew(await server());
    await log.append(entries(1, 9));
    for (const seq of [3, 4, 9]) await manager.streams.deleteMessage(stream, seq);
    const { seen, stop } = followed(log);

    await until(() => seen.includes(-9), 'the tick of the end');
    expect(seen).toEqual([1, 2, -4, 5, 6, 7, 8, -9]);
    expect((await log.read(0, 100)).map(([, ts]) => ts)).toEqual([1, 2, 5, 6, 7, 8]);
    stop();
  });

  test('messages on other subjects are no entries, and none of them is read', async () => {
    const { log, stream, connection } = await openNew(await server());
    await log.append([entry('a')]);
    connection.publish(`${stream}.other`, 'no JSON');
    connection.publish(`${stream}.other`, 'no JSON');
    await connection.flush();
    await log.append([entry('b')]);
    connection.publish(`${stream}.other`, 'no JSON');
    const { seen, stop } = followed(log);

    await until(() => seen.includes(-5));
    expect(seen).toEqual([1, -3, 4, -5]);
    expect((await log.read(0, 1)).map(([, ts]) => ts)).toEqual([1]);
    expect((await log.read(1, 1)).map(([, ts]) => ts)).toEqual([4]);
    expect(await log.read(4, 1)).toEqual([]);
    stop();
  });

  test('a purge below and above the position of a receiver', async () => {
    const { log, stream, manager } = await openNew(await server());
    const dispatcher = await openDispatcher<number>(log);
    await log.append(entries(1, 10));
    const live = told(dispatcher.receiver('a', { from: 0 }));
    await until(() => live.items.length === 10);
    await manager.streams.purge(stream, { seq: 6 });
    await log.append(entries(11, 12));
    await until(() => live.items.length === 12);
    // Purged before it is read: a follower from 10 on finds that time has passed.
    await manager.streams.purge(stream, { seq: 13 });
    const above = followed(log, 10);
    await log.append(entries(13, 13));
    await until(() => above.seen.includes(13));

    expect(above.seen).toEqual([-12, 13]);
    expect(live.items.map(([, ts]) => ts)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    expect(live.errors).toEqual([]);
    above.stop();
  });

  test('law 47: what was purged under a receiver that has fallen back is an error, not a silent gap', async () => {
    const { log, stream, manager } = await openNew(await server());
    const dispatcher = await openDispatcher<number>(log, { bound: 2, page: 4 });
    const slow = dispatcher.receiver('a', { from: 0 });
    await log.append(entries(1, 30));
    await until(() => dispatcher.clock === 30);
    await manager.streams.purge(stream, { seq: 21 });

    const read: number[] = [];
    const error = await rejection(
      (async () => {
        for await (const [value, ts] of slow) if (value !== null) read.push(ts);
      })(),
    );
    expect(error).toMatchObject({ name: 'LogPositionError', trimmed: 20 });
    expect(read).toEqual(read.map((_, i) => i + 1));
  });
});

describe('law 71: a heartbeat is a tick only where nothing can be under way', () => {
  test('with a filter, ticks come from heartbeats, and no entry follows at or below one', async () => {
    const { log, stream, connection } = await openNew(await server(), { filtered: true });
    const { seen, stop } = followed(log);
    let last = 0;
    for (let round = 0; round < 40; round++) {
      for (let i = 0; i < 5; i++) connection.publish(`${stream}.other`, 'x');
      await connection.flush();
      [last = 0] = await log.append([entry(round)]);
      if (round % 20 === 19) await pause(1500);
    }
    connection.publish(`${stream}.other`, 'x');
    await until(() => seen.includes(-(last + 1)), 'a tick for what others published');

    const ticks = seen.filter((ts) => ts < 0);
    expect(seen.filter((ts) => ts > 0)).toHaveLength(40);
    expect(ticks.length).toBeGreaterThan(0);
    const positions = seen.map(Math.abs);
    expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
    stop();
  });

  test('without a filter, time on other subjects is told as it comes', async () => {
    const { log, stream, connection } = await openNew(await server());
    const { seen, stop } = followed(log);
    await log.append([entry(1)]);
    for (let i = 2; i <= 10; i++) connection.publish(`${stream}.other`, 'x');

    await until(() => seen.includes(-10));
    expect(seen[0]).toBe(1);
    stop();
  });
});

describe('law 72: a stream that was replaced is noticed before anything of it is emitted', () => {
  test('by who follows, reads, asks and appends; a log that is opened again is another one', async () => {
    const { log, stream, manager, connection } = await openNew(await server());
    await log.append(entries(1, 5));
    const { seen, end } = followed(log);
    await until(() => seen.length === 5);
    await manager.streams.delete(stream);
    await manager.streams.add({ name: stream, subjects: [stream] });
    const other = await openJetStreamLog(connection, { stream, subjects: stream });
    await other.append(entries(101, 110));

    const replaced = { name: 'StreamReplacedError', stream };
    expect(await end).toMatchObject(replaced);
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    expect(await rejection(log.read(0, 10))).toMatchObject(replaced);
    expect(await rejection(log.head())).toMatchObject(replaced);
    expect(await rejection(log.trim(3))).toMatchObject(replaced);
    expect(other.id).not.toBe(log.id);
    await other.save('sum', { ts: 1, version: 1, state: 0 });
    expect(await other.load('sum')).toMatchObject({ ts: 1 });
  });

  test('an append that was stored in the other stream is not acknowledged', async () => {
    const { log, stream, manager } = await openNew(await server());
    await log.append(entries(1, 5));
    await manager.streams.delete(stream);
    await manager.streams.add({ name: stream, subjects: [stream] });

    expect(await rejection(log.append([entry('x')]))).toMatchObject({ name: 'StreamReplacedError', stored: 'unknown' });
  });

  test('receivers are told, and their positions are refused by the log that is there now', async () => {
    const { log, stream, manager, connection } = await openNew(await server());
    const dispatcher = await openDispatcher<number>(log);
    const receiver = dispatcher.receiver('a');
    const { items, errors } = told(receiver);
    await whenClock(dispatcher.sender('s', 'a').send(1), receiver);
    const { position } = receiver;
    await manager.streams.delete(stream);
    await manager.streams.add({ name: stream, subjects: [stream] });
    await until(() => errors.length > 0);

    expect(errors).toMatchObject([{ name: 'StreamReplacedError' }]);
    expect(items).toEqual([[1, 1]]);
    const again = await openDispatcher<number>(await openJetStreamLog(connection, { stream, subjects: stream }));
    expect(() => again.receiver('a', { from: position })).toThrow('of the log');
  });

  test('one that is gone', async () => {
    const { log, stream, manager } = await openNew(await server());
    const { end } = followed(log);
    await log.append([entry(1)]);
    await manager.streams.delete(stream);

    const gone = { name: 'StreamReplacedError', found: undefined };
    expect(await end).toMatchObject(gone);
    expect(await rejection(log.append([entry(2)]))).toMatchObject({ ...gone, stored: 'nothing' });
  });
});

describe('law 73: send resolves with the position in the acknowledgement', () => {
  test('what is sent again within the duplicate window gets the first position, also from another process', async () => {
    const { log, stream } = await openNew(await server());
    const { log: other } = await openNew(await server(), { stream });
    const [first] = await log.append([entry('a')], { ids: ['order 7'] });

    expect(await other.append([entry('a'), entry('b')], { ids: ['order 7', undefined] })).toEqual([first, 2]);
    expect(log.last).toBe(1);
  });

  test('a log that learns of a position from the answer alone knows it', async () => {
    const { log, stream } = await openNew(await server());
    const { log: other } = await openNew(await server(), { stream });
    await log.append([entry('a'), entry('b')], { ids: [undefined, 'order 7'] });

    await other.append([entry('b')], { ids: ['order 7'] });

    expect(other.last).toBe(2);
  });

  test('beyond the window it is stored anew', async () => {
    const { log } = await openNew(await server());
    const connection = await (await server()).connect();
    const brief = await openJetStreamLog(connection, {
      stream: `${log.id.split('@')[0]}B`,
      subjects: 'brief',
      dedupe: 200,
    });
    await brief.append([entry('a')], { ids: ['i'] });
    expect(await brief.append([entry('a')], { ids: ['i'] })).toEqual([1]);

    let positions: readonly number[] = [1];
    await until(async () => {
      await pause(400);
      positions = await brief.append([entry('a')], { ids: ['i'] });
      return positions[0] !== 1;
    }, 'the end of the window');
    expect(positions).toEqual([2]);
  });

  test('whenClock resolves at a live receiver, whichever process sent', async () => {
    const { log, stream } = await openNew(await server());
    const { log: other } = await openNew(await server(), { stream });
    const [here, there] = [await openDispatcher<number>(log), await openDispatcher<number>(other)];
    const [a, b] = [here.receiver('a'), there.receiver('b')];
    const items = told(a).items;
    told(b);

    await expect(whenClock(there.sender('s', 'a').send(7), [a, b])).resolves.toBe(1);
    expect(items).toEqual([[7, 1]]);
  });
});

test('law 54: a page is read once more where its consumer is deleted', async () => {
  // Several times, for the purge may come before the page is asked for.
  for (let turn = 0; turn < 4; turn++) {
    const { log, stream, manager } = await openNew(await server());
    await log.append(entries(1, 3000));
    // What is purged meanwhile is waited for.
    const reading = log.read(0, 3000);
    await log.trim(2);
    await pause(300);
    for (const { name } of await manager.consumers.list(stream).next()) await manager.consumers.delete(stream, name);

    expect((await reading).map(([, ts]) => ts)).toEqual(Array.from({ length: 2998 }, (_, i) => i + 3));
  }
});

describe('the end of following', () => {
  test('what was aborted before begins with the reason', async () => {
    const { log } = await openNew(await server());
    const following = log.follow!(0, { signal: AbortSignal.abort(new Error('over')) });

    await expect(following[Symbol.asyncIterator]().next()).rejects.toThrow('over');
    await log.close();
  });

  test('leaves no consumer behind, however early it comes', async () => {
    const { log, stream, manager } = await openNew(await server());
    for (let milliseconds = 0; milliseconds < 8; milliseconds++) {
      const following = log.follow!(0)[Symbol.asyncIterator]();
      await pause(milliseconds);
      await following.return!();
    }

    await until(async () => (await manager.consumers.list(stream).next()).length === 0, 'the end of the consumers');
  });
});

test('law 48: a slow receiver holds nobody up, and reads pages', async () => {
  const { log } = await openNew(await server());
  const dispatcher = await openDispatcher<number>(log, { bound: 8, page: 16 });
  const slow = dispatcher.receiver('slow', { addressedTo: 'a' });
  const fast = told(dispatcher.receiver('fast', { addressedTo: 'a' }));
  const sender = dispatcher.sender('s', 'a');
  await Promise.all(Array.from({ length: 500 }, (_, i) => sender.send(i + 1)));
  await until(() => fast.items.length === 500);
  expect(dispatcher.stats().receivers.find(({ name }) => name === 'slow')?.queued).toBeLessThanOrEqual(8);

  const read: number[] = [];
  for await (const [value] of slow) {
    if (value !== null) read.push(value);
    if (read.length === 500) break;
  }
  expect(read).toEqual(Array.from({ length: 500 }, (_, i) => i + 1));
});

test('a follower that falls behind holds a bounded part of the stream, and goes on when it is read', async () => {
  const { log } = await openNew(await server());
  for (let i = 0; i < 3; i++) await log.append(entries(i * 4000 + 1, (i + 1) * 4000));
  const iterator = log.follow!(0)[Symbol.asyncIterator]();
  await iterator.next();
  await pause(500);
  let at = 1;
  while (at < 12_000) at = ((await iterator.next()).value as readonly [unknown, number])[1];
  await iterator.return?.();

  expect(at).toBe(12_000);
});

test('a projection goes on from its checkpoint in the bucket, in another process', async () => {
  const { log, stream } = await openNew(await server());
  const sum = { initial: 0, apply: (state: number, value: number) => state + value };
  const one = await openDispatcher<number>(log);
  const first = one.projection('sum', { ...sum, addressedTo: 'a' });
  await one.sender('s', 'a').send(5);
  await until(() => first.value === 5);
  await one.close();

  const { log: again } = await openNew(await server(), { stream });
  await expect(again.checkpoints()).resolves.toEqual([{ name: 'sum', ts: 1 }]);
  const other = await openDispatcher<number>(again);
  const second = other.projection('sum', { ...sum, addressedTo: 'a' });
  await second.ready;
  expect([second.value, second.clock]).toEqual([5, 1]);
});

describe('how values are written', () => {
  const bytes: Codec = {
    name: 'bytes',
    encode: (value) => new TextEncoder().encode(JSON.stringify(value)),
    decode: (stored) => JSON.parse(new TextDecoder().decode(stored as Uint8Array)) as unknown,
  };

  test('as part of the JSON of their entry, which other programs can read', async () => {
    const { log, stream, manager } = await openNew(await server());
    const dispatcher = await openDispatcher<object>(log);
    const [a, b] = [dispatcher.sender('a', 'a'), dispatcher.sender('b', ['b', 'c'])];
    const items = told(dispatcher.receiver('a')).items;
    const value = { text: '"\u2028', list: [1, null] };
    await a.send(value, { id: 'i', meta: { schema: 2 } });
    await dispatcher.transact([
      [a, { n: 1 }],
      [b, { n: 2 }],
    ]);
    const [first, second] = await Promise.all([1, 2].map((seq) => manager.streams.getMessage(stream, { seq })));
    await until(() => items.length === 2);

    const at = expect.any(Number) as number;
    expect(first?.json()).toEqual({ messages: [{ value, to: ['a'] }], id: 'i', at, meta: { schema: 2 } });
    expect(second?.json()).toEqual({
      messages: [
        { value: { n: 1 }, to: ['a'] },
        { value: { n: 2 }, to: ['b', 'c'] },
      ],
      at,
    });
    expect(items).toEqual([
      [value, 1],
      [{ n: 1 }, 2],
    ]);
  });

  test('as they were when they were sent, and not where JSON would change them', async () => {
    const { log } = await openNew(await server());
    const dispatcher = await openDispatcher<{ n: unknown }>(log);
    const items = told(dispatcher.receiver('a')).items;
    const sender = dispatcher.sender('s', 'a');
    const value = { n: 1 as unknown };
    const sent = sender.send(value);
    value.n = 2;
    await sent;
    expect(await rejection(sender.send({ n: new Date(0) }))).toMatchObject({
      name: 'UnstorableValueError',
      path: '$.n',
    });
    await until(() => items.length === 1);

    expect(items).toEqual([[{ n: 1 }, 1]]);
  });

  test.each([
    ['jsonCodec()', jsonCodec()] as const,
    ['structuredCodec()', structuredCodec()] as const,
    ['bytes', bytes] as const,
  ])('by %s', async (_, codec) => {
    const { log, stream } = await openNew(await server());
    const dispatcher = await openDispatcher<object>(log, { codec });
    const { items } = told(dispatcher.receiver('a'));
    await dispatcher.sender('s', 'a').send({ list: ['x'] });
    await until(() => items.length === 1);
    const { log: again } = await openNew(await server(), { stream });
    const late = told((await openDispatcher<object>(again, { codec })).receiver('a', { from: 0 }));
    await until(() => late.items.length === 1);

    expect([items, late.items]).toEqual([[[{ list: ['x'] }, 1]], [[{ list: ['x'] }, 1]]]);
  });
});
