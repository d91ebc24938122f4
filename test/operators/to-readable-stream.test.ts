import {
  createDispatcher,
  serialize,
  toReadableStream,
  watermark,
  type Clocked,
  type ClockedReceiver,
  type Delivery,
  type Sender,
  type ToReadableStreamOptions,
} from 'rxjs-clocked-dispatch';
import { describe, expect, test } from 'vitest';
import { isPending, rejection, turn } from '../support/async.js';
import { data, pullAll, watch } from '../support/receivers.js';

function channel(options: { bound?: number } = {}): readonly [Sender<string>, ClockedReceiver<string>] {
  return createDispatcher<string>(serialize(), options).channel('s', 'r');
}

/** Everything that a stream brings, until it closes. */
async function readAll<T>(stream: ReadableStream<T>): Promise<T[]> {
  const chunks: T[] = [];
  for await (const chunk of stream as unknown as AsyncIterable<T>) chunks.push(chunk);
  return chunks;
}

describe('chunks', () => {
  test('are [value, ts], ticks included', async () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [sender, receiver] = dispatcher.channel('s', 'r');
    const [other] = dispatcher.channel('o', 'elsewhere');
    sender.next('a');
    other.next('x');
    sender.next('b');
    other.next('x');
    sender.complete();

    expect(await readAll(toReadableStream(receiver))).toEqual([
      ['a', 1],
      ['b', 3],
      [null, 4],
    ]);
  });

  test('come as soon as they are there when the reader waits', async () => {
    const [sender, receiver] = channel();
    const reader = toReadableStream(receiver).getReader();
    const read = reader.read();
    expect(await isPending(read)).toBe(true);

    sender.next('a');

    expect(await read).toEqual({ done: false, value: ['a', 1] });
  });

  test('are read in the order in which they were asked for', async () => {
    const [sender, receiver] = channel();
    const reader = toReadableStream(receiver).getReader();
    const reads = [reader.read(), reader.read(), reader.read()];
    sender.next('a');
    sender.next('b');
    sender.complete();

    expect(await Promise.all(reads)).toEqual([
      { done: false, value: ['a', 1] },
      { done: false, value: ['b', 2] },
      { done: true, value: undefined },
    ]);
  });
});

describe('what it takes from the receiver', () => {
  test('nothing before its reader asks', async () => {
    const [sender, receiver] = channel();
    sender.next('a');
    sender.next('b');
    const stream = toReadableStream(receiver);
    await turn();
    expect(receiver.clock).toBe(0);

    const reader = stream.getReader();
    await reader.read();
    await turn();
    expect(receiver.clock).toBe(1);
  });

  test.for([1, 3])('with highWaterMark %i, so many ahead of its reader', async (highWaterMark) => {
    const [sender, receiver] = channel();
    for (const value of ['a', 'b', 'c', 'd', 'e', 'f']) sender.next(value);
    const reader = toReadableStream(receiver, { highWaterMark }).getReader();
    await turn();
    expect(receiver.clock).toBe(highWaterMark);

    await reader.read();
    await turn();
    expect(receiver.clock).toBe(highWaterMark + 1);
  });

  test('a full receiver makes its senders wait until the reader asks', async () => {
    const [sender, receiver] = channel({ bound: 1 });
    const reader = toReadableStream(receiver).getReader();
    await sender.send('a');
    const sent = sender.send('b');
    expect(await isPending(sent)).toBe(true);

    await reader.read();

    expect(await sent).toBe(2);
  });

  test('a hand-off receiver hands over to a reader that waits', async () => {
    const [sender, receiver] = channel({ bound: 0 });
    const reader = toReadableStream(receiver).getReader();
    expect(sender.trySend('a')).toMatchObject({ reason: 'full' });
    const read = reader.read();
    await turn();

    expect(sender.trySend('b')).toEqual({ ok: true, ts: 1 });
    expect((await read).value).toEqual(['b', 1]);
  });

  test('nothing while the receiver has subscribers', async () => {
    const [sender, receiver] = channel();
    const reader = toReadableStream(receiver).getReader();
    const read = reader.read();
    const watched = watch(receiver);
    sender.next('a');
    expect(await isPending(read)).toBe(true);

    watched.subscription.unsubscribe();
    sender.next('b');

    expect(watched.items).toEqual([['a', 1]]);
    expect((await read).value).toEqual(['b', 2]);
  });
});

