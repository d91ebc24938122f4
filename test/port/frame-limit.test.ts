import { ALL, type ClockedReceiver, createDispatcher, serialize } from 'rxjs-clocked-dispatch';
import { type DurableDispatcher, memoryLog, openDispatcher } from 'rxjs-clocked-dispatch/log';
import { connect, type Connection, type Line, lineInMemory, serve, transportLine } from 'rxjs-clocked-dispatch/port';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changedLine } from '../support/changed-line.js';
import { until } from './support/settle.js';
import { SocketServer, type SocketServerOptions } from './support/sockets.js';

const MOST = 1000;
/** What a frame has besides the text of its only message. */
const AROUND = JSON.stringify(['send', 1, 1, ['']]).length;

let dispatcher: DurableDispatcher<unknown>;
let server: SocketServer | undefined;
beforeEach(async () => {
  dispatcher = await openDispatcher(memoryLog());
});
afterEach(async () => {
  server?.close();
  server = undefined;
  await dispatcher.close();
});

async function serving(options: SocketServerOptions = { line: { maxFrame: MOST } }): Promise<SocketServer> {
  return (server = await SocketServer.open(dispatcher, options));
}

/** A text of so many bytes. */
function textOf(bytes: number, character = 'x'): string {
  const size = Buffer.byteLength(character);
  return character.repeat(Math.floor(bytes / size)) + 'x'.repeat(bytes % size);
}

/** What a receiver is told: texts by their first character and length. */
function heardBy(receiver: ClockedReceiver<unknown>): { readonly values: unknown[]; readonly errors: unknown[] } {
  const heard = { values: [] as unknown[], errors: [] as unknown[] };
  receiver.subscribe({
    next: ([value]) => {
      if (value !== null) heard.values.push(value);
    },
    error: (error: unknown) => heard.errors.push(error),
  });
  return heard;
}

const outcome = (sent: Promise<number>): Promise<unknown> => sent.catch((error: unknown) => error);
const tooLarge = (more: object): unknown => expect.objectContaining({ code: 'RCD127', ...more }) as unknown;

describe('a message that is longer than the other side takes', () => {
  test.each(['x', 'é', '日', '😀', '"'])(
    'law 63: is refused by bytes, from the first that is too many on: %s',
    async (character) => {
      const server = await serving();
      const connection = server.client();
      const sender = connection.sender('desk', 'orders');
      const sizeOf = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2;
      const text = (bytes: number): string => {
        const one = sizeOf(character);
        return character.repeat(Math.floor(bytes / one)) + 'x'.repeat(bytes % one);
      };

      expect(await outcome(sender.send(text(MOST - AROUND - 1)))).toBe(1);
      expect(await outcome(sender.send(text(MOST - AROUND)))).toBe(2);
      expect(await outcome(sender.send(text(MOST - AROUND + 1)))).toEqual(
        tooLarge({ kind: 'sender', owner: 'desk', bytes: MOST + 1, most: MOST }),
      );
      expect(await outcome(sender.send('behind'))).toBe(3);
      expect(connection.stats().lines).toBe(1);
      expect(sender.closed).toBe(false);
    },
  );

  test.each([['a'], [['a', 'b']], [ALL]] as const)(
    'law 61: harms nothing else of its connection: to %s',
    async (to) => {
      const server = await serving();
      const connection = server.client();
      const read = heardBy(connection.receiver('a', { from: 0 }));
      const ticking = connection.receiver('ticking', { from: 0 });
      const told = heardBy(ticking);
      const sender = connection.sender('desk', to);
      const other = connection.sender('other', 'a');

      const all = await Promise.all(
        [sender.send('1'), sender.send(textOf(2 * MOST)), other.send('2'), sender.send('3')].map(outcome),
      );

      expect(all).toEqual([1, tooLarge({ owner: 'desk', most: MOST }), 3, 2]);
      await until(() => read.values.length === 3 && ticking.clock === 3);
      expect(read).toEqual({ values: ['1', '3', '2'], errors: [] });
      if (to !== ALL) expect(told).toEqual({ values: [], errors: [] });
      expect(connection.stats().lines).toBe(1);
    },
  );

  test('is refused as soon as the limit is known, where it was sent before', async () => {
    const server = await serving();
    const connection = server.client();
    const sender = connection.sender('desk', 'orders');
    const sent = ['before', textOf(MOST), textOf(MOST * 5), 'behind'].map((value) => outcome(sender.send(value)));
    expect(connection.stats().state).toBe('connecting');

    expect(await Promise.all(sent)).toEqual([1, tooLarge({ most: MOST }), tooLarge({ most: MOST }), 2]);
    expect(connection.stats()).toMatchObject({ lines: 1, senders: [{ waiting: 0, underWay: 0 }] });
  });

  test('counts with what is said of it', async () => {
    const server = await serving();
    const sender = server.client().sender('desk', 'orders');
    const value = textOf(MOST - AROUND);

    expect(await outcome(sender.send(value))).toBe(1);
    expect(await outcome(sender.send(value, { id: 'own' }))).toEqual(tooLarge({ most: MOST }));
    expect(await outcome(sender.send('short', { meta: { trace: value } }))).toEqual(tooLarge({ most: MOST }));
    expect(await outcome(sender.send('short', { meta: { trace: 'short' } }))).toBe(2);
  });

  test('given to next, fails its sender: what came before is accepted, and nothing behind', async () => {
    const server = await serving();
    const connection = server.client();
    const { values } = heardBy(connection.receiver('orders', { from: 0 }));
    const sender = connection.sender('desk', 'orders');
    for (let i = 0; i < 30; i++) sender.next(textOf(100));
    sender.next(textOf(MOST));
    sender.next('behind');

    await until(() => values.length === 30);
    await until(() => sender.closed);
    expect(sender.failure).toEqual(tooLarge({ kind: 'sender', owner: 'desk' }));
    expect(await outcome(connection.sender('another', 'orders').send('next'))).toBe(31);
    expect(connection.stats().lines).toBe(1);
  });

  test('leaves numbers as they are for the lines that follow', async () => {
    const server = await serving();
    const first = server.client({}, {});
    const sender = first.sender('desk', 'orders');
    expect(await outcome(sender.send('1'))).toBe(1);
    expect(await outcome(sender.send(textOf(MOST)))).toEqual(tooLarge({}));
    server.cut();
    await until(() => first.stats().lines === 2 && first.stats().state === 'open');

    expect(await outcome(sender.send('2'))).toBe(2);
    expect(first.stats().lines).toBe(2);
  });
});

