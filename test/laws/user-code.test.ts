import { queueScheduler, take } from 'rxjs';
import {
  createDispatcher,
  sequence,
  serialize,
  toReadableStream,
  watermark,
  type Clocked,
  type ClockedReceiver,
  type Drop,
} from 'rxjs-clocked-dispatch';
import { describe, expect, test } from 'vitest';
import { rejection, turn } from '../support/async.js';
import { data, pullAll, watch } from '../support/receivers.js';
import { unhandledIn } from '../support/unhandled.js';

/** Timestamps never go back, and none is told twice. */
function inOrder(items: readonly Clocked<unknown>[]): boolean {
  return items.every(([, ts], i) => i === 0 || ts > (items[i - 1] as Clocked<unknown>)[1]);
}

describe('law 26: user code runs only after everything is committed', () => {
  test('law 26: onDrop that sends a dead letter, while nothing else is told', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const letters = dispatcher.receiver('letters');
    const dead = dispatcher.sender('dead', 'letters');
    dispatcher.receiver('view', {
      bound: 1,
      overflow: 'drop-oldest',
      onDrop: ({ value }) => dead.next(`lost ${value}`),
    });
    const other = watch(dispatcher.receiver('other'));
    const all = dispatcher.broadcaster('all');
    const told = watch(letters);
    all.next('a');
    all.next('b');
    all.next('c');

    expect(data(told.items)).toEqual(['a', 'b', 'lost a', 'c', 'lost b']);
    expect(inOrder(told.items)).toBe(true);
    expect(inOrder(other.items)).toBe(true);
  });

  test('law 26: a dead letter from inside a handler has a timestamp of its own, and the answer is true', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const letters = watch(dispatcher.receiver('letters'));
    const dead = dispatcher.sender('dead', 'letters');
    const answers: unknown[] = [];
    dispatcher.receiver('view', {
      bound: 1,
      overflow: 'drop-newest',
      onDrop: ({ value }) => answers.push(dead.trySend(`lost ${value}`)),
    });
    const [sender, receiver] = dispatcher.channel('s', 'r');
    const both = dispatcher.sender('both', ['view', 'r']);
    const told = watch(receiver, ([value]) => {
      if (value !== 'go') return;
      expect(both.trySend('x')).toEqual({ ok: true, ts: 2 });
      both.next('y');
      expect(dispatcher.clock).toBe(3);
    });
    sender.next('go');

    expect(answers).toEqual([{ ok: true, ts: 4 }]);
    expect(letters.items.filter(([value]) => value !== null)).toEqual([['lost y', 4]]);
    expect(data(told.items)).toEqual(['go', 'x', 'y']);
    expect(inOrder(letters.items) && inOrder(told.items)).toBe(true);
  });

  test('law 26: by watermark, a tick from onDrop does not overtake what is being told', () => {
    const dispatcher = createDispatcher<string>(watermark());
    const other = watch(dispatcher.receiver('other'));
    dispatcher.receiver('view', {
      bound: 1,
      overflow: 'drop-newest',
      onDrop: ({ ts }) => sender.next([null, ts + 5]),
    });
    const sender = dispatcher.sender('s', ['view', 'other']);
    sender.next(['a', 1]);
    sender.next(['b', 2]);
    expect(other.seen).toEqual([
      ['a', 1],
      ['b', 2],
      [null, 7],
    ]);
  });

  test.for(['drop', 'close', 'complete'])('law 26: onDrop that ends its own receiver, as it ends (%s)', (how) => {
    const dispatcher = createDispatcher<number>(serialize(), { bound: 2 });
    const slow: ClockedReceiver<number> = dispatcher.receiver('slow', {
      overflow: 'drop-oldest',
      onDrop: () => {
        if (how === 'complete') all.complete();
        else slow.close();
      },
    });
    const safe = dispatcher.receiver('safe', { overflow: 'drop-newest' });
    const all = dispatcher.broadcaster('all');
    const rest = dispatcher.broadcaster('rest');
    all.next(1);
    if (how === 'drop') for (let i = 0; i < 3; i++) rest.next(i);
    else slow.close();
    slow.close();
    for (let i = 0; i < 100; i++) rest.next(i);

    const { receivers } = dispatcher.stats();
    expect(receivers.find(({ name }) => name === 'safe')).toMatchObject({ queued: 2, bound: 2 });
    expect(pullAll(safe).filter(([value]) => value !== null)).toHaveLength(2);
  });

  test('law 26: an abort from inside onDrop comes before or after the decision, never between', async () => {
    const dispatcher = createDispatcher<string>(serialize(), { bound: 1 });
    const controller = new AbortController();
    const a = dispatcher.receiver('a', { onDrop: () => controller.abort(new Error('given up')) });
    const b = dispatcher.receiver('b');
    const both = dispatcher.sender('both', ['a', 'b']);
    const feed = dispatcher.sender('feed', 'b');
    feed.next('fill');
    a.close();
    const call = both.send('m', { signal: controller.signal });
    expect(b.tryReceive()).toEqual(['fill', 1]);
    expect(await call).toBe(2);
    expect(b.tryReceive()).toEqual(['m', 2]);

    feed.next('again');
    const waiting = feed.send('n');
    expect(dispatcher.stats().receivers[0]?.waiting).toBe(1);
    dispatcher.close();
    expect(await rejection(waiting)).toMatchObject({ name: 'ClosedError' });
  });

  test('law 26: gaps$ that fills the gap as it is told: in order, each once, and the end comes', () => {
    for (const watched of [true, false]) {
      const dispatcher = createDispatcher<string>(sequence());
      const [socket, receiver] = dispatcher.channel('socket', 'chat');
      const cache = dispatcher.sender('cache', 'chat');
      const chat = watch(receiver);
      if (watched) {
        dispatcher.gaps$.subscribe(({ from, to }) => {
          for (let n = from; n <= to; n++) expect(cache.tryForward(`cached ${n}`, n)).toEqual({ ok: true });
        });
      }
      socket.next(['m1', 1]);
      socket.next(['m4', 4]);
      socket.next(['m2', 2]);
      socket.complete();
      cache.complete();
      expect(data(chat.seen)).toEqual(watched ? ['m1', 'cached 2', 'cached 3', 'm4'] : ['m1', 'm2', 'm4']);
      expect(chat.seen.at(-1)).toBe('|');
      expect(dispatcher.stats().held).toBe(0);
    }
  });

  test('law 26: gaps$ told of what was given up: the number is late by then, and the rest goes out once', () => {
    const work: (() => void)[] = [];
    const scheduler = {
      now: () => work.length * 100,
      schedule: (run: () => void) => (work.push(run), { unsubscribe() {} }),
    };
    const dispatcher = createDispatcher<string>(sequence({ gap: { skipAfter: 10 }, late: 'drop', scheduler }));
    const [socket, receiver] = dispatcher.channel('socket', 'chat');
    const cache = dispatcher.sender('cache', 'chat');
    const chat = watch(receiver);
    const answers: unknown[] = [];
    dispatcher.gaps$.subscribe(({ from }) => answers.push(cache.tryForward('cached', from)));
    socket.tryForward('m1', 1);
    socket.tryForward('m3', 3);
    for (let run = work.shift(); run !== undefined && answers.length === 0; run = work.shift()) {
      work.push(() => {});
      run();
    }
    expect(answers).toEqual([{ ok: false, reason: 'late' }]);
    expect(data(chat.seen)).toEqual(['m1', 'm3']);
    expect(socket.tryForward('m3', 3)).toEqual({ ok: false, reason: 'duplicate' });
    dispatcher.close();
  });

  test('laws 13 and 26: a dead letter with the number of what was dropped is a duplicate, and the accounts balance', () => {
    const drops: Drop<string>[] = [];
    const dispatcher = createDispatcher<string>(sequence(), { bound: 8 });
    const letters = dispatcher.receiver('letters');
    const bin = dispatcher.sender('bin', 'letters');
    const tiny = dispatcher.receiver('tiny', {
      bound: 1,
      overflow: 'drop-newest',
      onDrop: (drop) => {
        drops.push(drop);
        expect(bin.tryForward(`dead ${drop.value}`, drop.ts)).toEqual({ ok: false, reason: 'duplicate' });
        bin.next([`dead ${drop.value}`, drop.ts]);
      },
    });
    const big = dispatcher.receiver('big');
    const sender = dispatcher.sender('s', ['tiny', 'big']);
    for (let n = 1; n <= 4; n++) sender.next([`m${n}`, n]);

    expect(drops.map(({ ts }) => ts)).toEqual([2, 3, 4]);
    expect(data(pullAll(tiny))).toEqual(['m1']);
    expect(data(pullAll(big))).toEqual(['m1', 'm2', 'm3', 'm4']);
    expect(pullAll(letters)).toEqual([[null, 4]]);
    expect(dispatcher.stats()).toMatchObject({ accepted: 4, duplicates: 6, offered: 10, held: 0, clock: 4 });
  });

  test('law 26: onDrop that sends again to the receiver that is being closed ends', () => {
    const dispatcher = createDispatcher<string>(serialize());
    let told = 0;
    const [sender, receiver] = dispatcher.channel('s', 'r', {
      onDrop: ({ value }) => {
        if (++told < 1000) sender.next(value);
      },
    });
    for (const value of ['a', 'b', 'c']) sender.next(value);
    receiver.close();
    expect(told).toBe(3);
    dispatcher.close();
  });

  test('law 20: who subscribes from inside a handler is told the tick of what is being told, once', () => {
    const dispatcher = createDispatcher<string>(watermark());
    const receiver = dispatcher.receiver('r');
    const [a, b] = ['a', 'b'].map((name) => dispatcher.sender(name, 'r', { strict: true }));
    let second: ReturnType<typeof watch<string>> | undefined;
    const first = watch(receiver, () => (second ??= watch(receiver)));
    a!.next(['x', 5]);
    b!.next(['y', 5]);
    expect(data(first.items)).toEqual(['x', 'y']);
    expect(second?.items).toEqual([[null, 5]]);
  });

  test('law 26: a scheduler that runs its work at once is told each time', () => {
    const dispatcher = createDispatcher<string>(serialize(), { ticks: queueScheduler });
    const [sender] = dispatcher.channel('s', 'r');
    const other = watch(dispatcher.receiver('other'));
    for (const value of ['a', 'b', 'c']) sender.next(value);
    expect(other.items).toEqual([
      [null, 1],
      [null, 2],
      [null, 3],
    ]);
  });

  test('law 26: a scheduler that throws is reported, and is no error of the send', async () => {
    const scheduler = {
      now: () => 0,
      schedule: () => {
        throw new Error('no frames');
      },
    };
    const reported = await unhandledIn(() => {
      const dispatcher = createDispatcher<string>(serialize(), { ticks: scheduler });
      const [sender, receiver] = dispatcher.channel('s', 'r');
      watch(dispatcher.receiver('other'));
      const told = watch(receiver);
      expect(sender.trySend('a')).toEqual({ ok: true, ts: 1 });
      sender.next('b');
      expect(data(told.items)).toEqual(['a', 'b']);
    });
    expect(reported.length).toBeGreaterThan(0);
    expect(reported[0]).toEqual(new Error('no frames'));
  });

  test('law 26: a pull from inside a handler is answered from what is committed', async () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [sender, receiver] = dispatcher.channel('s', 'r');
    for (const value of ['header', 'b', 'c']) sender.next(value);
    const got: unknown[] = [];
    const read = async (): Promise<void> => {
      for await (const item of receiver) got.push(item);
    };
    let loop: Promise<void> | undefined;
    receiver.pipe(take(1)).subscribe(() => {
      loop = read();
    });
    await turn();
    expect(got).toEqual([
      ['b', 2],
      ['c', 3],
    ]);
    sender.next('d');
    sender.complete();
    await loop;
    expect(got.at(-1)).toEqual(['d', 4]);

    const late = createDispatcher<string>(serialize());
    const all = late.broadcaster('all');
    let answer: Promise<unknown> | undefined;
    watch(late.receiver('r'), ([value]) => {
      if (value === 'go') answer = late.receiver('joins').receive();
    });
    all.next('go');
    expect(await answer).toEqual([null, 1]);
  });

  describe.each<[string, (receiver: ClockedReceiver<string>) => Promise<unknown>]>([
    ['receive', async (receiver) => receiver.receive()],
    ['receiveMany', async (receiver) => (await receiver.receiveMany(1))[0]],
    ['for await', async (receiver) => (await receiver[Symbol.asyncIterator]().next()).value],
    [
      'deliveries',
      async (receiver) => {
        for await (const { value, ts } of receiver.deliveries()) return [value, ts];
        return undefined;
      },
    ],
    ['toReadableStream', async (receiver) => (await toReadableStream(receiver).getReader().read()).value],
  ])('who asks by %s', (_, ask) => {
    test('law 26: gets what a follower of the clock sends as time is told', async () => {
      const dispatcher = createDispatcher<string>(watermark());
      const [sender, receiver] = dispatcher.channel('s', 'r');
      const clock: number[] = [];
      receiver.clock$.subscribe((ts) => {
        clock.push(ts);
        if (ts === 3) sender.next(['sent', 4]);
      });
      sender.next([null, 3]);
      expect(receiver.tryReceive()).toEqual([null, 3]);
      expect(clock.at(-1)).toBe(3);

      expect(await ask(receiver)).toEqual(['sent', 4]);
    });
  });
});
