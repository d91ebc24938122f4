import { createDispatcher, serialize } from 'rxjs-clocked-dispatch';
import { memoryLog, openDispatcher } from 'rxjs-clocked-dispatch/log';
import { connect, lineInMemory, serve } from 'rxjs-clocked-dispatch/port';
import { describe, expect, test } from 'vitest';
import { open, rawClient } from './support/flaky-line.js';
import { FlakyDial } from './support/line-steps.js';
import { settle } from './support/settle.js';
import { VirtualTime } from './support/virtual-time.js';

/** How many messages have come in items. */
function messages(frames: readonly (readonly unknown[])[]): number {
  return frames.reduce((sum, frame) => sum + (frame[2] as unknown[]).length, 0);
}

describe('law 60: no more than the granted credit is under way', () => {
  test('a server sends as many messages as it was asked for', async () => {
    const dispatcher = await openDispatcher<number>(memoryLog());
    const sender = dispatcher.sender('web', 'ui');
    for (let i = 0; i < 20; i++) await sender.send(i);
    const server = serve(dispatcher);
    const client = rawClient((line) => server.accept(line)).hello();
    client.say(['open', 1, open({ from: 0, credit: 3 })]);
    await settle(10);
    expect(messages(client.of('items'))).toBe(3);

    client.say(['credit', 1, 5]);
    await settle(10);
    expect(messages(client.of('items'))).toBe(8);
    expect(client.of('items').flatMap((frame) => frame[3])).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    server.close();
  });

  test('ticks need no credit, and are told once for many', async () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [other] = dispatcher.channel('web', 'other');
    const server = serve(dispatcher);
    const client = rawClient((line) => server.accept(line)).hello();
    client.say(['open', 1, open({ credit: 1 })]);
    await settle();
    for (let i = 0; i < 100; i++) other.next('x');
    await settle();
    const items = client.of('items');
    expect(messages(items)).toBe(0);
    expect(items.length).toBeLessThan(5);
    expect(items.at(-1)![4]).toBe(100);
    server.close();
  });

  test('ticks wait for a client that shows no sign of life', async () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [other] = dispatcher.channel('web', 'other', { overflow: 'drop-oldest' });
    const server = serve(dispatcher);
    const client = rawClient((line) => server.accept(line)).hello();
    client.say(['open', 1, open({ credit: 1 })]);
    await settle();
    for (let i = 0; i < 1000; i++) {
      other.next('x');
      await settle(1);
    }
    expect(client.of('items')).toHaveLength(256);
    expect(client.of('ping')).toHaveLength(1);
    client.say(['pong']);
    await settle();
    expect(client.of('items').at(-1)![4]).toBe(1000);
    server.close();
  });

  test('more credit than the window closes the line', async () => {
    const server = serve(createDispatcher<string>(serialize()), { window: 8 });
    for (const frames of [
      [['open', 1, open({ credit: 9 })]],
      [
        ['open', 1, open()],
        ['credit', 1, 5],
      ],
    ]) {
      const client = rawClient((line) => server.accept(line)).hello();
      client.say(...frames);
      await settle();
      expect(client.of('end')).toEqual([['end', 0, expect.objectContaining({ code: 'RCD120' })]]);
      expect(client.closed).toBeDefined();
    }
    expect(server.stats()).toMatchObject({ lines: 0, bad: 2, receivers: 0 });
    server.close();
  });

  test('a receiver that nobody reads holds its bound, and gets the rest as it is read', async () => {
    const dispatcher = await openDispatcher<number>(memoryLog());
    const sender = dispatcher.sender('web', 'ui');
    for (let i = 1; i <= 50; i++) await sender.send(i);
    const server = serve(dispatcher);
    const connection = connect<number>(() => {
      const [client, end] = lineInMemory();
      server.accept(end);
      return client;
    });
    const receiver = connection.receiver('ui', { from: 0, bound: 7 });
    await settle(20);
    expect(connection.stats().receivers).toMatchObject([{ name: 'ui', queued: 7 }]);
    expect(server.stats().sent).toBe(7);

    const read: unknown[] = [];
    for (let i = 0; i < 50; i++) {
      read.push((await receiver.receive())?.[0]);
      expect(connection.stats().receivers[0]!.queued).toBeLessThanOrEqual(7);
    }
    expect(read).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    connection.close();
    server.close();
  });

  test('a sender has no more than the window without an answer', async () => {
    const dispatcher = createDispatcher<number>(serialize(), { bound: 2 });
    const receiver = dispatcher.receiver('ui');
    const server = serve(dispatcher, { window: 5 });
    const connection = connect<number>(() => {
      const [client, end] = lineInMemory();
      server.accept(end);
      return client;
    });
    const sender = connection.sender('web', 'ui');
    const sent = Promise.all(Array.from({ length: 30 }, (_, i) => sender.send(i)));
    await settle(10);
    expect(connection.stats().senders).toEqual([{ name: 'web', waiting: 23, underWay: 5 }]);
    const read: unknown[] = [];
    receiver.subscribe(([value]) => read.push(value));
    expect(await sent).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    expect(read).toEqual(Array.from({ length: 30 }, (_, i) => i));
    connection.close();
    server.close();
  });

  test('what is sent again keeps to the window of the server that is there now', async () => {
    const time = new VirtualTime();
    const dispatcher = await openDispatcher<number>(memoryLog());
    let server = serve(dispatcher, { window: 8, scheduler: time });
    const lines = new FlakyDial((line) => server.accept(line), time);
    const connection = connect<number>(lines.dial, { retry: 0, maxRetry: 1, scheduler: time });
    const sender = connection.sender('web', 'ui');
    await lines.flow();
    const sent = Promise.all(Array.from({ length: 8 }, (_, i) => sender.send(i)));
    await time.pass(1);
    lines.line!.break();
    server.close();
    server = serve(dispatcher, { window: 2, scheduler: time });
    for (let i = 0; i < 5; i++) await lines.flow();
    expect(server.stats()).toMatchObject({ accepted: 1, bad: 0 });
    expect(await sent).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    connection.close();
    server.close();
  });

  test('a sender takes no more calls than may wait', async () => {
    const connection = connect<number>(() => lineInMemory()[0], { maxWaiting: 2 });
    const sender = connection.sender('web', 'ui');
    const first = [sender.send(1), sender.send(2)];
    await expect(sender.send(3)).rejects.toMatchObject({ name: 'TooManyWaitingError' });
    sender.next(4);
    expect(sender.failure).toMatchObject({ name: 'TooManyWaitingError' });
    expect((await Promise.allSettled(first)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    connection.close();
  });
});
