import {
  alignLatest,
  ClosedError,
  createDispatcher,
  mapValue,
  NullValueError,
  optimistic,
  projection,
  serialize,
  watermark,
  whenClock,
} from 'rxjs-clocked-dispatch';
import { memoryLog, openDispatcher } from 'rxjs-clocked-dispatch/log';
import {
  connect,
  type Connection,
  type ConnectOptions,
  type Line,
  lineInMemory,
  serve,
  type Server,
} from 'rxjs-clocked-dispatch/port';
import { describe, expect, test } from 'vitest';
import { settle, until } from './support/settle.js';

/** A connection to a server; `line` is the one that is open. */
class Link<T> {
  line!: Line;
  server: Server;
  readonly connection: Connection<T>;

  constructor(server: Server, options: ConnectOptions = {}) {
    this.server = server;
    this.connection = connect<T>(
      () => {
        const [client, end] = lineInMemory();
        this.server.accept(end);
        this.line = client;
        return client;
      },
      { retry: 0, maxRetry: 1, ...options },
    );
  }

  /** The line breaks, and another one is opened. */
  async reconnect(between: () => void = () => undefined): Promise<void> {
    const { lines } = this.connection.stats();
    this.line.close('broken');
    between();
    await until(() => this.connection.stats().lines > lines || this.connection.stats().state === 'closed');
    await settle();
  }
}

