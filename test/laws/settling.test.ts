import { of, Subject, take } from 'rxjs';
import {
  ALL,
  clockedDispatch,
  createDispatcher,
  sequence,
  serialize,
  source,
  watermark,
  whenClock,
  type ClockedReceiver,
} from 'rxjs-clocked-dispatch';
import { describe, expect, test } from 'vitest';
import { isPending, rejection, turn } from '../support/async.js';
import { dispatcherOf, MODE, MODES, type AnySender, type Mode } from '../support/dispatchers.js';
import { data, pullAll, watch } from '../support/receivers.js';
import { unhandledIn } from '../support/unhandled.js';

/** Sends or forwards, whatever the sender does. */
function sendBy(sender: AnySender, ts: number, options?: { signal: AbortSignal }): Promise<unknown> {
  return 'send' in sender ? sender.send(`v${ts}`, options) : sender.forward(`v${ts}`, ts, options);
}

/** A dispatcher whose receiver is full, and a call that waits there. */
function waitingIn(mode: Mode) {
  const dispatcher = dispatcherOf(mode, { bound: 1 });
  const [sender, receiver] = dispatcher.channel('s', 'r') as unknown as [AnySender, ClockedReceiver<string>];
  void sendBy(sender, 1);
  return { dispatcher, sender, receiver, call: sendBy(sender, 2) };
}