describe('cancelling', () => {
  test('leaves the receiver open, with all that it holds', async () => {
    const [sender, receiver] = channel();
    sender.next('a');
    sender.next('b');
    const reader = toReadableStream(receiver).getReader();
    await reader.read();

    await reader.cancel();

    expect(receiver.closed).toBe(false);
    expect(pullAll(receiver)).toEqual([['b', 2]]);
  });

  test('gives up a read that waits, which then takes nothing', async () => {
    const [sender, receiver] = channel();
    const reader = toReadableStream(receiver).getReader();
    const read = reader.read();
    await turn();

    await reader.cancel();
    sender.next('a');

    expect(await read).toEqual({ done: true, value: undefined });
    expect(pullAll(receiver)).toEqual([['a', 1]]);
  });

  test.for([1, 2, 8])(
    'what was asked for ahead, up to %i, goes to the next consumer, in order',
    async (highWaterMark) => {
      const [sender, receiver] = channel();
      for (const value of ['a', 'b', 'c', 'd']) sender.next(value);
      const reader = toReadableStream(receiver, { highWaterMark }).getReader();
      expect((await reader.read()).value).toEqual(['a', 1]);
      await turn();

      await reader.cancel();

      sender.next('e');
      expect(pullAll(receiver)).toEqual([
        ['b', 2],
        ['c', 3],
        ['d', 4],
        ['e', 5],
      ]);
      expect(receiver.dispatcher.stats().receivers).toMatchObject([{ delivered: 5, queued: 0 }]);
    },
  );

  test('what comes as it is cancelled, from inside a handler, is not lost', async () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [sender, receiver] = dispatcher.channel('s', 'r');
    const [go, other] = dispatcher.channel('go', 'other');
    const reader = toReadableStream(receiver).getReader();
    const read = reader.read();
    await turn();
    other.subscribe(([value]) => {
      if (value === null) return;
      // Decided for the stream, and not told yet.
      sender.next('a');
      void reader.cancel();
    });
    go.next('go');

    expect(await read).toEqual({ done: true, value: undefined });
    expect(data(pullAll(receiver))).toEqual(['a']);
  });

  test.for(['subscriber', 'loop'])(
    'two, the later one first, puts nothing out of order for the next %s',
    async (next) => {
      const [sender, receiver] = channel();
      for (const value of ['a', 'b', 'c', 'd', 'e']) sender.next(value);
      const streams = [1, 2].map(() => toReadableStream(receiver, { highWaterMark: 2 }));
      await turn();
      for (const stream of streams.reverse()) await stream.cancel();
      expect(receiver.settled).toBe(0);
      sender.complete();

      const items: Clocked<string>[] = [];
      if (next === 'subscriber') receiver.subscribe((item) => items.push(item));
      else for await (const item of receiver) items.push(item);
      expect(data(items)).toEqual(['a', 'b', 'c', 'd', 'e']);
    },
  );

  test('gives back the same tuple as often as it was taken', async () => {
    const dispatcher = createDispatcher<string>(watermark());
    const [sender, receiver] = dispatcher.channel('s', 'r');
    const twice: Clocked<string> = ['a', 5];
    for (const item of [twice, twice, ['b', 6] as const]) sender.next(item);
    const stream = toReadableStream(receiver, { highWaterMark: 2 });
    await turn();
    await stream.cancel();

    expect(data(watch(receiver).items)).toEqual(['a', 'a', 'b']);
  });

  test('gives back the same tuple as often to who takes all before it acknowledges', async () => {
    const [sender, receiver] = createDispatcher<string>(watermark()).channel('s', 'r');
    const twice: Clocked<string> = ['a', 5];
    for (const item of [twice, twice]) sender.next(item);
    const stream = toReadableStream(receiver, { highWaterMark: 2 });
    await turn();
    await stream.cancel();

    const loop = receiver.deliveries()[Symbol.asyncIterator]();
    const taken = [await loop.next(), await loop.next()];
    for (const { value } of taken as IteratorYieldResult<Delivery<string>>[]) value.ack();
    sender.complete();
    expect([receiver.clock, receiver.closed]).toEqual([5, true]);
  });

  test('what nobody can take any more is dropped, and reported', async () => {
    const drops: unknown[] = [];
    const dispatcher = createDispatcher<string>(serialize(), { onDrop: (drop) => drops.push(drop) });
    const [sender, receiver] = dispatcher.channel('s', 'r');
    for (const value of ['a', 'b']) sender.next(value);
    const stream = toReadableStream(receiver, { highWaterMark: 5 });
    const reader = stream.getReader();
    await reader.read();
    sender.complete();
    await reader.cancel();

    expect(drops).toEqual([{ receiver: 'r', value: 'b', ts: 2, reason: 'closed' }]);
  });

  test('closes the receiver where that is asked for', async () => {
    const [sender, receiver] = channel();
    const stream = toReadableStream(receiver, { close: true });

    await stream.cancel();

    expect(receiver.closed).toBe(true);
    expect(sender.trySend('a')).toEqual({ ok: false, reason: 'no-receiver' });
  });

  test('a stream that has closed or errored can be cancelled, to no effect', async () => {
    const broken = new Error('broken');
    for (const end of ['complete', 'error'] as const) {
      const [sender, receiver] = channel();
      const stream = toReadableStream(receiver, { close: true });
      if (end === 'complete') sender.complete();
      else sender.error(broken);
      const reader = stream.getReader();
      await reader.read().catch(() => undefined);

      if (end === 'complete') await reader.cancel();
      else expect(await rejection(reader.cancel())).toBe(broken);
    }
  });
});

