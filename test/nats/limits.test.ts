import { DiscardPolicy, jetstreamManager } from '@nats-io/jetstream';
import { openDispatcher, type EventLog } from 'rxjs-clocked-dispatch/log';
import { openJetStreamLog, type JetStreamConnection } from 'rxjs-clocked-dispatch/nats';
import { describe, expect, test, vi } from 'vitest';
import { Acks } from '../../src/nats/acks.js';
import { isRefusal } from '../../src/nats/failure.js';
import { rejection } from '../support/async.js';
import { newName, serverForTests } from './server.js';
import { entries, entry, failure, followed, openNew, until } from './support.js';

const server = serverForTests();
const guarded = serverForTests(`
  authorization { users = [
    { user: owner, password: o }
    { user: reader, password: r, permissions: { publish: { deny: ["shop", "shop.>", "$KV.>"] } } }
    { user: least, password: l, permissions: {
      publish: [
        "$JS.API.STREAM.INFO.shop", "$JS.API.CONSUMER.CREATE.shop.>", "$JS.API.CONSUMER.INFO.shop.>"
        "$JS.API.CONSUMER.MSG.NEXT.shop.>", "$JS.API.CONSUMER.DELETE.shop.>"
        "shop", "$JS.API.STREAM.PURGE.shop"
        "$JS.API.INFO", "$JS.API.STREAM.INFO.KV_shop_checkpoints", "$JS.API.DIRECT.GET.KV_shop_checkpoints.>"
        "$JS.API.CONSUMER.CREATE.KV_shop_checkpoints.>", "$JS.API.CONSUMER.INFO.KV_shop_checkpoints.>"
        "$JS.API.CONSUMER.DELETE.KV_shop_checkpoints.>", "$KV.shop_checkpoints.>"
      ]
      subscribe: ["_INBOX.>"]
    } }
    { user: page, password: p, permissions: { subscribe: ["_INBOX_page.>"] } }
    { user: nobody, password: n, permissions: { publish: { deny: ["$JS.API.>"] } } }
  ] }`);
const small = serverForTests(`
  max_payload: 4096
  jetstream { max_file_store: 128KB }`);

describe('the server refuses what the user of the connection may not do', () => {
  const as = async (user: string, pass: string) => (await guarded()).connect({ user, pass });
  const shop = async (): Promise<EventLog> => {
    const owner = await openJetStreamLog(await as('owner', 'o'), { stream: 'shop', subjects: 'shop' });
    if (owner.last > 0) return owner;
    await owner.append([entry(1)]);
    await owner.save('sum', { ts: 1, version: 1, state: 1 });
    return owner;
  };

  test('to look at the stream, to append, to save', async () => {
    const owner = await shop();
    const refused = { name: 'StreamAccessError', code: 'RCD140', stream: 'shop', stored: 'nothing' };

    expect(await rejection(openJetStreamLog(await as('nobody', 'n'), { stream: 'shop' }))).toMatchObject(refused);
    const reader = await openJetStreamLog(await as('reader', 'r'), { stream: 'shop' });
    const before = await reader.head();
    expect(await reader.read(before.last - 1, 10)).toHaveLength(1);
    expect(await rejection(reader.append(entries(2, 4)))).toMatchObject(refused);
    expect(await rejection(reader.save('sum', { ts: 1, version: 2, state: 2 }))).toMatchObject(refused);
    expect(await owner.head()).toEqual(before);
  });

  test('little is enough to read, to append, to trim, and to save', async () => {
    await shop();
    const log = await openJetStreamLog(await as('least', 'l'), { stream: 'shop' });
    const before = log.last;
    const { seen, stop } = followed(log, before);
    const [ts] = await log.append([entry(1)], { ids: ['least'] });
    await until(() => seen.includes(ts!));
    expect(await log.read(before, 10)).toHaveLength(1);
    await log.trim(before);

    expect(await log.head()).toEqual({ trimmed: before, last: ts });
    await log.save('own', { ts: 1, version: 1, state: 0 });
    expect(await log.load('own')).toMatchObject({ state: 0 });
    expect((await log.checkpoints()).map(({ name }) => name)).toContain('own');
    await log.forget('own');
    stop();
  });

  test('answers come where the connection says that they may', async () => {
    await shop();
    const connection = await (await guarded()).connect({ user: 'page', pass: 'p', inboxPrefix: '_INBOX_page' });
    const log = await openJetStreamLog(connection, { stream: 'shop' });
    const [ts] = await log.append([entry(1)]);

    expect(await log.read(ts! - 1, 10)).toHaveLength(1);
  });

  test('whoever may publish, and not listen to the answer, does not know what became of it', async () => {
    await shop();
    const connection = await (await guarded()).connect({ user: 'page', pass: 'p', inboxPrefix: '_INBOX_page' });
    const log = await openJetStreamLog(connection, { stream: 'shop' });
    const elsewhere = Object.create(connection, {
      options: { value: { inboxPrefix: '_INBOX' } },
    }) as JetStreamConnection;
    const acks = new Acks(elsewhere);
    const { last } = await log.head();

    const error = await rejection(acks.publish('shop', new TextEncoder().encode('{"messages":[],"at":0}')));
    expect(error).toMatchObject({ name: 'PermissionViolationError', operation: 'subscription' });
    expect(isRefusal(error)).toBe(false);
    // It is stored, in fact.
    expect((await log.head()).last).toBe(last + 1);
  });

  test('a dispatcher tells whoever sends', async () => {
    await shop();
    const dispatcher = await openDispatcher<number>(
      await openJetStreamLog(await as('reader', 'r'), { stream: 'shop' }),
    );

    expect(await rejection(dispatcher.sender('s', 'a').send(1))).toMatchObject({ name: 'StreamAccessError' });
  });
});

