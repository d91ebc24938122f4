import { createDispatcher, serialize } from 'rxjs-clocked-dispatch';
import { connect, lineInMemory, serve } from 'rxjs-clocked-dispatch/port';
import { describe, expect, test } from 'vitest';
import { FlakyLine } from './support/flaky-line.js';
import { FlakyDial } from './support/line-steps.js';
import { settle } from './support/settle.js';
import { VirtualTime } from './support/virtual-time.js';

describe('law 65: a peer that is gone without a word is noticed, and what was kept for it is let go', () => {
  test('its receivers, its senders, and what of it waits', async () => {
    const time = new VirtualTime();
    const dispatcher = createDispatcher<string>(serialize(), { bound: 1 });
    dispatcher.broadcaster('own');
    dispatcher.receiver('slow');
    const server = serve(dispatcher, { silence: 1000, linger: 2000, scheduler: time });
    const line = new FlakyLine();
    server.accept(line.server);
    const connection = connect<string>(() => line.client, { scheduler: time, silence: Infinity });
    const mine = connection.receiver('mine');
    const sender = connection.sender('web', ['slow', 'mine']);
    const sent = ['a', 'b', 'c'].map((value) => sender.send(value).catch((error: unknown) => error));
    for (let i = 0; i < 6; i++) {
      line.deliver();
      await settle(1);
    }
    expect(server.stats()).toMatchObject({ lines: 1, receivers: 1, senders: 1 });
    expect(dispatcher.stats().receivers).toMatchObject([{ name: 'slow', waiting: 2 }, { name: 'mine' }]);

    // From now on there is nothing but silence.
    await time.pass(1250);
    expect(server.stats()).toMatchObject({ lines: 0, receivers: 0, sessions: 1, senders: 1 });
    expect(dispatcher.stats().receivers.map(({ name }) => name)).toEqual(['slow']);
    await time.pass(2000);
    expect(server.stats()).toMatchObject({ sessions: 0, senders: 0 });
    expect(dispatcher.stats()).toMatchObject({ sources: [{ name: 'own' }], receivers: [{ name: 'slow', waiting: 0 }] });
    expect(time.timers).toBe(0);
    connection.close();
    await Promise.all(sent);
    expect(mine.closed || connection.stats().state === 'closed').toBe(true);
  });

  test.each(['before', 'after'])('a sender that leaves %s its line breaks is let go by the next', async (when) => {
    const time = new VirtualTime();
    const dispatcher = createDispatcher<string>(serialize());
    dispatcher.broadcaster('own');
    dispatcher.receiver('ui').subscribe();
    const server = serve(dispatcher, { scheduler: time });
    const lines = new FlakyDial((line) => server.accept(line), time);
    const connection = connect<string>(lines.dial, { retry: 0, maxRetry: 1, scheduler: time });
    const sender = connection.sender('web', 'ui');
    await lines.flow();
    expect(server.stats().senders).toBe(1);
    if (when === 'after') lines.line!.break();
    sender.complete();
    await Promise.resolve();
    // What is said of it does not arrive.
    lines.line!.break();
    expect(connection.stats().senders).toEqual([]);
    const again = connection.sender('web', 'ui');
    await lines.flow();
    await lines.flow();
    expect(server.stats()).toMatchObject({ lines: 1, sessions: 1, senders: 1 });
    again.complete();
    await lines.flow();
    expect(server.stats().senders).toBe(0);
    expect(dispatcher.stats().sources).toMatchObject([{ name: 'own' }]);
    connection.close();
    server.close();
  });

  test('a line for which `token` throws is closed at both sides', async () => {
    const server = serve(createDispatcher<string>(serialize()), { silence: Infinity });
    const connection = connect<string>(
      () => {
        const [client, end] = lineInMemory();
        server.accept(end);
        return client;
      },
      {
        token: () => {
          throw new Error('no token');
        },
        retry: 10_000,
      },
    );
    await settle();
    expect(connection.stats()).toMatchObject({ state: 'waiting', lines: 0 });
    expect(server.stats()).toMatchObject({ accepted: 1, lines: 0 });
    connection.close();
    server.close();
  });

  test('a sender that may join no more by the next line is let go, though its client stays', async () => {
    const dispatcher = createDispatcher<string>(serialize());
    let hasCompleted = false;
    dispatcher.receiver('ui').subscribe({ complete: () => (hasCompleted = true) });
    let isAllowed = true;
    const time = new VirtualTime();
    const server = serve(dispatcher, { authorize: () => isAllowed, scheduler: time });
    const lines = new FlakyDial((line) => server.accept(line), time);
    const connection = connect<string>(lines.dial, { retry: 0, maxRetry: 1, scheduler: time });
    const sender = connection.sender('web', 'ui');
    await lines.flow();
    expect(server.stats()).toMatchObject({ lines: 1, senders: 1 });
    isAllowed = false;
    lines.line!.break();
    await lines.flow();
    await lines.flow();
    await expect(sender.send('x')).rejects.toMatchObject({ code: 'RCD124' });
    expect(server.stats()).toMatchObject({ lines: 1, sessions: 1, senders: 0 });
    expect(hasCompleted).toBe(true);
    connection.close();
    server.close();
  });
});