describe('law 27: every promise settles, at the latest when its dispatcher is closed', () => {
  describe.for(MODES)('by %s', (mode) => {
    test('law 27: calls that wait, of all kinds', async () => {
      const { dispatcher, receiver, call, sender } = waitingIn(mode);
      const behind = sendBy(sender, 3);
      dispatcher.close();

      expect(await rejection(call)).toMatchObject({ name: 'ClosedError' });
      expect(await rejection(behind)).toMatchObject({ name: 'ClosedError' });
      expect(await receiver.receive()).toEqual(['v1', 1]);
      expect(await receiver.receive()).toBeUndefined();
      expect(await receiver.receiveMany()).toEqual([]);
    });

    test('law 27: one that nobody listens to is no unhandled rejection when its own dispatcher closes', async () => {
      const unhandled = await unhandledIn(async () => {
        const closed = waitingIn(mode);
        void sendBy(closed.sender, 3);
        closed.dispatcher.close();
        const left = waitingIn(mode);
        left.sender.complete();
        const failed = waitingIn(mode);
        failed.sender.error(new Error('gone'));
        const within = waitingIn(mode);
        // Closed by the very operation that lets the call wait.
        within.receiver.pipe(take(1)).subscribe(() => {
          void sendBy(within.sender, 4);
          within.dispatcher.close();
        });
        await turn();
      });
      expect(unhandled).toEqual([]);
    });

    test('law 27: one that is refused for another reason is still to be handled', async () => {
      const unhandled = await unhandledIn(() => {
        const { sender } = waitingIn(mode);
        void sendBy(sender, 3, { signal: AbortSignal.abort(new Error('given up')) });
      });
      expect(unhandled).toEqual([new Error('given up')]);
    });

    test('law 27: what is decided can not be aborted any more', async () => {
      const { receiver, sender, dispatcher } = waitingIn(mode);
      const controller = new AbortController();
      const call = sendBy(sender, 3, { signal: controller.signal });
      receiver.tryReceive();
      receiver.tryReceive();
      controller.abort(new Error('too late'));

      await call;
      expect(data(pullAll(receiver))).toEqual(['v3']);
      expect(dispatcher.stats()).toMatchObject({ refused: 0, accepted: 3 });
    });

    test('law 27: one that is aborted leaves its turn to the next', async () => {
      const { receiver, sender, call } = waitingIn(mode);
      const controller = new AbortController();
      const aborted = sendBy(sender, mode === 'sequence' ? 9 : 3, { signal: controller.signal });
      const next = sendBy(sender, mode === 'sequence' ? 3 : 4);
      controller.abort(new Error('given up'));
      expect(await rejection(aborted)).toEqual(new Error('given up'));
      expect(data(pullAll(receiver)).length).toBe(3);
      await call;
      await next;
    });

    test('law 27: those who wait for the clock of a receiver that leaves', async () => {
      const { receiver, dispatcher } = waitingIn(mode);
      const reached = whenClock(1, receiver);
      const beyond = whenClock(99, receiver);
      receiver.tryReceive();
      receiver.close();
      expect(await reached).toBe(1);
      expect(await rejection(beyond)).toMatchObject({ name: 'ClockNotReachedError' });
      expect(await rejection(whenClock(99, receiver))).toMatchObject({ name: 'ClockNotReachedError' });
      dispatcher.close();
    });

    test('law 27: those who wait when the result of the operator is unsubscribed', async () => {
      const input = new Subject<never>();
      let receiver!: ClockedReceiver<string>;
      const waiting: Promise<unknown>[] = [];
      const subscription = of(source('a', input, { to: 'r' }))
        .pipe(clockedDispatch(MODE[mode] as typeof MODE.serialize, { receivers: ['r'] }))
        .subscribe((given: ClockedReceiver<string>) => {
          receiver = given;
        });
      waiting.push(receiver.receive(), receiver.receiveMany(), rejection(whenClock(7, receiver)));
      waiting.push(
        (async () => {
          for await (const [, ts] of receiver) expect(ts).toBe(0);
        })(),
      );
      waiting.push(
        (async () => {
          for await (const { ack } of receiver.deliveries()) ack();
        })(),
      );
      subscription.unsubscribe();

      for (const promise of waiting) expect(await isPending(promise)).toBe(false);
      expect(await rejection(whenClock(7, receiver))).toMatchObject({ name: 'ClockNotReachedError' });
      expect(await receiver.receive()).toBeUndefined();
    });
  });

  test('law 27: a receiver that ends tells those who follow its clock, however it is read', async () => {
    for (const how of ['subscribe', 'tryReceive', 'not at all'] as const) {
      const dispatcher = createDispatcher<string>(serialize());
      const [sender, receiver] = dispatcher.channel('s', 'r');
      const [other] = dispatcher.channel('o', 'x');
      other.next('passes as time');
      let completed = false;
      const clocks: number[] = [];
      receiver.clock$.subscribe({ next: (ts) => clocks.push(ts), complete: () => (completed = true) });
      const beyond = whenClock(5, receiver);
      sender.complete();
      if (how === 'subscribe') watch(receiver);
      if (how === 'tryReceive') receiver.tryReceive();

      expect(await rejection(beyond)).toMatchObject({ name: 'ClockNotReachedError' });
      expect(completed).toBe(true);
      expect(receiver.closed || how === 'not at all').toBe(true);
    }
  });

  test.for(['close', 'receiver', 'torn down'] as const)(
    'law 27: those who do not know yet what they wait for, when nothing can come any more: %s',
    async (how) => {
      const input = new Subject<string>();
      let receiver!: ClockedReceiver<string>;
      const result = of(source('s', input, { to: 'r' }))
        .pipe(clockedDispatch(serialize(), { receivers: ['r'] }))
        .subscribe((created) => {
          receiver = created;
        });
      input.next('unread');
      const never = whenClock(new Promise<number>(() => undefined), receiver);
      if (how === 'close') input.complete();
      else if (how === 'receiver') receiver.close();
      else result.unsubscribe();

      expect(await rejection(never)).toMatchObject({ name: 'ClockNotReachedError' });
      // What waits in a closed dispatcher can still be read; then that has ended, too.
      pullAll(receiver);
      expect(await rejection(whenClock(new Promise<number>(() => undefined), receiver))).toMatchObject({
        name: 'ClockNotReachedError',
      });
    },
  );

  test('law 27: a timestamp that was on its way when the dispatcher closed is still answered by what is so', async () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [sender, receiver] = dispatcher.channel('s', 'r');
    receiver.subscribe();
    const through = async (after: number): Promise<number> => {
      const ts = await sender.send('a');
      for (let i = 0; i < 10; i++) await Promise.resolve();
      return ts + after;
    };
    const [reached, beyond] = [whenClock(through(0), receiver), whenClock(through(2), receiver)];
    dispatcher.close();

    expect(await reached).toBe(1);
    expect(await rejection(beyond)).toMatchObject({
      name: 'ClockNotReachedError',
      ts: 4,
    });
  });

  test('law 27: a handler that subscribes to clock$ while it is told hears each timestamp once', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [sender, receiver] = dispatcher.channel('s', 'r');
    watch(receiver);
    const inner: number[] = [];
    const listen = (): void => void receiver.clock$.subscribe((ts) => inner.push(ts));
    receiver.clock$.pipe(take(1)).subscribe(listen);
    sender.next('a');
    sender.next('b');
    expect(inner.filter((ts) => ts > 0)).toEqual([1, 2]);
  });

  test('law 25: stats$ leaves no timer when it is left from inside its own handler', async () => {
    const timers: unknown[] = [];
    const scheduler = {
      now: () => 0,
      schedule: (work: () => void) => {
        const timer = { work };
        timers.push(timer);
        return { unsubscribe: () => void timers.splice(timers.indexOf(timer), 1) };
      },
    };
    const dispatcher = createDispatcher<string>(serialize());
    for (const n of [1, 2]) {
      let told = 0;
      dispatcher
        .stats$(5, scheduler)
        .pipe(take(n))
        .subscribe(() => told++);
      for (let i = 0; i < 3 && timers.length > 0; i++) (timers[0] as { work: () => void }).work();
      expect(told).toBe(n);
      expect(timers).toEqual([]);
    }
    await turn();
  });
});