describe('frames of many messages', () => {
  test('are as long as the other side takes, at most', async () => {
    const server = await serving();
    const connection = server.client();
    const read = heardBy(connection.receiver('orders', { from: 0 }));
    const sender = connection.sender('desk', 'orders');
    const values = Array.from({ length: 300 }, (_, i) => `${i}${textOf(i % 7 === 0 ? 600 : 90)}`);

    expect(await Promise.all(values.map((value) => sender.send(value)))).toEqual(values.map((_, i) => i + 1));
    await until(() => read.values.length === 300);
    expect(read.values).toEqual(values);
    expect(connection.stats().lines).toBe(1);
    expect(Math.max(...server.heard.map((text) => Buffer.byteLength(text)))).toBeLessThanOrEqual(MOST);
    expect(server.heard.length).toBeLessThan(200);
  });

  test('leave out those that are too long by themselves', async () => {
    const server = await serving();
    const sender = server.client().sender('desk', 'orders');
    const sent = Array.from({ length: 256 }, (_, i) => outcome(sender.send(textOf(i % 3 === 1 ? 2 * MOST : 50))));
    const all = await Promise.all(sent);

    let ts = 0;
    expect(all).toEqual(all.map((_, i) => (i % 3 === 1 ? tooLarge({ most: MOST }) : ++ts)));
  });

  test('an answer to many is no longer than the client takes', async () => {
    const server = await serving({});
    const connection = server.client({}, { maxFrame: 400 });
    const sender = connection.sender('desk', 'orders');
    await Promise.all(Array.from({ length: 2000 }, (_, i) => sender.send(i)));

    expect(connection.stats()).toMatchObject({ lines: 1, clock: 2000 });
  });
});

