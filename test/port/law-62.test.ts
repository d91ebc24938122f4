import { createDispatcher, serialize } from 'rxjs-clocked-dispatch';
import { memoryLog, openDispatcher } from 'rxjs-clocked-dispatch/log';
import { connect, serve, type Server } from 'rxjs-clocked-dispatch/port';
import { describe, expect, test } from 'vitest';
import { FlakyLine, join, rawClient } from './support/flaky-line.js';
import { FlakyDial } from './support/line-steps.js';
import { settle, until } from './support/settle.js';
import { stored } from './support/stored.js';
import { VirtualTime } from './support/virtual-time.js';

describe('law 62: what a server remembers of senders is bounded, and what it has forgotten is "unknown"', () => {
  test('sessions without a line are remembered up to a number, the oldest are forgotten first', async () => {
    const dispatcher = createDispatcher<string>(serialize());
    dispatcher.receiver('ui');
    const server = serve(dispatcher, { sessions: 2 });
    for (const session of ['a', 'b', 'c']) {
      const client = rawClient((line) => server.accept(line)).hello({ session });
      client.say(['join', 1, join()], ['send', 1, 1, ['x']]);
      await settle();
      client.line.close();
      await settle();
    }
    expect(server.stats()).toMatchObject({ lines: 0, sessions: 2, senders: 2 });
    const known: unknown[] = [];
    for (const session of ['a', 'b', 'c']) {
      const client = rawClient((line) => server.accept(line)).hello({ session });
      client.say(['join', 1, join({ sent: 1 })]);
      await settle();
      known.push([client.of('joined')[0]![2], client.of('acks').length]);
      client.line.close();
    }
    expect(known).toEqual([
      [{ last: 1, known: false }, 0],
      [{ last: 1, known: true }, 1],
      [{ last: 1, known: true }, 1],
    ]);
    server.close();
  });

  test('answers are told again for the window only, each by its own number', async () => {
    const dispatcher = createDispatcher<string>(serialize());
    dispatcher.receiver('ui').subscribe();
    dispatcher.broadcaster('own');
    const server = serve(dispatcher, { window: 4 });
    const open = (): ReturnType<typeof rawClient> => rawClient((line) => server.accept(line)).hello({ session: 'a' });
    const first = open();
    first.say(['join', 1, join()]);
    for (let number = 1; number <= 10; number++) {
      first.say(['send', 1, number, ['x']]);
      await settle();
    }
    first.line.close();
    await settle();

    const second = open();
    second.say(['join', 1, join({ next: 1, sent: 10 })]);
    await settle();
    expect(second.of('acks').map(([, , number, timestamps]) => [number, timestamps])).toEqual([[7, [7, 8, 9, 10]]]);
    server.close();
  });

  test('a session is let go some time after its line', async () => {
    const time = new VirtualTime();
    const dispatcher = createDispatcher<string>(serialize());
    const receiver = dispatcher.receiver('ui');
    const server = serve(dispatcher, { linger: 500, scheduler: time, silence: Infinity });
    const client = rawClient((line) => server.accept(line)).hello();
    client.say(['join', 1, join()]);
    await settle();
    client.line.close();
    await settle();
    await time.pass(499);
    expect(server.stats()).toMatchObject({ sessions: 1, senders: 1 });
    expect(receiver.closed).toBe(false);
    await time.pass(1);
    expect(server.stats()).toMatchObject({ sessions: 0, senders: 0 });
    expect(time.timers).toBe(0);
    receiver.subscribe();
    await settle();
    expect(receiver.closed, 'its last sender has left').toBe(true);
  });

  test('a message that was under way when its session was forgotten rejects with SendUnknownError, and is there once', async () => {
    const dispatcher = createDispatcher<string>(serialize());
    // Its receivers stay when the only other sender leaves.
    dispatcher.broadcaster('own');
    const got: unknown[] = [];
    dispatcher.receiver('ui').subscribe(([value]) => got.push(value));
    let server: Server = serve(dispatcher);
    let line!: FlakyLine;
    const connection = connect<string>(
      () => {
        line = new FlakyLine();
        server.accept(line.server);
        return line.client;
      },
      { retry: 0, maxRetry: 1 },
    );
    const flow = async (): Promise<void> => {
      for (let i = 0; i < 5; i++) {
        line.deliver();
        await settle(1);
      }
    };
    const sender = connection.sender('web', 'ui');
    await flow();
    const first = sender.send('one').catch((error: unknown) => error);
    await settle();
    // It arrives, and its answer does not.
    line.server.deliver(Infinity);
    await settle();
    expect(got).toEqual(['one']);
    line.break();
    server.close();
    server = serve(dispatcher);
    const later = sender.send('two');
    await until(() => {
      line.deliver();
      return got.length > 1;
    });
    await flow();
    expect(await first).toMatchObject({ code: 'RCD123', sender: 'web', after: 0, stored: 'unknown' });
    expect(await later).toBe(2);
    expect(got).toEqual(['one', 'two']);
    connection.close();
    server.close();
  });

  test('of a log, what is sent again later than its ids are remembered is unknown', async () => {
    const dispatcher = await openDispatcher<string>(memoryLog());
    const own = dispatcher.sender('own', 'ui');
    const server = serve(dispatcher, { dedupe: 10 });
    const ask = async (since: number): Promise<unknown> => {
      const client = rawClient((line) => server.accept(line)).hello({ session: `s${since}` });
      client.say(['join', 1, join({ sent: 1, since })]);
      await settle();
      client.line.close();
      return client.of('joined')[0]![2];
    };
    for (let i = 0; i < 15; i++) await own.send('x');
    expect(await ask(5)).toEqual({ last: 0, known: true });
    expect(await ask(4)).toEqual({ last: 1, known: false });
    server.close();
  });

  test('where another log is served now, what has no answer is unknown, and not stored there, too', async () => {
    const time = new VirtualTime();
    const logs = [memoryLog(), memoryLog()] as const;
    let server = serve(await openDispatcher<string>(logs[0]), { scheduler: time });
    const lines = new FlakyDial((line) => server.accept(line), time);
    const connection = connect<string>(lines.dial, { retry: 0, maxRetry: 1, scheduler: time });
    const sender = connection.sender('web', 'ui');
    await lines.flow();
    const sent = sender.send('x').catch((error: unknown) => error);
    await settle();
    lines.line!.server.deliver(Infinity);
    await settle();
    // It is stored; the answer does not arrive.
    lines.line!.break();
    server.close();
    server = serve(await openDispatcher<string>(logs[1]), { scheduler: time });
    await lines.flow();
    await lines.flow();
    expect(await sent).toMatchObject({ code: 'RCD123', sender: 'web', stored: 'unknown' });
    expect(logs.map(({ last }) => last)).toEqual([1, 0]);
    const next = sender.send('y');
    await lines.flow();
    expect(await next).toBe(1);
    connection.close();
    server.close();
  });

  test('that nothing is known is said again, where the line broke before it was heard', async () => {
    const dispatcher = createDispatcher<string>(serialize());
    dispatcher.receiver('ui');
    const server = serve(dispatcher);
    for (let line = 0; line < 3; line++) {
      const client = rawClient((end) => server.accept(end)).hello();
      client.say(['join', 1, join({ next: 1, sent: 2 })]);
      await settle();
      expect(client.of('joined')[0]![2]).toEqual({ last: 2, known: false });
      client.line.close();
      await settle();
    }
    const heard = rawClient((end) => server.accept(end)).hello();
    heard.say(['join', 1, join({ next: 3, sent: 2 })], ['send', 1, 3, ['x']]);
    await settle();
    expect(heard.of('joined')[0]![2]).toEqual({ last: 2, known: true });
    expect(heard.of('acks')).toEqual([['acks', 1, 3, [1]]]);
    server.close();
  });

  test('of a log, others may write between a join and what is sent again: it is unknown, and there once', async () => {
    const time = new VirtualTime();
    const log = memoryLog({ dedupe: 4 });
    const dispatcher = await openDispatcher<string>(log);
    const own = dispatcher.sender('own', 'others');
    const write = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) await own.send('x', { id: `${dispatcher.clock}` });
    };
    const start = (): Server => serve(dispatcher, { dedupe: 4, scheduler: time });
    let server = start();
    const lines = new FlakyDial((line) => server.accept(line), time);
    const connection = connect<string>(lines.dial, { retry: 0, maxRetry: 1, scheduler: time });
    const sender = connection.sender('web', 'ui');
    await lines.flow();
    const sent = sender.send('once').catch((error: unknown) => error);
    await time.pass(1);
    // It is stored, and its answer lost.
    lines.line!.server.deliver(Infinity);
    await time.pass(1);
    lines.line!.break();
    server.close();
    server = start();
    await write(3);
    // The new server has answered `join`, and knows everything from there.
    await time.pass(1);
    while (!lines.line!.posted('server').some(([kind]) => kind === 'joined')) {
      lines.line!.deliver();
      await time.pass(1);
    }
    await write(3);
    // Its line is closed, and by the next one it learns that nobody knows.
    for (let i = 0; i < 3; i++) await lines.flow();
    expect(await sent).toMatchObject({ code: 'RCD123', after: 0 });
    const next = sender.send('next');
    await lines.flow();
    expect(await next).toBe(8);
    expect((await stored(log, ['ui'])).map(([value]) => value)).toEqual(['once', 'next']);
    connection.close();
    server.close();
  });

  test('what is not answered when a connection is closed is unknown; what was not sent is refused', async () => {
    const line = new FlakyLine();
    const dispatcher = createDispatcher<string>(serialize());
    dispatcher.receiver('ui');
    const server = serve(dispatcher);
    server.accept(line.server);
    const connection = connect<string>(() => line.client);
    const sender = connection.sender('web', 'ui');
    for (let i = 0; i < 4; i++) {
      line.deliver();
      await settle(1);
    }
    const sent = sender.send('sent').catch((error: unknown) => error);
    await settle();
    const waits = sender.send('waits').catch((error: unknown) => error);
    connection.close();
    expect(await sent).toMatchObject({ code: 'RCD123' });
    expect(await waits).toMatchObject({ code: 'RCD023' });
    await expect(sender.send('late')).rejects.toMatchObject({ code: 'RCD023' });
    server.close();
  });
});
