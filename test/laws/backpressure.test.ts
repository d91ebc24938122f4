import { of, Subject, take } from 'rxjs';
import type { ObservableInput } from 'rxjs';
import {
  clockedDispatch,
  consume,
  createDispatcher,
  sequence,
  serialize,
  source,
  toReadableStream,
  watermark,
  type Clocked,
  type ClockedReceiver,
  type Drop,
  type Overflow,
  type DispatcherOptions,
} from 'rxjs-clocked-dispatch';
import { describe, expect, test } from 'vitest';
import { isPending, rejection, turn } from '../support/async.js';
import { forwardingOf } from '../support/dispatchers.js';
import { receiversOf } from '../support/operator.js';
import { data, errorOf, pullAll, ticks, watch } from '../support/receivers.js';
import { sorted } from '../support/sorted.js';

function serializing(options?: DispatcherOptions<number>) {
  return createDispatcher<number>(serialize(), options);
}

const FULL = { ok: false, reason: 'full' } as const;

describe('law 15: a channel holds at most bound messages, and nothing grows without a bound', () => {
  test('law 15: at the bound it is full, and a message taken makes room for one', () => {
    const [sender, receiver] = serializing({ bound: 3 }).channel('s', 'r');

    expect([1, 2, 3, 4].map((value) => sender.trySend(value).ok)).toEqual([true, true, true, false]);
    receiver.tryReceive();
    expect([5, 6].map((value) => sender.trySend(value).ok)).toEqual([true, false]);
    expect(pullAll(receiver)).toEqual([
      [2, 2],
      [3, 3],
      [5, 4],
    ]);
  });

  test('law 15: a receiver may have a bound of its own', () => {
    const dispatcher = serializing({ bound: 1 });
    const [a] = dispatcher.channel('a', 'small');
    const [b] = dispatcher.channel('b', 'large', { bound: 2 });

    for (const [sender, room] of [
      [a, 1],
      [b, 2],
    ] as const) {
      for (let i = 0; i < room; i++) expect(sender.trySend(i).ok).toBe(true);
      expect(sender.trySend(9)).toEqual(FULL);
    }
    expect(dispatcher.stats().receivers.map(({ queued, bound }) => [queued, bound])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  test('law 15: ticks take no room and never wait', () => {
    const dispatcher = serializing({ bound: 1 });
    const [a, full] = dispatcher.channel('a', 'full');
    const [b] = dispatcher.channel('b', 'busy', { bound: 100 });
    a.next(0);

    for (let i = 0; i < 100; i++) expect(b.trySend(i).ok).toBe(true);

    expect(pullAll(full)).toEqual([
      [0, 1],
      [null, 101],
    ]);
  });

  test('law 15: a tick is accepted by a forwarder whose receiver is full', () => {
    const dispatcher = createDispatcher<string>(watermark(), { bound: 1 });
    const [a, full] = dispatcher.channel('a', 'full');
    a.next(['a1', 1]);
    expect(a.tryForward('a2', 2)).toEqual(FULL);

    expect(a.tryForward(null, 7)).toEqual({ ok: true });

    expect(pullAll(full)).toEqual([
      ['a1', 1],
      [null, 7],
    ]);
  });

  test('law 15: waiting send() calls are bounded by maxWaiting', async () => {
    const dispatcher = serializing({ bound: 1, maxWaiting: 2 });
    const [sender, receiver] = dispatcher.channel('s', 'r');
    await sender.send(0);
    const waiting = [sender.send(1), sender.send(2)];

    const error = await rejection(sender.send(3));

    expect(error).toMatchObject({ name: 'TooManyWaitingError', receiver: 'r', sender: 's', maxWaiting: 2 });
    expect((error as Error).message).toMatch(/'s'.*'r'.*2/);
    expect(dispatcher.stats().receivers[0]?.waiting).toBe(2);
    expect([await receiver.receive(), await receiver.receive(), await receiver.receive()]).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    expect(await Promise.all(waiting)).toEqual([2, 3]);
  });

  test('law 15: what is held for order is bounded too', () => {
    const dispatcher = createDispatcher<string>(watermark(), { bound: 2 });
    const [a] = dispatcher.channel('a', 'r');
    dispatcher.channel('silent', 'other');

    expect([1, 2, 3].map((ts) => a.tryForward(`a${ts}`, ts))).toEqual([{ ok: true }, { ok: true }, FULL]);
    expect(dispatcher.stats()).toMatchObject({ held: 2, heldMost: 2 });
  });

  test.for(['drop-oldest', 'drop-newest', 'error'] as const)(
    'law 15: whatever comes by next, what is held and queued stays bounded (%s)',
    (overflow) => {
      const dispatcher = createDispatcher<string>(watermark(), { bound: 1, overflow });
      const [a] = dispatcher.channel('a', 'r');
      const b = dispatcher.sender('b', 'r');
      let ts = 0;
      let most = 0;
      for (let run = 1; run <= 40; run++) {
        for (let i = 0; i < run; i++) {
          (run % 2 === 0 ? a : b).next(['v', ++ts]);
          const { held, receivers } = dispatcher.stats();
          most = Math.max(most, held + (receivers[0]?.queued ?? 0));
        }
      }

      // The bound, and what everybody waits for: at most one message of each source.
      expect(most).toBeLessThanOrEqual(1 + 2);
    },
  );

  test.each([false, true])(
    'law 15: full buffers do not stop the order, however much a source has at one timestamp (strict peers: %s)',
    async (strict) => {
      const dispatcher = createDispatcher<string>(watermark(), { bound: 1 });
      const [a, receiver] = dispatcher.channel('a', 'r', { disorder: 2 });
      dispatcher.sender('peer', 'r', { strict }).next([null, 100]);
      const calls = ['a', 'b', 'c', 'd', 'e', 'f'].map((value) => a.forward(value, 10));
      const { items } = watch(receiver);
      await Promise.all(calls);
      expect(items).toEqual([[null, 8]]);
      a.next([null, 11]);

      expect(data(items)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    },
  );

  test('law 15: with a frontier for each receiver, what waits for those to come is bounded by maxHeld', () => {
    const dispatcher = createDispatcher<string>(watermark({ frontier: 'receiver' }), { bound: 1, maxHeld: 0 });
    dispatcher.receiver('r');
    const all = dispatcher.broadcaster('all');
    // The second fails the receiver, which still has the first.
    for (const ts of [1, 2]) all.next(['a', ts]);

    // All wait for the next one.
    expect([3, 4, 5].map((ts) => all.tryForward('later', ts).ok)).toEqual([true, false, false]);
    expect(dispatcher.stats().held).toBe(1);
  });

  test('law 15: re-entrant messages that wait for their turn count as well', () => {
    const dispatcher = serializing({ bound: 2 });
    const [sender, receiver] = dispatcher.channel('s', 'r');
    const results: boolean[] = [];
    const { items } = watch(receiver, ([value]) => {
      if (value === 0) for (let i = 1; i <= 100; i++) results.push(sender.trySend(i).ok);
    });

    sender.next(0);

    expect(results.filter((ok) => ok).length).toBeGreaterThanOrEqual(1);
    expect(results.filter((ok) => ok).length).toBeLessThanOrEqual(2);
    expect(items).toHaveLength(1 + results.filter((ok) => ok).length);
  });
});

describe('law 16: bound 0 is a hand-off', () => {
  test('law 16: accepted only when a consumer is waiting', async () => {
    const [sender, receiver] = serializing({ bound: 0 }).channel('s', 'r');
    expect(sender.trySend(1)).toEqual(FULL);

    const received = receiver.receive();
    expect(sender.trySend(2)).toEqual({ ok: true, ts: 1 });
    expect(sender.trySend(3)).toEqual(FULL);

    expect(await received).toEqual([2, 1]);
  });

  test('law 16: a sender that waits hands over when the consumer comes', async () => {
    const [sender, receiver] = serializing({ bound: 0 }).channel('s', 'r');
    const sent = [sender.send(1), sender.send(2)];
    expect(await isPending(sent[0] as Promise<number>)).toBe(true);

    expect(await receiver.receive()).toEqual([1, 1]);
    expect(await sent[0]).toBe(1);
    expect(await isPending(sent[1] as Promise<number>)).toBe(true);
    expect(await receiver.receive()).toEqual([2, 2]);
    expect(await sent[1]).toBe(2);
  });

  test('law 16: who waits gets the message that was accepted for him, and not a tick in its place', async () => {
    const dispatcher = serializing();
    const [sender, receiver] = dispatcher.channel('s', 'r', { bound: 0 });
    const [other, listening] = dispatcher.channel('t', 'listening');
    const received = receiver.receive();
    watch(listening, ([value]) => {
      if (value === 1) expect(sender.trySend(2)).toEqual({ ok: true, ts: 2 });
    });

    other.next(1);

    expect(dispatcher.stats().receivers.find(({ name }) => name === 'r')).toMatchObject({ queued: 0 });
    expect(await received).toEqual([2, 2]);
  });

  test('law 16: a subscriber is a consumer that waits', () => {
    const [sender, receiver] = serializing({ bound: 0 }).channel('s', 'r');
    const { items } = watch(receiver);

    expect([sender.trySend(1), sender.trySend(2)].map(({ ok }) => ok)).toEqual([true, true]);
    expect(items).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  test('law 16: subscribing lets those in who wait', async () => {
    const [sender, receiver] = serializing({ bound: 0 }).channel('s', 'r');
    const sent = Promise.all([sender.send(1), sender.send(2), sender.send(3)]);

    const { items } = watch(receiver);

    expect(await sent).toEqual([1, 2, 3]);
    expect(items).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });

  test.for(['watermark', 'sequence'] as const)('law 16: forwarding hands over too (%s)', async (mode) => {
    const dispatcher = forwardingOf(mode, { bound: 0 });
    const [sender, receiver] = dispatcher.channel('s', 'r');
    expect(sender.tryForward('a', 1)).toEqual(FULL);
    const sent = sender.forward('a', 1);

    expect(await receiver.receive()).toEqual(['a', 1]);
    await sent;
    const { items } = watch(receiver);
    expect(sender.tryForward('b', 2)).toEqual({ ok: true });
    expect(data(items)).toEqual(['b']);
  });

  test('law 16: Infinity must be asked for: the default is 1024', () => {
    const [sender] = serializing().channel('s', 'r');
    for (let i = 0; i < 1024; i++) expect(sender.trySend(i).ok).toBe(true);
    expect(sender.trySend(1024)).toEqual(FULL);

    const [endless] = serializing({ bound: Infinity }).channel('s', 'r');
    for (let i = 0; i < 5000; i++) endless.next(i);
    expect(endless.trySend(5000)).toEqual({ ok: true, ts: 5001 });
  });
});

describe('law 17: only the senders of a full receiver wait', () => {
  test('law 17: in serialize mode everybody else goes on', async () => {
    const dispatcher = serializing({ bound: 1 });
    const [a] = dispatcher.channel('a', 'full');
    const [b, free] = dispatcher.channel('b', 'free');
    await a.send(0);
    const waiting = a.send(1);

    for (let i = 0; i < 10; i++) {
      await b.send(i);
      expect(data(pullAll(free))).toEqual([i]);
    }
    expect(await isPending(waiting)).toBe(true);
  });

  test('law 17: a broadcast waits for the full one, and holds nobody up meanwhile', async () => {
    const dispatcher = serializing({ bound: 1 });
    const [a, full] = dispatcher.channel('a', 'full');
    const [b, free] = dispatcher.channel('b', 'free');
    const everybody = dispatcher.broadcaster('all');
    await a.send(0);
    const broadcast = everybody.send(7);

    expect(await b.send(1)).toBe(2);
    expect(pullAll(free)).toEqual([[1, 2]]);
    expect(await isPending(broadcast)).toBe(true);

    expect(full.tryReceive()).toEqual([0, 1]);
    expect(await broadcast).toBe(3);
    expect([pullAll(full), pullAll(free)]).toEqual([[[7, 3]], [[7, 3]]]);
  });

  test('law 17: a broadcast that waits, waits for those as well who join meanwhile', async () => {
    const dispatcher = serializing({ bound: 1 });
    const [a, full] = dispatcher.channel('a', 'full');
    await a.send(0);
    const broadcast = dispatcher.broadcaster('all').send(7);
    const [b, joined] = dispatcher.channel('b', 'joined');
    await b.send(1);

    expect(full.tryReceive()).toEqual([0, 1]);
    expect(await isPending(broadcast)).toBe(true);
    expect(joined.tryReceive()).toEqual([1, 2]);

    expect(await broadcast).toBe(3);
    expect([data(pullAll(full)), data(pullAll(joined))]).toEqual([[7], [7]]);
  });

  test('law 17: who waits comes before what a handler sends as it is told what a reader gave back', async () => {
    const dispatcher = createDispatcher<string>(serialize(), { bound: 1 });
    const receiver = dispatcher.receiver('r');
    const [a, b] = [dispatcher.sender('a', 'r'), dispatcher.sender('b', 'r')];
    a.next('first');
    for await (const { value } of receiver.deliveries()) {
      expect(value).toBe('first');
      break;
    }
    const waiting = a.send('waits');
    let sent: Promise<number> | undefined;
    const { items } = watch(receiver, ([value]) => {
      if (value === 'first') sent = b.send('sent');
    });

    expect([await waiting, await sent]).toEqual([2, 3]);
    expect(data(items)).toEqual(['first', 'waits', 'sent']);
  });

  test('law 17: by watermark others go on as far as order allows', async () => {
    const dispatcher = createDispatcher<string>(watermark(), { bound: 1 });
    const [a, full] = dispatcher.channel('a', 'full');
    const [b, free] = dispatcher.channel('b', 'free');
    a.next(['a1', 1]);
    b.next([null, 1]);
    a.next([null, 6]);
    const waiting = a.forward('a8', 8);
    expect(await isPending(waiting)).toBe(true);

    for (const ts of [2, 3, 4, 5, 6]) {
      expect(b.tryForward(`b${ts}`, ts)).toEqual({ ok: true });
      expect(data(pullAll(free))).toEqual([`b${ts}`]);
    }
    expect(data(pullAll(full))).toEqual(['a1']);
    await waiting;
    b.next([null, 8]);
    expect(data(pullAll(full))).toEqual(['a8']);
  });

  test('law 17: in sequence mode others go on as far as order allows', async () => {
    const dispatcher = createDispatcher<string>(sequence(), { bound: 1 });
    const [a, full] = dispatcher.channel('a', 'full');
    const [b, free] = dispatcher.channel('b', 'free', { bound: 4 });
    a.next(['a1', 1]);
    const waiting = a.forward('a4', 4);
    expect(await isPending(waiting)).toBe(true);

    expect([2, 3, 5].map((ts) => b.tryForward(`b${ts}`, ts).ok)).toEqual([true, true, true]);
    expect(data(pullAll(free))).toEqual(['b2', 'b3']);
    expect(full.tryReceive()).toEqual(['a1', 1]);
    await waiting;
    expect([data(pullAll(full)), data(pullAll(free))]).toEqual([['a4'], ['b5']]);
  });

  test('law 17: a call is let in as all wait for it, also where only another message that is held has made it so', async () => {
    const dispatcher = createDispatcher<string>(watermark(), { bound: 1 });
    const [a, first] = dispatcher.channel('a', 'first', { bound: 3 });
    const [b, second] = dispatcher.channel('b', 'second', { overflow: 'drop-oldest' });
    const both = dispatcher.sender('both', ['first', 'second']);
    b.next([null, 1]);
    void both.forward('x0', 0);
    const waiting = both.forward('x4', 4);
    a.next([null, 0]);
    b.next(['b1', 1]);
    expect(await isPending(waiting)).toBe(true);
    a.next(['a4', 4]);
    await waiting;
    for (const sender of [a, b, both]) sender.next([null, 5]);

    expect(data(pullAll(first))).toEqual(['x0', 'a4', 'x4']);
    expect(data(pullAll(second))).toEqual(['b1', 'x4']);
  });

  test('law 17: the message that all wait for finds room though its channel is full of messages after it', () => {
    const dispatcher = createDispatcher<string>(watermark(), { bound: 1 });
    const [a, receiver] = dispatcher.channel('a', 'r');
    const b = dispatcher.sender('b', 'r');

    expect(a.tryForward('a5', 5)).toEqual({ ok: true });
    expect(b.tryForward('b3', 3)).toEqual({ ok: true });

    expect(data(pullAll(receiver))).toEqual(['b3']);
    b.next([null, 5]);
    expect(data(pullAll(receiver))).toEqual(['a5']);
  });
});

describe('law 18: what happens without room', () => {
  test('law 18: iterables are pulled only when there is room', async () => {
    let pulled = 0;
    function* numbers(): Generator<number> {
      for (let i = 1; i <= 10; i++) {
        pulled++;
        yield i;
      }
    }
    const { receivers } = receiversOf(
      of(source('numbers', numbers(), { to: 'r' })).pipe(clockedDispatch(serialize(), { receivers: ['r'], bound: 2 })),
      { unwatched: ['r'] },
    );
    const receiver = receivers.r;
    await turn();
    expect(pulled).toBeGreaterThanOrEqual(2);
    expect(pulled).toBeLessThanOrEqual(3);

    const received: unknown[] = [];
    for await (const item of receiver ?? []) {
      received.push(item);
      expect(pulled - received.length).toBeLessThanOrEqual(3);
    }

    expect(received).toEqual(Array.from({ length: 10 }, (_, i) => [i + 1, i + 1]));
  });

  test('law 18: so are async iterables and readable streams', async () => {
    for (const kind of ['async iterable', 'stream'] as const) {
      let pulled = 0;
      async function* numbers(): AsyncGenerator<number> {
        for (let i = 1; i <= 10; i++) {
          await Promise.resolve();
          pulled++;
          yield i;
        }
      }
      const stream = new ReadableStream<number>(
        {
          pull: (controller) => {
            if (++pulled > 10) controller.close();
            else controller.enqueue(pulled);
          },
        },
        { highWaterMark: 0 },
      );
      const input = kind === 'stream' ? stream : numbers();
      const { receivers } = receiversOf(
        of(source('numbers', input, { to: 'r' })).pipe(clockedDispatch(serialize(), { receivers: ['r'], bound: 2 })),
        { unwatched: ['r'] },
      );
      await turn();
      await turn();
      expect(pulled).toBeLessThanOrEqual(3);

      const received: unknown[] = [];
      for await (const [value] of receivers.r ?? []) received.push(value);

      expect(received).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    }
  });

  test("law 18: with 'error' the receiver delivers what it holds and then errors", () => {
    const dispatcher = serializing({ bound: 2, overflow: 'error' });
    const [sender, receiver] = dispatcher.channel('s', 'r');
    const [other, free] = dispatcher.channel('t', 'free');
    for (const value of [1, 2, 3]) sender.next(value);

    const watched = watch(receiver);

    expect(data(watched.items)).toEqual([1, 2]);
    const error = errorOf(watched) as Error;
    expect(error).toMatchObject({ name: 'OverflowError', receiver: 'r', bound: 2, ts: 3 });
    expect(error.message).toMatch(/'r'.*2.*3/);
    other.next(4);
    expect(data(pullAll(free))).toEqual([4]);
  });

  test("law 18: 'error' is the default", () => {
    const [sender, receiver] = serializing({ bound: 1 }).channel('s', 'r');
    sender.next(1);
    sender.next(2);

    expect(errorOf(watch(receiver))).toMatchObject({ name: 'OverflowError' });
  });

  test.for([
    ['drop-oldest', [3, 4], [1, 2], null],
    ['drop-newest', [1, 2], [3, 4], 4],
  ] as const)('law 18: with %s the dropped messages keep their timestamps', ([overflow, kept, lost, tick]) => {
    const drops: Drop<number>[] = [];
    const dispatcher = serializing({ bound: 2, overflow, onDrop: (drop) => drops.push(drop) });
    const [sender, receiver] = dispatcher.channel('s', 'r');
    for (const value of [1, 2, 3, 4]) sender.next(value);

    expect(dispatcher.clock).toBe(4);
    const items = pullAll(receiver);
    expect(items.filter(([value]) => value !== null)).toEqual(kept.map((value) => [value, value]));
    expect(ticks(items)).toEqual(tick === null ? [] : [tick]);
    expect(drops).toEqual(lost.map((value) => ({ receiver: 'r', value, ts: value, reason: overflow })));
    expect(dispatcher.stats().receivers[0]?.dropped).toBe(2);
  });

  test('law 18: each receiver follows its own policy', () => {
    const dispatcher = serializing({ bound: 1 });
    const policies: Overflow[] = ['error', 'drop-oldest', 'drop-newest'];
    const receivers = policies.map((overflow) => dispatcher.receiver(overflow, { overflow }));
    const sender = dispatcher.broadcaster('all');
    for (const value of [1, 2, 3]) sender.next(value);

    const [failed, oldest, newest] = receivers.map((receiver) => watch(receiver));

    expect(data(failed?.items ?? [])).toEqual([1]);
    expect(failed?.seen.at(-1)).toMatchObject({ error: { name: 'OverflowError' } });
    expect(data(oldest?.items ?? [])).toEqual([3]);
    expect(newest?.items).toEqual([
      [1, 1],
      [null, 3],
    ]);
  });

  test('law 18: a forwarded message follows the policy as well', () => {
    for (const mode of ['watermark', 'sequence'] as const) {
      for (const [overflow, kept] of [
        ['drop-oldest', [2, 3]],
        ['drop-newest', [1, 2]],
      ] as const) {
        const dispatcher = forwardingOf<number>(mode, { bound: 2, overflow });
        const [sender, receiver] = dispatcher.channel('s', 'r');
        for (const value of [1, 2, 3]) sender.next([value, value]);

        expect(dispatcher.clock).toBe(3);
        expect(data(pullAll(receiver))).toEqual(kept);
      }
    }
  });
});

describe('law 18: what drop-oldest drops before it is delivered', () => {
  test('law 18: by sequence, the oldest that waits for those before it; its number is told', () => {
    const drops: Drop<string>[] = [];
    const dispatcher = createDispatcher<string>(sequence(), {
      bound: 2,
      overflow: 'drop-oldest',
      onDrop: (drop) => drops.push(drop),
    });
    const [sender, receiver] = dispatcher.channel('s', 'r');
    for (const ts of [3, 5, 4, 1]) sender.next([`v${ts}`, ts]);

    sender.next([null, 2]);

    expect(drops).toEqual([{ receiver: 'r', value: 'v3', ts: 3, reason: 'drop-oldest' }]);
    expect(dispatcher.clock).toBe(5);
    expect(pullAll(receiver)).toEqual([
      ['v1', 1],
      ['v4', 4],
      ['v5', 5],
    ]);
  });

  test.for([0, 9])('law 18: by watermark, the oldest that is held (disorder %i)', (disorder) => {
    const drops: Drop<string>[] = [];
    const dispatcher = createDispatcher<string>(watermark(), {
      bound: 2,
      overflow: 'drop-oldest',
      onDrop: (drop) => drops.push(drop),
    });
    const [sender, receiver] = dispatcher.channel('s', 'r', { disorder });
    dispatcher.channel('silent', 'other');
    for (const ts of disorder === 0 ? [11, 12, 13, 14] : [13, 11, 14, 12]) sender.next([`v${ts}`, ts]);

    expect(drops.map(({ value, reason }) => `${value} ${reason}`)).toEqual(['v11 drop-oldest', expect.anything()]);
    dispatcher.close();

    const items = pullAll(receiver).filter(([value]) => value !== null);
    expect(items).toHaveLength(2);
    expect(items.map(([, ts]) => ts)).toEqual(disorder === 0 ? [13, 14] : [12, 14]);
  });

  test('law 18: what was sent from inside a handler and is not delivered yet', () => {
    const drops: Drop<number>[] = [];
    const dispatcher = serializing({ bound: 1, overflow: 'drop-oldest', onDrop: (drop) => drops.push(drop) });
    const [sender, receiver] = dispatcher.channel('s', 'r');
    const stranger = watch(dispatcher.receiver('stranger'));
    const { items } = watch(receiver, ([value]) => {
      if (value === 1) for (const next of [2, 3, 4]) sender.next(next);
    });

    sender.next(1);

    expect(items.filter(([value]) => value !== null)).toEqual([
      [1, 1],
      [4, 4],
    ]);
    expect(drops.map(({ value }) => value)).toEqual([2, 3]);
    expect(ticks(stranger.items)).toEqual([1, 2, 3, 4]);
  });

  test('law 18: a message to several receivers is dropped only where there is no room', () => {
    const dispatcher = serializing({ bound: 1, overflow: 'drop-newest' });
    const [small, large] = [dispatcher.receiver('small'), dispatcher.receiver('large', { bound: 9 })];
    const sender = dispatcher.sender('s', ['small', 'large']);
    for (const value of [1, 2, 3]) sender.next(value);

    expect(pullAll(small)).toEqual([
      [1, 1],
      [null, 3],
    ]);
    expect(data(pullAll(large))).toEqual([1, 2, 3]);
  });
});

describe('law 18: inputs that can wait', () => {
  const numbered = (input: ObservableInput<Clocked<string>>, bound: number, mode: 'watermark' | 'sequence') =>
    receiversOf(
      of(source('s', input, { to: 'r' })).pipe(
        clockedDispatch(mode === 'watermark' ? watermark() : sequence(), { receivers: ['r'], bound }),
      ),
      {
        unwatched: ['r'],
      },
    );

  test.for(['watermark', 'sequence'] as const)(
    'law 18: are pulled when there is room in %s mode, too',
    async (mode) => {
      let pulled = 0;
      function* messages(): Generator<[string, number]> {
        while (pulled < 10) yield [`v${++pulled}`, pulled];
      }
      const { receivers } = numbered(messages(), 2, mode);
      await turn();
      expect(pulled).toBeLessThanOrEqual(3);

      const received: unknown[] = [];
      for await (const [value, ts] of receivers.r ?? []) {
        received.push([value, ts]);
        await turn();
        expect(pulled - received.length).toBeLessThanOrEqual(3);
      }

      expect(received).toEqual(Array.from({ length: 10 }, (_, i) => [`v${i + 1}`, i + 1]));
    },
  );

  test('law 18: one who repeats goes on, one who is late fails', async () => {
    const repeated = numbered(
      [
        ['v1', 1],
        ['v1', 1],
        ['v2', 2],
      ] as [string, number][],
      9,
      'sequence',
    );
    await turn();
    expect(watch(repeated.receivers.r as ClockedReceiver<string>).seen).toEqual([['v1', 1], ['v2', 2], '|']);

    const late = numbered(
      [
        ['v5', 5],
        ['v1', 1],
        ['v6', 6],
      ] as [string, number][],
      9,
      'watermark',
    );
    await turn();
    const watched = watch(late.receivers.r as ClockedReceiver<string>);
    expect(watched.items).toEqual([['v5', 5]]);
    expect(errorOf(watched)).toMatchObject({ name: 'LateMessageError', sender: 's', ts: 1, clock: 5 });
  });

  test('law 18: an input that fails has its error told after what it brought', async () => {
    const broken = new Error('broken');
    function* throwing(): Generator<number> {
      yield 1;
      yield 2;
      throw broken;
    }
    async function* rejecting(): AsyncGenerator<number> {
      yield* [1, 2];
      await Promise.reject(broken);
    }
    const failing = () =>
      new ReadableStream<number>({
        start: (controller) => {
          controller.enqueue(1);
          controller.enqueue(2);
        },
        pull: (controller) => controller.error(broken),
      });

    const inputs: [() => ObservableInput<number>, unknown[]][] = [
      [throwing, [1, 2]],
      [rejecting, [1, 2]],
      [failing, [1, 2]],
      [() => Promise.reject(broken), []],
    ];
    for (const [input, brought] of inputs) {
      const { watched } = receiversOf(
        of(source('bad', input(), { to: 'r' }), source('good', [7], { to: 'other' })).pipe(
          clockedDispatch(serialize(), { receivers: ['r', 'other'] }),
        ),
      );
      await turn();
      await turn();
      expect(watched.r && errorOf(watched.r)).toBe(broken);
      expect(data(watched.r?.items ?? [])).toEqual(brought);
      expect(data(watched.other?.items ?? [])).toEqual([7]);
      expect(watched.other?.seen.at(-1)).toBe('|');
    }
  });

  test('law 18: they are closed on teardown, also while they wait for room, and nothing more is pulled', async () => {
    const closed: string[] = [];
    function* endless(): Generator<number> {
      try {
        for (let i = 0; ; i++) yield i;
      } finally {
        closed.push('iterable');
      }
    }
    async function* endlessAsync(): AsyncGenerator<number> {
      try {
        for (let i = 0; ; i++) yield await Promise.resolve(i);
      } finally {
        closed.push('async iterable');
      }
    }
    const stream = new ReadableStream<number>({
      pull: (controller) => controller.enqueue(1),
      cancel: () => void closed.push('stream'),
    });
    for (const input of [endless(), endlessAsync(), stream]) {
      const { stop, receivers } = receiversOf(
        of(source('s', input, { to: 'r' })).pipe(clockedDispatch(serialize(), { receivers: ['r'], bound: 1 })),
        { unwatched: ['r'] },
      );
      await turn();
      stop();
      await turn();
      expect(receivers.r?.tryReceive()).toBeUndefined();
    }

    expect(closed).toEqual(['iterable', 'async iterable', 'stream']);
  });

  test('law 18: several inputs share the room of one receiver, and all get their turn', async () => {
    const { receivers } = receiversOf(
      of(
        source('a', ['a1', 'a2', 'a3', 'a4'], { to: 'r' }),
        source('b', ['b1', 'b2', 'b3', 'b4'], { to: ['r', 'q'] }),
      ).pipe(clockedDispatch(serialize(), { receivers: ['r', 'q'], bound: 1 })),
      { unwatched: ['r'] },
    );
    const received: string[] = [];
    for await (const [value] of receivers.r ?? []) {
      if (value !== null) received.push(value);
      await turn();
    }

    expect(sorted(received)).toEqual(['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'b3', 'b4']);
    expect(received.slice(0, 4).join()).not.toBe('a1,a2,a3,a4');
  });
});

describe('law 19: who asks for how much', () => {
  test('law 19: a plain subscribe asks for everything', () => {
    const [sender, receiver] = serializing({ bound: 1 }).channel('s', 'r');
    const { items } = watch(receiver);

    for (let i = 0; i < 100; i++) expect(sender.trySend(i).ok).toBe(true);

    expect(items).toHaveLength(100);
  });

  test('law 19: for await asks for one more only when it is ready', async () => {
    const [sender, receiver] = serializing({ bound: 1 }).channel('s', 'r');
    let sent = 0;
    const sending = (async () => {
      for (let i = 0; i < 20; i++) {
        await sender.send(i);
        sent++;
      }
      sender.complete();
    })();

    const received: unknown[] = [];
    for await (const [value] of receiver) {
      received.push(value);
      await turn();
      expect(sent - received.length).toBeLessThanOrEqual(2);
    }

    expect(received).toEqual(Array.from({ length: 20 }, (_, i) => i));
    await sending;
  });

  test('law 19: toReadableStream(receiver) takes one more only when its reader asks', async () => {
    const [sender, receiver] = serializing({ bound: 1 }).channel('s', 'r');
    const reader = toReadableStream(receiver).getReader();
    await sender.send(1);
    await turn();
    expect(sender.trySend(2)).toEqual(FULL);

    expect(await reader.read()).toEqual({ done: false, value: [1, 1] });
    await turn();
    expect(sender.trySend(2).ok).toBe(true);
    expect(sender.trySend(3)).toEqual(FULL);
  });

  test('law 19: consume() takes one more only when a place is free', async () => {
    // Law 38: what is under way keeps its place.
    const [sender, receiver] = serializing({ bound: 3 }).channel('s', 'r');
    const begun: number[] = [];
    const finish: Subject<number>[] = [];
    consume(
      receiver,
      (value) => {
        begun.push(value);
        const result = new Subject<number>();
        finish.push(result);
        return result;
      },
      { concurrency: 2 },
    ).subscribe();
    const sent = [1, 2, 3, 4].map((value) => sender.send(value));
    await turn();

    expect(begun).toEqual([1, 2]);
    expect(await isPending(sent[3] as Promise<number>)).toBe(true);
    finish[1]?.complete();
    await turn();
    expect(begun).toEqual([1, 2, 3]);
    expect(await isPending(sent[3] as Promise<number>)).toBe(true);
    finish[0]?.complete();
    expect(await sent[3]).toBe(4);
  });

  test('law 19: receive takes one item a call, in the order of the calls', async () => {
    const dispatcher = serializing();
    const [sender, receiver] = dispatcher.channel('s', 'r');
    const early = [receiver.receive(), receiver.receive()];
    for (const value of [1, 2, 3]) sender.next(value);

    expect(await Promise.all(early)).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(await receiver.receive()).toEqual([3, 3]);
    const pending = receiver.receive();
    expect(await isPending(pending)).toBe(true);
    sender.complete();
    expect(await pending).toBeUndefined();
  });

  test('law 19: a receive that is given up takes nothing', async () => {
    const [sender, receiver] = serializing().channel('s', 'r');
    const abort = new AbortController();
    const given = receiver.receive({ signal: abort.signal });
    abort.abort(new Error('enough'));
    expect(await rejection(given)).toEqual(new Error('enough'));

    sender.next(1);

    expect(await receiver.receive()).toEqual([1, 1]);
  });

  test('law 19: receiveMany takes what is there, at most so many', async () => {
    const [sender, receiver] = serializing().channel('s', 'r');
    for (const value of [1, 2, 3, 4, 5]) sender.next(value);

    expect(await receiver.receiveMany(2)).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(await receiver.receiveMany()).toEqual([
      [3, 3],
      [4, 4],
      [5, 5],
    ]);
    const pending = receiver.receiveMany();
    expect(await isPending(pending)).toBe(true);
    sender.next(6);
    expect(await pending).toEqual([[6, 6]]);
    expect(await rejection(receiver.receiveMany(0))).toMatchObject({
      name: 'InvalidOptionError',
      option: 'max',
      value: 0,
    });
  });

  test('law 19: leaving a for await keeps the receiver open, unless iterate({ close: true }) was asked for', async () => {
    const [sender, receiver] = serializing().channel('s', 'r');
    for (const value of [1, 2, 3]) sender.next(value);

    for await (const [value] of receiver) if (value === 1) break;
    expect(await receiver.receive()).toEqual([2, 2]);
    for await (const [value] of receiver.iterate({ close: true })) if (value === 3) break;

    expect(sender.trySend(4)).toEqual({ ok: false, reason: 'no-receiver' });
  });
});

describe('law 20: messages without a subscriber', () => {
  test('law 20: they wait in the channel of a receiver that has no subscriber yet', () => {
    const [sender, receiver] = serializing().channel('s', 'r');
    sender.next(1);
    sender.next(2);

    expect(watch(receiver).items).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  test('law 20: or no longer has one', () => {
    const [sender, receiver] = serializing({ bound: 2 }).channel('s', 'r');
    const first = watch(receiver);
    sender.next(1);
    first.subscription.unsubscribe();
    expect([2, 3, 4].map((value) => sender.trySend(value).ok)).toEqual([true, true, false]);

    const second = watch(receiver);
    sender.next(5);

    expect(first.items).toEqual([[1, 1]]);
    expect(second.items).toEqual([
      [2, 2],
      [3, 3],
      [5, 4],
    ]);
  });

  test('law 20: a subscriber that leaves in the middle of a backlog leaves the rest where it was', () => {
    const [sender, receiver] = serializing().channel('s', 'r');
    for (const value of [1, 2, 3]) sender.next(value);
    const taken: unknown[] = [];
    receiver.pipe(take(2)).subscribe((item) => taken.push(item));

    expect(taken).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(pullAll(receiver)).toEqual([[3, 3]]);
  });

  test('law 20: the messages of a closed receiver still use up their timestamps, and its senders are told', () => {
    const dispatcher = serializing();
    const [sender, receiver] = dispatcher.channel('s', 'r');
    const [, other] = dispatcher.channel('t', 'other');
    receiver.close();

    expect(sender.trySend(1)).toEqual({ ok: false, reason: 'no-receiver' });
    expect(pullAll(other)).toEqual([[null, 1]]);
    expect(receiver.closed).toBe(true);
    expect(dispatcher.stats().refused).toBe(1);
  });

  test('law 20: those who wait for it are let go', async () => {
    const dispatcher = serializing({ bound: 1 });
    const [sender, receiver] = dispatcher.channel('s', 'r');
    await sender.send(1);
    const waiting = sender.send(2);
    expect(await isPending(waiting)).toBe(true);

    receiver.close();

    expect(await rejection(waiting)).toMatchObject({ name: 'NoReceiverError', sender: 's', receivers: ['r'] });
  });

  test('law 20: a broadcast that waited for it goes to the others', async () => {
    const dispatcher = serializing({ bound: 1 });
    const [sender, full] = dispatcher.channel('s', 'full');
    const free = dispatcher.receiver('free', { bound: 8 });
    const everybody = dispatcher.broadcaster('all');
    await sender.send(1);
    const waiting = everybody.send(7);
    expect(await isPending(waiting)).toBe(true);

    full.close();

    expect(await waiting).toBe(2);
    expect(data(pullAll(free))).toEqual([7]);
  });

  test('law 20: a held message whose receiver left still uses up its timestamp', () => {
    const dispatcher = createDispatcher<string>(watermark());
    const [a, leaving] = dispatcher.channel('a', 'leaving');
    const [b, other] = dispatcher.channel('b', 'other');
    const silent = dispatcher.sender('silent', 'other');
    const { items } = watch(other);
    a.next(['held', 5]);
    leaving.close();
    b.next([null, 9]);

    silent.complete();

    expect(items).toEqual([
      [null, 5],
      [null, 9],
    ]);
    expect(dispatcher.stats().held).toBe(0);
  });

  test('law 20: a closed receiver gives nothing, and completes its subscribers', () => {
    const [sender, receiver] = serializing().channel('s', 'r');
    const { seen } = watch(receiver);
    sender.next(1);

    receiver.close();
    receiver.close();

    expect(seen).toEqual([[1, 1], '|']);
    expect(receiver.tryReceive()).toBeUndefined();
  });
});