describe('a message that is longer than the client takes', () => {
  test('law 63: fails the receiver that it is for, at its place; others go on', async () => {
    const server = await serving({});
    const around = JSON.stringify(['items', 1, [''], [1], 1, 1]).length;
    const writer = dispatcher.sender('writer', ['read', 'both']);
    await writer.send(textOf(MOST - around));
    await writer.send(textOf(MOST - around + 1, 'é'));
    await writer.send('behind');
    const connection = server.client({}, { maxFrame: MOST });
    const read = heardBy(connection.receiver('read', { from: 0 }));
    const other = connection.receiver('other', { from: 0 });
    const told = heardBy(other);
    await until(() => read.errors.length === 1 && other.clock === 3);
    const later = heardBy(connection.receiver('again', { from: 2, addressedTo: 'read' }));
    await dispatcher.sender('last', ['other']).send('last');
    await until(() => told.values.length === 1 && later.values.length === 1);

    expect(read.values).toEqual([textOf(MOST - around)]);
    expect(read.errors).toEqual([tooLarge({ kind: 'receiver', owner: 'read', ts: 2, bytes: MOST + 1, most: MOST })]);
    expect(told).toEqual({ values: ['last'], errors: [] });
    expect(later).toEqual({ values: ['behind'], errors: [] });
    expect(connection.stats().lines).toBe(1);
  });

  test('law 61: frames of many messages are split, also between those of one timestamp', async () => {
    const server = await serving({});
    const a = dispatcher.sender('a', 'a');
    const b = dispatcher.sender('b', 'b');
    for (let i = 0; i < 100; i++) {
      await dispatcher.transact([
        [a, `a${i}${textOf(i % 5 === 0 ? 700 : 150)}`],
        [b, `b${i}${textOf(150)}`],
      ]);
    }
    const connection = server.client<string>({}, { maxFrame: MOST });
    const both = connection.receiver('both', { from: 0, addressedTo: ['a', 'b'] });
    const got: unknown[] = [];
    const behind: unknown[] = [];
    both.subscribe(([value, ts]) => {
      if (both.settled >= ts && value !== null && both.settled > ts) behind.push(ts);
      if (value !== null) got.push([value.replace(/x+$/, ''), ts]);
    });
    await until(() => got.length === 200);

    expect(got).toEqual(
      Array.from({ length: 100 }, (_, i) => [
        [`a${i}`, i + 1],
        [`b${i}`, i + 1],
      ]).flat(),
    );
    expect(behind).toEqual([]);
    expect(connection.stats().lines).toBe(1);
  });

  test('in memory: the receiver fails, and its name is free', async () => {
    const inMemory = createDispatcher<string>(serialize());
    server = await SocketServer.open(inMemory);
    const connection = server.client<string>({}, { maxFrame: MOST });
    const read = heardBy(connection.receiver('read'));
    const other = heardBy(connection.receiver('other'));
    await until(() => inMemory.stats().receivers.length === 2);
    const writer = inMemory.broadcaster('writer');
    writer.next('before');
    await until(() => read.values.length === 1);
    inMemory.sender('long', 'read').next(textOf(MOST));
    await until(() => read.errors.length === 1);
    writer.next('behind');
    await until(() => other.values.length === 2);

    expect(read).toEqual({ values: ['before'], errors: [tooLarge({ kind: 'receiver', owner: 'read', ts: 2 })] });
    expect(connection.stats().lines).toBe(1);
    inMemory.close();
  });
});

describe('what is asked for in a frame that is too long', () => {
  test('a receiver and a sender of too many names fail, and nothing else does', async () => {
    const server = await serving();
    const connection = server.client();
    const names = Array.from({ length: 100 }, (_, i) => `a name of the number ${i}`);
    const read = heardBy(connection.receiver('many', { addressedTo: names }));
    const sender = connection.sender('desk', names);

    expect(await outcome(sender.send('1'))).toEqual(tooLarge({ kind: 'sender', owner: 'desk', most: MOST }));
    await until(() => read.errors.length === 1);
    expect(read.errors).toEqual([tooLarge({ kind: 'receiver', owner: 'many', ts: undefined, most: MOST })]);
    expect(await outcome(connection.sender('few', 'orders').send('1'))).toBe(1);
    expect(connection.stats().lines).toBe(1);
  });

  test('a first frame that is too long closes the connection, for the next one would be as long', async () => {
    const server = await serving();
    const connection = server.client({ token: textOf(2 * MOST) });
    await until(() => connection.stats().state === 'closed');

    let reason: unknown;
    connection.state$.subscribe((state) => (reason = state.reason));
    expect(reason).toEqual(tooLarge({ kind: 'connection', most: undefined }));
  });
});

/** Waits until a connection has sent everything, or has tried it often. */
async function settled(connection: Connection<unknown>, sent: Promise<unknown>): Promise<unknown> {
  let isOver = false;
  const often = until(() => isOver || connection.stats().lines > 30).then(() => 'it was tried for ever');
  return Promise.race([sent, often]).finally(() => (isOver = true));
}