describe('a receiver of a connection is one like a local one', () => {
  test('whenClock: read your own writes across the line', async () => {
    const dispatcher = await openDispatcher<string>(memoryLog());
    const { connection } = new Link<string>(serve(dispatcher));
    const [ui, log] = [connection.receiver('ui'), connection.receiver('log')];
    const seen: unknown[] = [];
    ui.subscribe((item) => seen.push(item));
    log.subscribe();
    const sender = connection.sender('web', 'ui');
    for (const value of ['a', 'b', 'c']) {
      const ts = await whenClock(sender.send(value), [ui, log]);
      expect(seen.at(-1)).toEqual([value, ts]);
      expect(log.clock).toBe(ts);
    }
    expect(ui.position).toEqual({ log: expect.any(String) as unknown, ts: 3 });
    connection.close();
  });

  test('projection and optimistic: never both, never neither', async () => {
    const dispatcher = await openDispatcher<number>(memoryLog());
    const { connection } = new Link<number>(serve(dispatcher));
    const sum = projection(connection.receiver('sum', { from: 0 }), {
      initial: 0,
      apply: (all, value: number) => all + value,
    });
    const view = optimistic(sum, { apply: (all, value: number) => all + value });
    const shown: number[] = [];
    view.subscribe(([value]) => value !== null && shown.push(value));
    const sender = connection.sender('web', 'sum');
    await settle(5);
    const sent = [1, 2, 4, 8].map((value) => view.send(sender, value));
    expect(view.value).toBe(15);
    await Promise.all(sent);
    await whenClock(4, sum);
    expect(view.pending).toEqual([]);
    expect(view.value).toBe(15);
    // It only ever grew: nothing was shown twice, and nothing was missing in between.
    expect([...shown].sort((a, b) => a - b)).toEqual(shown);
    expect(Math.max(...shown)).toBe(15);
    connection.close();
  });

  test('operators take it: alignLatest without glitches', async () => {
    const dispatcher = await openDispatcher<string>(memoryLog());
    const { connection } = new Link<string>(serve(dispatcher));
    const rows: unknown[] = [];
    const [a, b] = [connection.receiver('a', { from: 0 }), connection.receiver('b', { from: 0 })];
    alignLatest([a, b.pipe(mapValue((value) => value.toUpperCase()))]).subscribe(
      ([row]) => row !== null && rows.push(row),
    );
    await dispatcher.transact([
      [dispatcher.sender('sa', 'a'), 'x'],
      [dispatcher.sender('sb', 'b'), 'y'],
    ]);
    await whenClock(1, [a, b]);
    expect(rows).toEqual([['x', 'Y']]);
    connection.close();
  });

  test('for await, deliveries, bound and stats', async () => {
    const dispatcher = await openDispatcher<number>(memoryLog());
    const own = dispatcher.sender('own', 'ui');
    for (let i = 1; i <= 9; i++) await own.send(i);
    const { connection } = new Link<number>(serve(dispatcher));
    const receiver = connection.receiver('ui', { from: 0, bound: 2 });
    const read: number[] = [];
    for await (const { value, ack } of receiver.deliveries()) {
      read.push(value);
      if (value === 4) break;
      ack();
    }
    for await (const [value] of receiver) {
      if (value !== null) read.push(value);
      if (value === 9) break;
    }
    expect(read).toEqual([1, 2, 3, 4, 4, 5, 6, 7, 8, 9]);
    expect(receiver.dispatcher.stats().receivers).toMatchObject([{ name: 'ui', delivered: 9, bound: 2 }]);
    connection.close();
  });

  test('receivers of a watermark dispatcher may repeat timestamps, and say so', async () => {
    const dispatcher = createDispatcher<string>(watermark());
    const server = serve(dispatcher);
    const { connection } = new Link<string>(server);
    const receiver = connection.receiver('ui');
    const seen: unknown[] = [];
    receiver.subscribe((item) => seen.push(item));
    await settle(5);
    const [one, two] = [dispatcher.sender('one', 'ui'), dispatcher.sender('two', 'ui')];
    one.next(['a', -3]);
    two.next(['b', -3]);
    one.next([null, 5]);
    two.next([null, 5]);
    await settle(5);
    expect(seen).toEqual([
      ['a', -3],
      ['b', -3],
      [null, 5],
    ]);
    expect(receiver.unique).toBe(false);
    expect(receiver.settled).toBe(4);
    connection.close();
    server.close();
  });

  test('completes and fails as the one at the other side', async () => {
    const dispatcher = createDispatcher<string>(serialize());
    const { connection } = new Link<string>(serve(dispatcher));
    const ends: unknown[] = [];
    for (const name of ['one', 'two']) {
      connection.receiver(name).subscribe({
        next: ([value]) => value !== null && ends.push(value),
        error: (error: unknown) => ends.push(error),
        complete: () => ends.push('complete'),
      });
    }
    await settle(5);
    const one = dispatcher.sender('s1', 'one');
    const two = dispatcher.sender('s2', 'two');
    one.next('last');
    one.complete();
    await settle(5);
    two.error(new RangeError('out of range'));
    await settle(5);
    expect(ends).toMatchObject([
      'last',
      'complete',
      { code: 'RCD125', remoteName: 'RangeError', message: expect.stringContaining('out of range') as unknown },
    ]);
    connection.close();
  });

  test('one that has ended there, and is still read here, is not opened again', async () => {
    const dispatcher = createDispatcher<string>(serialize());
    const server = serve(dispatcher);
    const link = new Link<string>(server);
    const receiver = link.connection.receiver('ui');
    await settle(5);
    const own = dispatcher.sender('own', 'ui');
    own.next('a');
    own.complete();
    await settle(5);
    await link.reconnect();
    expect(server.stats().receivers).toBe(0);
    expect(await receiver.receive()).toEqual(['a', 1]);
    expect(await receiver.receive()).toBeUndefined();
    link.connection.close();
  });

  test('a sender that leaves before a line is open leaves its name at once', () => {
    const connection = connect<string>(() => new Promise(() => undefined));
    connection.sender('web', 'ui').complete();
    connection.sender('web', 'ui').error(new Error('no'));
    connection.sender('web', 'ui');
    expect(connection.stats().senders).toEqual([{ name: 'web', waiting: 0, underWay: 0 }]);
    connection.close();
  });

  test('a sender that has left leaves its name as soon as the last that waits is given up', async () => {
    const connection = connect<string>(() => new Promise(() => undefined));
    const sender = connection.sender('web', 'ui');
    const stop = new AbortController();
    const sent = sender.send('x', { signal: stop.signal });
    sender.complete();
    expect(connection.stats().senders).toMatchObject([{ name: 'web', waiting: 1 }]);
    stop.abort();
    expect(connection.stats().senders).toEqual([]);
    connection.sender('web', 'ui');
    await expect(sent).rejects.toBe(stop.signal.reason);
    connection.close();
  });

  test('law 22: what a sender brought before its error is stored, by a line that opens later and by an open one', async () => {
    const log = memoryLog();
    const dispatcher = await openDispatcher<string>(log);
    const { connection } = new Link<string>(serve(dispatcher));
    for (const [name, before] of [
      ['early', 0],
      ['late', 2],
    ] as const) {
      const sender = connection.sender(name, 'ui');
      const sent = sender.send(`${name} 1`);
      sender.next(`${name} 2`);
      sender.error(new RangeError('out of range'));
      expect(sender.closed).toBe(true);
      expect(await sent).toBe(before + 1);
      await until(() => dispatcher.clock === before + 2);
      await expect(sender.send('after')).rejects.toThrow(ClosedError);
      // Its name is free once it has left.
      await until(() => connection.stats().senders.length === 0);
    }
    const stored = (await log.read(0, 9)).map(([{ messages }]) => messages[0]?.value);
    expect(stored).toEqual(['early 1', 'early 2', 'late 1', 'late 2'].map((value) => JSON.stringify(value)));
    connection.close();
    expect(() => connection.receiver('late')).toThrow("the connection of 'late' is closed");
    expect(() => connection.sender('late', 'ui')).toThrow("the connection of 'late' is closed");
    await dispatcher.close();
  });

  test('what is no `meta` is refused before it is sent, and breaks no line', async () => {
    const dispatcher = await openDispatcher<string>(memoryLog());
    const { connection } = new Link<string>(serve(dispatcher));
    const [local, remote] = [dispatcher.sender('local', 'ui'), connection.sender('remote', 'ui')];
    for (const meta of [null, 5, 'm', [], true]) {
      for (const sender of [local, remote]) {
        await expect(sender.send('x', { meta } as object)).rejects.toMatchObject({
          name: 'InvalidOptionError',
          option: 'meta',
        });
      }
    }
    expect(await remote.send('y', { meta: { schema: 2 } })).toBe(1);
    expect(connection.stats().lines).toBe(1);
    connection.close();
    await dispatcher.close();
  });

  test('what is refused after an error of the sender stops what is behind it', async () => {
    const dispatcher = await openDispatcher<string>(memoryLog(), { names: ['ui'] });
    const { connection } = new Link<string>(serve(dispatcher, { authorize: ({ name }) => name !== 'web' }));
    const sender = connection.sender('web', 'ui');
    const sent = [sender.send('a'), sender.send('b')];
    sender.error(new RangeError('out of range'));
    for (const each of sent) await expect(each).rejects.toThrow('not allowed');
    await until(() => connection.stats().senders.length === 0);
    expect(dispatcher.clock).toBe(0);
    connection.close();
    await dispatcher.close();
  });

  test('closing one closes it at the other side; names are free again', async () => {
    const dispatcher = createDispatcher<string>(serialize());
    const server = serve(dispatcher);
    const { connection } = new Link<string>(server);
    const first = connection.receiver('ui');
    expect(() => connection.receiver('ui')).toThrow(expect.objectContaining({ code: 'RCD007' }) as Error);
    await settle(5);
    first.close();
    await settle(5);
    expect(dispatcher.stats().receivers).toEqual([]);
    connection.receiver('ui');
    const sender = connection.sender('web', 'ui');
    expect(() => connection.sender('web', 'ui')).toThrow(expect.objectContaining({ code: 'RCD007' }) as Error);
    await settle(5);
    expect(server.stats().senders).toBe(1);
    const sent = sender.send('before');
    sender.complete();
    expect(await sent).toBe(1);
    await settle(5);
    expect(server.stats().senders).toBe(0);
    connection.sender('web', 'ui').complete();
    connection.close();
    expect(() => connection.receiver('late')).toThrow(expect.objectContaining({ code: 'RCD023' }) as Error);
    expect(() => connection.sender('late', 'ui')).toThrow(expect.objectContaining({ code: 'RCD023' }) as Error);
  });
});