describe('limits of the server', () => {
  test('a message that is too large stores nothing of its batch', async () => {
    const { log } = await openNew(await small());
    const large = entry('x'.repeat(5000));

    expect(await rejection(log.append([entry(1), large, entry(2)]))).toMatchObject({
      name: 'PayloadTooLargeError',
      code: 'RCD141',
      most: 4096,
      stored: 'nothing',
    });
    expect(await rejection(log.save('sum', { ts: 0, version: 1, state: 'x'.repeat(5000) }))).toMatchObject({
      name: 'PayloadTooLargeError',
    });
    expect(await log.append([entry(1)])).toEqual([1]);
  });

  test('the limit of the stream counts, too', async () => {
    const connection = await (await server()).connect();
    const manager = await jetstreamManager(connection);
    const stream = newName();
    await manager.streams.add({ name: stream, subjects: [stream], max_msg_size: 1000 });
    const log = await openJetStreamLog(connection, { stream });

    expect(await rejection(log.append([entry('x'.repeat(2000))]))).toMatchObject({
      name: 'PayloadTooLargeError',
      most: 1000,
    });
  });

  test('a stream that is full and keeps the old: a prefix is stored, nothing behind what was refused', async () => {
    const connection = await (await server()).connect();
    const manager = await jetstreamManager(connection);
    const stream = newName();
    await manager.streams.add({ name: stream, subjects: [stream], max_bytes: 10_000, discard: DiscardPolicy.New });
    const log = await openJetStreamLog(connection, { stream });
    const large = entry('x'.repeat(4000));

    expect(await rejection(log.append([large, large, large, entry('small')]))).toMatchObject({
      name: 'LogFullError',
      stored: 'unknown',
    });
    expect((await log.read(0, 10)).map(([, ts]) => ts)).toEqual([1, 2]);
    expect(await rejection(log.append([large]))).toMatchObject({ name: 'LogFullError', stored: 'nothing' });
    await log.trim(2);
    expect(await log.append([large])).toEqual([3]);
  });

  test('no room in the store of the server', async () => {
    const { log } = await openNew(await small());
    let error: unknown;
    for (let i = 0; i < 100 && error === undefined; i++) error = await failure(log.append([entry('x'.repeat(3000))]));

    expect(error).toMatchObject({ name: 'LogFullError', code: 'RCD109', stored: 'nothing' });
    await log.trim(log.last);
    await until(async () => (await failure(log.append([entry(1)]))) === undefined, 'room');
  });
});