describe('ends', () => {
  const broken = new Error('broken');

  test('closes when the receiver completes, also while a read waits', async () => {
    const [sender, receiver] = channel();
    const reader = toReadableStream(receiver).getReader();
    const read = reader.read();
    sender.complete();

    expect(await read).toEqual({ done: true, value: undefined });
    await reader.closed;
  });

  test('of a receiver that is closed already, nothing is left', async () => {
    const [, receiver] = channel();
    receiver.close();

    expect(await readAll(toReadableStream(receiver))).toEqual([]);
  });

  test('errors when the receiver fails, after the messages before', async () => {
    const [sender, receiver] = channel();
    sender.next('a');
    sender.error(broken);
    const reader = toReadableStream(receiver).getReader();

    expect((await reader.read()).value).toEqual(['a', 1]);
    expect(await rejection(reader.read())).toBe(broken);
    expect(await rejection(reader.closed)).toBe(broken);
  });

  test('a read that waits when the receiver fails is rejected', async () => {
    const [sender, receiver] = channel();
    const reader = toReadableStream(receiver).getReader();
    const read = rejection(reader.read());
    reader.closed.catch(() => undefined);
    sender.error(broken);

    expect(await read).toBe(broken);
  });

  test.for([1, 2, 3, 5, 100])(
    'with highWaterMark %i, what was asked for ahead is read before the error',
    async (highWaterMark) => {
      const [sender, receiver] = channel();
      for (const value of ['a', 'b', 'c']) sender.next(value);
      sender.error(broken);
      const reader = toReadableStream(receiver, { highWaterMark }).getReader();
      await turn();

      const read: (Clocked<string> | undefined)[] = [];
      for (let i = 0; i < 3; i++) read.push((await reader.read()).value);
      expect(read).toEqual([
        ['a', 1],
        ['b', 2],
        ['c', 3],
      ]);
      expect(await rejection(reader.read())).toBe(broken);
      expect(await rejection(reader.closed)).toBe(broken);
    },
  );

  test('as many reads at once as there are chunks, and one more', async () => {
    const [sender, receiver] = channel();
    for (const value of ['a', 'b']) sender.next(value);
    sender.error(broken);
    const reader = toReadableStream(receiver, { highWaterMark: 8 }).getReader();
    reader.closed.catch(() => undefined);
    await turn();

    const reads = [reader.read(), reader.read(), rejection(reader.read())];

    expect(await Promise.all(reads)).toEqual([
      { done: false, value: ['a', 1] },
      { done: false, value: ['b', 2] },
      broken,
    ]);
  });
});

test.for([{ highWaterMark: -1 }, { highWaterMark: 0.5 }, { highWaterMark: NaN }, { highWaterMark: Infinity }])(
  '%o is refused at once',
  (options: ToReadableStreamOptions) => {
    const [, receiver] = channel();

    expect(() => toReadableStream(receiver, options)).toThrow(
      expect.objectContaining({ name: 'InvalidOptionError', option: 'highWaterMark' }),
    );
  },
);

test('law 38: what a loop gives back is not for a stream that was given something later', async () => {
  const [sender, receiver] = channel();
  const reader = toReadableStream(receiver).getReader();
  const loop = receiver.deliveries()[Symbol.asyncIterator]();
  const delivered = loop.next();
  const read = reader.read();
  sender.next('a');
  sender.next('b');
  expect(await delivered).toMatchObject({ value: { value: 'a' } });
  expect(await read).toEqual({ done: false, value: ['b', 2] });

  const next = reader.read();
  await loop.return?.();
  sender.next('c');
  expect(await next).toEqual({ done: false, value: ['c', 3] });
  expect(receiver.tryReceive()).toEqual(['a', 1]);
});