describe('a transport that takes less than its line has said', () => {
  test('a message over which it closes with 1009 is refused, and the rest goes on', async () => {
    const server = await serving({ maxPayload: MOST });
    const connection = server.client();
    const read = heardBy(connection.receiver('orders', { from: 0 }));
    const sender = connection.sender('desk', 'orders');
    const other = connection.sender('other', 'orders');
    expect(await outcome(sender.send('1'))).toBe(1);
    const sent = [sender.send('2'), sender.send(textOf(3 * MOST)), sender.send('3'), other.send('4')].map(outcome);
    const [two, long, three, four] = (await settled(connection, Promise.all(sent))) as unknown[];

    expect(two).toBe(2);
    expect(long).toEqual(tooLarge({ kind: 'sender', owner: 'desk', most: undefined }));
    expect([three, four].sort()).toEqual([3, 4]);
    await until(() => read.values.length === 4);
    expect([...read.values].sort()).toEqual(['1', '2', '3', '4']);
    expect(read.errors).toEqual([]);
    const { lines } = connection.stats();
    // What is known now is not tried again.
    expect(await outcome(sender.send(textOf(3 * MOST)))).toEqual(tooLarge({ most: undefined }));
    expect(await outcome(sender.send('5'))).toBe(5);
    expect(connection.stats().lines).toBe(lines);
  });

  test('numbers go on behind what was refused, by every line that follows', async () => {
    const server = await serving({ maxPayload: MOST });
    const connection = server.client();
    const sender = connection.sender('desk', 'orders');
    expect(await settled(connection, outcome(sender.send(textOf(3 * MOST))))).toEqual(tooLarge({}));
    const { lines } = connection.stats();
    server.cut();
    await until(() => connection.stats().lines > lines && connection.stats().state === 'open');

    expect(await settled(connection, outcome(sender.send('next')))).toBe(1);
    expect(connection.stats().lines).toBe(lines + 1);
  });

  test('many messages of which only few go into a frame are sent all the same', async () => {
    const server = await serving({ maxPayload: MOST });
    const connection = server.client();
    const sender = connection.sender('desk', 'orders');
    const all = Promise.all(Array.from({ length: 100 }, () => outcome(sender.send(textOf(200)))));

    expect(await settled(connection, all)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  });

  test('a client whose socket takes less: the receiver fails, and others go on', async () => {
    const server = await serving({});
    await dispatcher.sender('writer', 'read').send(textOf(3 * MOST));
    await dispatcher.sender('writer2', 'other').send('short');
    const connection = server.client({}, {}, { maxPayload: MOST });
    const read = heardBy(connection.receiver('read', { from: 0 }));
    const other = heardBy(connection.receiver('other', { from: 0 }));
    await until(() => read.errors.length > 0 || connection.stats().lines > 30);

    expect(read).toEqual({
      values: [],
      errors: [tooLarge({ kind: 'receiver', owner: 'read', ts: 1, most: undefined })],
    });
    await until(() => other.values.length === 1);
    expect(other).toEqual({ values: ['short'], errors: [] });
  });
});

describe('lines of their own', () => {
  const size = (frame: unknown): number => JSON.stringify(frame).length;

  test('what an earlier line may have carried, and no longer fits, is unknown', async () => {
    const inMemory = serve(dispatcher);
    let most = Infinity;
    const carry = (line: Line) => (frame: unknown) => {
      // The first line breaks over it, and nobody knows why.
      if (most === Infinity && size(frame) > MOST) {
        most = MOST;
        line.close('gone');
      } else line.post(frame);
    };
    const connection = connect<unknown>(
      () => {
        const [here, there] = lineInMemory();
        inMemory.accept(changedLine(there, { maxFrame: most }));
        return changedLine(here, { size, post: carry(here) });
      },
      { retry: 0, maxRetry: 1 },
    );
    const sender = connection.sender('desk', 'orders');
    const all = await Promise.all([sender.send('1'), sender.send(textOf(MOST))].map(outcome));

    expect(all).toEqual([1, expect.objectContaining({ code: 'RCD123', sender: 'desk' })]);
    expect(await outcome(sender.send('2'))).toBe(2);
    connection.close();
    inMemory.close();
  });

  test('a transport says what it takes, and how long its frames are', async () => {
    const inMemory = serve(dispatcher);
    const heard: number[] = [];
    const [here, there] = lineInMemory();
    const end = transportLine(({ frame, closed }) => {
      there.onframe = (taken) => {
        heard.push(size(taken));
        frame(taken);
      };
      there.onclose = closed;
      return { post: (posted) => there.post(posted), close: (reason) => there.close(reason), maxFrame: MOST };
    });
    const client = transportLine(({ frame, closed }) => {
      here.onframe = frame;
      here.onclose = closed;
      return { post: (posted) => here.post(posted), close: (reason) => here.close(reason), size };
    });
    inMemory.accept(end);
    const connection = connect<unknown>(() => client);
    const sender = connection.sender('desk', 'orders');

    expect(await outcome(sender.send(textOf(MOST)))).toEqual(tooLarge({ most: MOST }));
    await Promise.all(Array.from({ length: 100 }, () => sender.send(textOf(100))));
    expect(Math.max(...heard)).toBeLessThanOrEqual(MOST);
    connection.close();
    inMemory.close();
  });

  test('that have no length carry whatever comes', async () => {
    const inMemory = serve(dispatcher);
    const connection = connect<unknown>(() => {
      const [here, there] = lineInMemory();
      inMemory.accept(changedLine(there, { maxFrame: MOST }));
      return here;
    });

    expect(await outcome(connection.sender('desk', 'orders').send(textOf(MOST)))).toBe(1);
    connection.close();
    inMemory.close();
  });
});