describe('a sender of a connection', () => {
  test('takes ids and meta, refuses what can not be sent, and gives up what was not sent', async () => {
    const log = memoryLog();
    const dispatcher = await openDispatcher<unknown>(log);
    const { connection } = new Link<object | string>(serve(dispatcher));
    const sender = connection.sender('web', 'ui');
    const abort = new AbortController();
    const given = sender.send('given up', { signal: abort.signal });
    abort.abort('changed my mind');
    await expect(given).rejects.toBe('changed my mind');
    expect(await sender.send('a', { id: 'one', meta: { v: 2 } })).toBe(1);
    expect(await sender.send('again', { id: 'one' })).toBe(1);
    expect(await log.read(0, 9)).toMatchObject([[{ id: 'one', meta: { v: 2 } }, 1]]);
    await expect(sender.send(null as unknown as string)).rejects.toMatchObject({ code: 'RCD010' });
    await expect(sender.send('x', { id: '' })).rejects.toMatchObject({ code: 'RCD001' });
    await expect(sender.send({ when: new Date() })).rejects.toMatchObject({ remoteName: 'UnstorableValueError' });
    connection.close();
  });

  test('law 50: nothing goes out behind a next of null, which throws', async () => {
    const dispatcher = await openDispatcher<string>(memoryLog());
    const { connection } = new Link<string>(serve(dispatcher));
    const sender = connection.sender('web', 'ui');
    await settle();
    expect(() => sender.next(null as never)).toThrow(NullValueError);
    expect([sender.closed, sender.failure]).toEqual([true, expect.any(NullValueError)]);
    sender.next('behind');
    await expect(sender.send('behind')).rejects.toBe(sender.failure);
    await settle();
    expect(dispatcher.stats().head).toBe(0);
  });

  test('next: in order, and nothing behind what was refused', async () => {
    const dispatcher = await openDispatcher<unknown>(memoryLog());
    const seen: unknown[] = [];
    dispatcher.receiver('ui').subscribe(([value]) => seen.push(value));
    const { connection } = new Link<unknown>(serve(dispatcher));
    const sender = connection.sender('web', 'ui');
    sender.next('a');
    sender.next('b');
    await settle(10);
    sender.next({ bad: new Date() });
    await settle(10);
    sender.next('c');
    await settle(10);
    expect(seen).toEqual(['a', 'b']);
    expect(sender.closed).toBe(true);
    expect(sender.failure).toMatchObject({ remoteCode: 'RCD107' });
    connection.close();
  });
});