describe('streams that can be a log, and others', () => {
  const make = async (config: object) => {
    const connection = await (await server()).connect();
    const manager = await jetstreamManager(connection);
    const name = newName();
    await manager.streams.add({ name, subjects: [name], ...config });
    return { name, connection, manager };
  };

  test('none of that name', async () => {
    const connection = await (await server()).connect();

    expect(await rejection(openJetStreamLog(connection, { stream: 'none' }))).toMatchObject({
      name: 'StreamMissingError',
      code: 'RCD142',
      stream: 'none',
    });
  });

  test('a mirror has the positions of another one', async () => {
    const { name: origin } = await make({});
    const { name, connection } = await make({ subjects: undefined, mirror: { name: origin } });

    expect(await rejection(openJetStreamLog(connection, { stream: name }))).toMatchObject({
      name: 'StreamUnfitError',
      code: 'RCD144',
      message: expect.stringContaining(`mirrors '${origin}'`) as string,
    });
  });

  test('one that takes from others, too, gives out positions of its own', async () => {
    const { name: origin, connection } = await make({});
    const source = await openJetStreamLog(connection, { stream: origin });
    const { name } = await make({ sources: [{ name: origin }] });
    const log = await openJetStreamLog(connection, { stream: name, subjects: name });
    await log.append([entry('own')]);
    await source.append([entry('other')]);
    await until(async () => (await log.head()).last === 2);

    expect(await log.append([entry('own')])).toEqual([3]);
    expect((await log.read(0, 10)).map(([, ts]) => ts)).toEqual([1, 3]);
  });

  test.each([
    ['deletes what was read', { retention: 'workqueue' }, {}],
    ['does not acknowledge', { no_ack: true }, {}],
    ['less than the 600000 ms', {}, { dedupe: 600_000 }],
    ['is not among its subjects', {}, { subjects: 'elsewhere' }],
  ])('refused: %s', async (why, config, options) => {
    const { name, connection } = await make(config);

    expect(await rejection(openJetStreamLog(connection, { stream: name, ...options }))).toMatchObject({
      name: 'StreamUnfitError',
      message: expect.stringContaining(why) as string,
    });
  });

  test('wildcards: entries are published on one subject, and read from all', async () => {
    const { name, connection } = await make({ subjects: undefined });
    const stream = `${name}W`;
    const log = await openJetStreamLog<unknown>(connection, { stream, subjects: [`${stream}.*.>`] });
    await log.append(['a']);
    connection.publish(`${stream}.other.x`, '"b"');
    await connection.flush();

    expect(await log.read(0, 10)).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    await expect(openJetStreamLog(connection, { stream })).resolves.toMatchObject({ id: log.id });
  });

  test('a message that is no entry is named, wherever it is read', async () => {
    const { log, stream, connection } = await openNew(await server());
    await log.append([entry(1)]);
    connection.publish(stream, 'no JSON');
    await connection.flush();
    const foreign = { name: 'ForeignMessageError', code: 'RCD145', subject: stream, ts: 2 };
    const { seen, end } = followed(log);

    expect(await end).toMatchObject(foreign);
    expect(seen).toEqual([1]);
    expect(await rejection(log.read(0, 10))).toMatchObject(foreign);
  });

  test('two that make the same stream at once open the same', async () => {
    const { name } = await make({});
    const connections = await Promise.all([1, 2, 3].map(async () => (await server()).connect()));
    const logs: EventLog[] = await Promise.all(
      connections.map((connection) => openJetStreamLog(connection, { stream: `${name}N`, subjects: `${name}N` })),
    );

    expect(new Set(logs.map(({ id }) => id)).size).toBe(1);
  });
});

describe('arguments', () => {
  test.each([
    [undefined, 'connection'],
    [{}, 'connection'],
    [null, 'connection'],
  ])('no connection: %s', async (connection, parameter) => {
    expect(await rejection(openJetStreamLog(connection as never, { stream: 's' }))).toMatchObject({
      name: 'InvalidArgumentError',
      parameter,
    });
  });

  test.each([
    [{}, 'stream'],
    [{ stream: 'a.b' }, 'stream'],
    [{ stream: 's', subjects: [] }, 'subjects'],
    [{ stream: 's', subjects: 'a..b' }, 'subjects'],
    [{ stream: 's', subjects: 'a.>.b' }, 'subjects'],
    [{ stream: 's', dedupe: 1 }, 'dedupe'],
    [{ stream: 's', timeout: 0 }, 'timeout'],
    [{ stream: 's', filtered: 'yes' }, 'filtered'],
  ])('%j', async (options, option) => {
    const connection = {
      publish: () => 0,
      subscribe: () => 0,
      status: () => 0,
      isClosed: () => false,
    } as unknown as JetStreamConnection;

    expect(await rejection(openJetStreamLog(connection, options as never))).toMatchObject({
      name: 'InvalidOptionError',
      option,
    });
  });

  test('without the peer, the error says what to install', async () => {
    vi.doMock('@nats-io/jetstream', () => {
      throw new Error('not found');
    });
    try {
      const connection = await (await server()).connect();
      expect(await rejection(openJetStreamLog(connection, { stream: 's' }))).toMatchObject({
        name: 'MissingPeerError',
        message: expect.stringContaining('npm install @nats-io/jetstream@3') as string,
      });
    } finally {
      vi.doUnmock('@nats-io/jetstream');
    }
  });

  test('so does a checkpoint without its own', async () => {
    vi.doMock('@nats-io/kv', () => {
      throw new Error('not found');
    });
    try {
      const { log } = await openNew(await server());
      expect(await rejection(log.load('sum'))).toMatchObject({
        name: 'MissingPeerError',
        message: expect.stringContaining('npm install @nats-io/kv@3') as string,
      });
    } finally {
      vi.doUnmock('@nats-io/kv');
    }
  });
});