describe('law 17: calls are woken by exactly what they wait for', () => {
  test.for(['next', 'tryForward', 'fill', 'skipTo', 'tick'] as const)(
    'laws 14 and 17: what waits for the window goes in when it has moved, by %s',
    async (how) => {
      const dispatcher = createDispatcher<string>(sequence({ window: 1 }));
      const [a] = dispatcher.channel('a', 'ra');
      const [b, receiver] = dispatcher.channel('b', 'rb');
      const watched = watch(receiver);
      const waiting = b.forward('v2', 2);
      expect(await isPending(waiting)).toBe(true);
      if (how === 'next') a.next(['v1', 1]);
      if (how === 'tick') a.next([null, 1]);
      if (how === 'tryForward') a.tryForward('v1', 1);
      if (how === 'fill') a.fill(1, 1);
      if (how === 'skipTo') dispatcher.skipTo(1);
      await waiting;
      expect(watched.seen.at(-1)).toEqual(['v2', 2]);
    },
  );

  test.for(['its receiver leaves', 'its sender leaves', 'the dispatcher closes'])(
    'law 17: what waits for the window is decided when %s',
    async (how) => {
      const dispatcher = createDispatcher<string>(sequence({ window: 2 }));
      const [a, first] = dispatcher.channel('a', 'first');
      const [b, second] = dispatcher.channel('b', 'second');
      const watched = watch(second);
      const waiting = rejection(a.forward('v5', 5));
      if (how === 'its receiver leaves') first.close();
      if (how === 'its sender leaves') a.complete();
      if (how === 'the dispatcher closes') dispatcher.close();
      for (const ts of [1, 2, 3, 4]) b.tryForward(`v${ts}`, ts);
      expect(await isPending(waiting)).toBe(false);
      if (how === 'its receiver leaves') {
        // Its number is used up all the same.
        expect(b.tryForward('v6', 6)).toEqual({ ok: true });
        expect(watched.seen.slice(-2)).toEqual([
          [null, 5],
          ['v6', 6],
        ]);
      }
    },
  );

  test.for([() => ALL, ALL, ['r1', 'r2']])(
    'law 17: one to several has its room when all of them have (%s)',
    async (to) => {
      const dispatcher = createDispatcher<string>(serialize(), { bound: 1 });
      const [s1, r1] = dispatcher.channel('s1', 'r1');
      const [s2, r2] = Array.isArray(to) ? dispatcher.channel('s2', 'r2') : [undefined, undefined];
      const news = dispatcher.sender('news', to as typeof ALL);
      s1.next('fill');
      const waiting = news.send('news');
      const [late, joined] = s2 === undefined ? dispatcher.channel('s2', 'r2') : [s2, r2];
      late.next('fill');
      r1.tryReceive();
      expect(await isPending(waiting)).toBe(true);
      joined.tryReceive();
      expect(await waiting).toBe(3);
    },
  );

  test('law 17: those who wait for a receiver that has failed go on without it, or are refused, at once', async () => {
    const dispatcher = createDispatcher<string>(serialize(), { bound: 1 });
    dispatcher.receiver('r1');
    const r2 = dispatcher.receiver('r2');
    const feed = dispatcher.sender('feed', 'r1');
    feed.next('fill');
    const both = dispatcher.sender('both', ['r1', 'r2']).send('W');
    const one = dispatcher.sender('one', 'r1').send('W1');
    feed.next('too much');

    expect(await rejection(one)).toMatchObject({ name: 'NoReceiverError' });
    expect(await both).toBe(3);
    expect(data(pullAll(r2))).toEqual(['W']);
  });

  test('laws 15 and 18: drop-oldest that leaves nothing readable lets in what everybody waits for', async () => {
    const dispatcher = createDispatcher<string>(sequence(), { bound: 1, overflow: 'drop-oldest' });
    const [a, receiver] = dispatcher.channel('a', 'r');
    const b = dispatcher.sender('b', 'r');
    a.next(['m1', 1]);
    const waiting = b.forward('m2', 2);
    a.next(['m3', 3]);
    await waiting;
    expect(pullAll(receiver)).toEqual([
      ['m2', 2],
      ['m3', 3],
    ]);
  });

  test.for(MODES)(
    'law 17: calls of one sender keep their order, also when they are made from a handler (%s)',
    async (mode) => {
      const { sender, receiver } = waitingIn(mode);
      const settled: number[] = [];
      const got: string[] = [];
      const note = (ts: number): void => void sendBy(sender, ts).then(() => settled.push(ts));
      note(3);
      receiver.subscribe(([value]) => {
        if (value !== null) got.push(value);
        if (value === 'v1') {
          note(4);
          note(5);
        }
        if (value === 'v4') note(6);
      });
      for (let i = 0; i < 5; i++) await turn();
      expect(got).toEqual(['v1', 'v2', 'v3', 'v4', 'v5', 'v6']);
      expect(settled).toEqual([3, 4, 5, 6]);
    },
  );

  test('law 17: a call that waits goes in before messages that came later, however long these go on', async () => {
    const dispatcher = createDispatcher<number>(serialize(), { bound: 1, overflow: 'drop-newest' });
    const [sender, receiver] = dispatcher.channel('s', 'r');
    const other = dispatcher.sender('other', 'r');
    let told = 0;
    let waited = Infinity;
    receiver.subscribe(([value]) => {
      told++;
      if (value === -1) waited = Math.min(waited, told);
      else if (value === 0) {
        sender.next(1);
        void other.send(-1);
      } else if (value !== null && value < 1000) sender.next(value + 1);
    });
    sender.next(0);
    await turn();
    expect(waited).toBeLessThanOrEqual(4);
  });

  test('law 17: a tick of its own does not make a waiting forward late', async () => {
    for (const how of ['tick', 'message']) {
      const dispatcher = createDispatcher<{ to: 'r1' | 'r2'; n: number }>(watermark(), { bound: 1 });
      const r1 = dispatcher.receiver('r1');
      dispatcher.receiver('r2');
      const a = dispatcher.sender('a', ({ to }) => to);
      a.tryForward({ to: 'r1', n: 1 }, 1);
      const waiting = a.forward({ to: 'r1', n: 2 }, 2);
      if (how === 'tick') a.next([null, 3]);
      else a.next([{ to: 'r2', n: 3 }, 3]);
      expect(dispatcher.clock).toBeLessThan(3);
      expect(r1.tryReceive()).toEqual([{ to: 'r1', n: 1 }, 1]);
      await waiting;
      expect(dispatcher.stats().late).toBe(0);
      expect(dispatcher.clock).toBe(3);
    }
  });
});

test('law 16: a hand-off receiver that fails lets nobody in before the message that failed it', async () => {
  for (const mode of ['serialize', 'watermark'] as const) {
    const dispatcher = dispatcherOf(mode);
    dispatcher.receiver('r1', { bound: 0 });
    const seen = watch(dispatcher.receiver('r2'));
    const [a, b] = ['a', 'b'].map((name) => dispatcher.sender(name, ['r1', 'r2'])) as unknown as [AnySender, AnySender];
    const waiting = sendBy(mode === 'serialize' ? a : b, 13);
    if ('send' in b) b.next('m');
    else b.next(['m', 12]);
    if (mode === 'watermark') a.complete();
    await waiting;
    expect(seen.items.map(([, ts]) => ts)).toEqual([...seen.items.map(([, ts]) => ts)].sort((x, y) => x - y));
    expect(data(seen.items)).toEqual(['m', 'v13']);
  }
});