describe('a dispatcher in memory', () => {
  test('where nothing was missed a receiver goes on; else its past is gone', async () => {
    const dispatcher = createDispatcher<string>(serialize());
    const own = dispatcher.broadcaster('own');
    const link = new Link<string>(serve(dispatcher));
    const seen: unknown[] = [];
    const receiver = link.connection.receiver('ui');
    receiver.subscribe({ next: ([value]) => seen.push(value), error: (error: unknown) => seen.push(error) });
    await settle(5);
    await own.send('a');
    await settle(5);
    await link.reconnect();
    await own.send('b');
    await settle(5);
    expect(seen).toEqual(['a', 'b']);
    dispatcher.receiver('other');
    await link.reconnect(() => own.next('missed'));
    await settle(5);
    expect(seen).toMatchObject(['a', 'b', { code: 'RCD122', receiver: 'ui', at: 2, clock: 3 }]);
    link.connection.close();
  });

  test("onGone: 'now' leaves out what was missed", async () => {
    const dispatcher = createDispatcher<string>(serialize());
    const own = dispatcher.broadcaster('own');
    dispatcher.receiver('other');
    const link = new Link<string>(serve(dispatcher));
    const seen: unknown[] = [];
    link.connection.receiver('ui', { onGone: 'now' }).subscribe((item) => seen.push(item));
    await settle(5);
    await own.send('a');
    await settle(5);
    await link.reconnect(() => own.next('missed'));
    await own.send('c');
    await settle(5);
    expect(seen).toEqual([
      ['a', 1],
      [null, 2],
      ['c', 3],
    ]);
    link.connection.close();
  });

  test('after a restart its timestamps are others: the past is gone', async () => {
    const link = new Link<string>(serve(createDispatcher<string>(serialize({ seed: 5 }))));
    const errors: unknown[] = [];
    link.connection.receiver('ui', { onGone: 'now' }).subscribe({ error: (error: unknown) => errors.push(error) });
    await settle(5);
    link.server = serve(createDispatcher<string>(serialize({ seed: 5 })));
    await link.reconnect();
    expect(errors).toMatchObject([{ code: 'RCD122', at: 5, clock: null }]);
    link.connection.close();
  });

  test('answers of a session that has a newer line go there, and nothing comes twice', async () => {
    const dispatcher = createDispatcher<string>(serialize(), { bound: 1 });
    const receiver = dispatcher.receiver('ui');
    const link = new Link<string>(serve(dispatcher));
    const sender = link.connection.sender('web', 'ui');
    const sent = [sender.send('a'), sender.send('b'), sender.send('c')];
    await settle(5);
    await link.reconnect();
    await settle(5);
    const read: unknown[] = [];
    while (read.length < 3) read.push((await receiver.receive())?.[0]);
    expect(await Promise.all(sent)).toEqual([1, 2, 3]);
    expect(read).toEqual(['a', 'b', 'c']);
    link.connection.close();
  });

  test('served anew it is the same: where nothing was missed a receiver goes on', async () => {
    const dispatcher = createDispatcher<string>(serialize());
    const own = dispatcher.broadcaster('own');
    const link = new Link<string>(serve(dispatcher));
    const seen: unknown[] = [];
    link.connection
      .receiver('ui')
      .subscribe({ next: ([value]) => seen.push(value), error: (error: unknown) => seen.push(error) });
    await settle(5);
    await own.send('a');
    await settle(5);
    link.server = serve(dispatcher);
    await link.reconnect();
    await own.send('b');
    await settle(5);
    expect(seen).toEqual(['a', 'b']);
    link.connection.close();
  });
});

test.each([
  ['in memory', () => createDispatcher<string>(serialize())],
  ['with a log', () => openDispatcher<string>(memoryLog())],
])('a dispatcher %s that several servers give to others has names for all of them', async (_title, make) => {
  const dispatcher = await make();
  dispatcher.receiver('ui');
  const links = [new Link<string>(serve(dispatcher)), new Link<string>(serve(dispatcher))];
  const senders = links.map(({ connection }) => connection.sender('web', 'ui'));
  expect(await Promise.all(senders.map((sender) => sender.send('x')))).toEqual([1, 2]);
  for (const { connection } of links) connection.close();
});
