import {
  concat,
  filter,
  map,
  merge,
  mergeAll,
  NEVER,
  Observable,
  of,
  range,
  Subject,
  take,
  throwError,
  type Unsubscribable,
} from 'rxjs';
import {
  ALL,
  clockedDispatch,
  createDispatcher,
  sequence,
  serialize,
  source,
  watermark,
  whenClock,
  type Clocked,
  type ClockedReceiver,
  type Mode,
  type Sender,
  type SerializingDispatcher,
} from 'rxjs-clocked-dispatch';
import { describe, expect, test } from 'vitest';
import { marbles } from '../marbles/support.js';
import { isPending, rejection } from '../support/async.js';
import { CountingScheduler } from '../support/counting-scheduler.js';
import { dispatcherOf, MODES } from '../support/dispatchers.js';
import { receiversOf } from '../support/operator.js';
import { data, errorOf, pullAll, stamped, watch, withoutTicks } from '../support/receivers.js';
import { unhandledIn } from '../support/unhandled.js';

describe('law 21: completion', () => {
  test('law 21: a receiver completes when its last sender has left', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [a, receiver] = dispatcher.channel('a', 'r');
    const [b, other] = dispatcher.channel('b', 'other');
    const clone = a.clone('a2');
    const [{ seen }, { seen: otherSeen }] = [watch(receiver), watch(other)];

    a.next('a1');
    a.complete();
    clone.next('a2');
    clone.complete();
    b.next('b3');

    expect(seen).toEqual([['a1', 1], ['a2', 2], '|']);
    expect(receiver.closed).toBe(true);
    expect(otherSeen).toEqual([
      [null, 1],
      [null, 2],
      ['b3', 3],
    ]);
  });

  test.for(MODES)('law 21: not while a broadcaster exists (%s)', (mode) => {
    const dispatcher = dispatcherOf(mode) as SerializingDispatcher<string>;
    const [a, receiver] = dispatcher.channel('a', 'r');
    const everybody = dispatcher.broadcaster('all');
    const { seen } = watch(receiver);
    a.complete();
    expect(seen).not.toContain('|');

    everybody.complete();

    expect(seen).toEqual(['|']);
  });

  test('law 21: not while a sender turns into a broadcaster', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [a, receiver] = dispatcher.channel('a', 'r');
    const { seen } = watch(receiver);

    const everybody = a.toBroadcaster('everybody');
    expect(everybody.name).toBe('everybody');
    everybody.next('to all');
    everybody.complete();

    expect(seen).toEqual([['to all', 1], '|']);
  });

  test('law 21: not before its channel is empty', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [a, receiver] = dispatcher.channel('a', 'r');
    a.next('a1');
    a.next('a2');
    a.complete();

    expect(receiver.closed).toBe(false);
    expect(receiver.tryReceive()).toEqual(['a1', 1]);
    expect(receiver.closed).toBe(false);
    expect(receiver.tryReceive()).toEqual(['a2', 2]);
    expect(receiver.closed).toBe(true);
    expect(receiver.tryReceive()).toBeUndefined();
  });

  test('law 21: a tick before the end is still given', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [a, receiver] = dispatcher.channel('a', 'r');
    const [b] = dispatcher.channel('b', 'other');
    b.next('b1');
    a.complete();
    b.next('b2');

    expect(receiver.closed).toBe(false);
    expect(pullAll(receiver)).toEqual([[null, 1]]);
    expect(receiver.closed).toBe(true);
  });

  test('law 21: it waits for what is held for it, broadcasts included', () => {
    const dispatcher = createDispatcher<string>(watermark());
    const [a, receiver] = dispatcher.channel('a', 'r');
    const [gate] = dispatcher.channel('gate', 'other');
    const everybody = dispatcher.broadcaster('all');
    const { seen } = watch(receiver);
    a.next(['own', 5]);
    everybody.next(['broadcast', 6]);
    a.complete();
    everybody.complete();
    expect(seen).toEqual([]);

    gate.next([null, 5]);
    expect(seen).toEqual([['own', 5]]);
    gate.next([null, 7]);

    expect(data(seen)).toEqual(['own', 'broadcast']);
    expect(seen.at(-1)).toBe('|');
  });

  test('law 21: completion is final: data never follows it, nor do ticks', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [a, receiver] = dispatcher.channel('a', 'r');
    const [b] = dispatcher.channel('b', 'other');
    const { seen } = watch(receiver);
    a.complete();

    b.toBroadcaster().next('to all that are left');

    expect(seen).toEqual(['|']);
    expect(watch(receiver).seen.at(-1)).toBe('|');
    expect(pullAll(receiver)).toEqual([]);
  });

  test('law 21: a receiver that never had a sender waits for one', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const receiver = dispatcher.receiver('r');
    const [other] = dispatcher.channel('other', 'x');
    const { seen } = watch(receiver);
    other.complete();
    expect(seen).toEqual([]);

    const sender = dispatcher.sender('s', 'r');
    sender.next('hello');
    sender.complete();

    expect(seen).toEqual([['hello', 1], '|']);
  });

  test('law 21: a late subscriber is told the current clock first, as a tick', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [a, receiver] = dispatcher.channel('a', 'r');
    const early = watch(receiver);
    expect(early.seen).toEqual([]);
    a.next('a1');
    a.next('a2');

    const late = watch(receiver);
    a.next('a3');

    expect(early.seen).toEqual([
      ['a1', 1],
      ['a2', 2],
      ['a3', 3],
    ]);
    expect(late.seen).toEqual([
      [null, 2],
      ['a3', 3],
    ]);
  });

  test('law 21: so is a receiver that joins late, however it is read', () => {
    const dispatcher = createDispatcher<string>(serialize({ seed: 40 }));
    const [a] = dispatcher.channel('a', 'r');
    expect(pullAll(dispatcher.receiver('nothing has happened'))).toEqual([]);
    a.next('a41');
    a.next('a42');

    expect(pullAll(dispatcher.receiver('pulled'))).toEqual([[null, 42]]);
    expect(watch(dispatcher.receiver('subscribed')).seen).toEqual([[null, 42]]);
  });

  test('law 21: a subscriber that comes after the end is told the clock and completes', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [a, receiver] = dispatcher.channel('a', 'r');
    watch(receiver);
    a.next('a1');
    a.complete();

    expect(watch(receiver).seen).toEqual([[null, 1], '|']);
  });

  test('law 21: a last tick that a late subscriber was told counts as given', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [a, receiver] = dispatcher.channel('a', 'r');
    dispatcher.channel('b', 'other')[0].next('b1');
    a.complete();

    expect(watch(receiver).seen).toEqual([[null, 1], '|']);
    expect([receiver.clock, receiver.closed, receiver.tryReceive()]).toEqual([1, true, undefined]);
  });

  test('law 21: those who wait for an item learn that none will come', async () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [a, receiver] = dispatcher.channel('a', 'r');
    const waiting = [receiver.receive(), receiver.receive()];
    a.next('a1');
    a.complete();

    expect(await Promise.all(waiting)).toEqual([['a1', 1], undefined]);
    expect(await receiver.receive()).toBeUndefined();
    const items = [];
    for await (const item of receiver) items.push(item);
    expect(items).toEqual([]);
  });

  test.for(MODES)('law 21: close() lets all senders leave (%s)', (mode) => {
    const dispatcher = dispatcherOf(mode) as SerializingDispatcher<string>;
    const [a, receiver] = dispatcher.channel('a', 'r');
    const { seen } = watch(receiver);

    dispatcher.close();
    dispatcher.close();

    expect(seen).toEqual(['|']);
    expect([dispatcher.closed, a.closed, receiver.closed]).toEqual([true, true, true]);
  });

  test('law 21: a dispatcher disposes of itself', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const dispose = (dispatcher as unknown as Record<symbol, (() => void) | undefined>)[
      (Symbol as { dispose?: symbol }).dispose ?? Symbol.for('Symbol.dispose')
    ];

    dispose?.call(dispatcher);

    expect(dispatcher.closed).toBe(true);
  });

  test('law 21: what is queued when the dispatcher closes is still delivered', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [a, receiver] = dispatcher.channel('a', 'r');
    a.next('a1');

    dispatcher.close();

    expect(watch(receiver).seen).toEqual([['a1', 1], '|']);
  });

  test('law 21: close() from inside a handler lets what was accepted before go out', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const a = dispatcher.broadcaster('a');
    const first = watch(dispatcher.receiver('first'), ([value]) => {
      if (value !== 'a1') return;
      a.next('a2');
      dispatcher.close();
      a.next('too late');
    });
    const second = watch(dispatcher.receiver('second'));

    a.next('a1');

    for (const { seen } of [first, second]) expect(seen).toEqual([['a1', 1], ['a2', 2], '|']);
  });

  test('law 21: waiting senders learn that the dispatcher is closed', async () => {
    const dispatcher = createDispatcher<string>(serialize(), { bound: 1 });
    const [a, receiver] = dispatcher.channel('a', 'r');
    await a.send('a1');
    const waiting = a.send('a2');
    expect(await isPending(waiting)).toBe(true);

    dispatcher.close();

    expect(await rejection(waiting)).toMatchObject({ name: 'ClosedError' });
    expect(watch(receiver).seen).toEqual([['a1', 1], '|']);
  });
});

describe('law 22: errors of a source', () => {
  const broken = new Error('broken');

  test('law 22: it reaches its receivers after the data accepted before it, and nobody else', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [a, receiver] = dispatcher.channel('a', 'r');
    const [b, other] = dispatcher.channel('b', 'other');
    a.next('a1');
    a.next('a2');
    const clock = dispatcher.clock;

    a.error(broken);
    expect(dispatcher.clock).toBe(clock);
    b.next('b3');

    expect(withoutTicks(watch(receiver).seen)).toEqual([['a1', 1], ['a2', 2], { error: broken }]);
    expect(watch(other).seen).toEqual([['b3', 3]]);
    expect(a.trySend('more')).toEqual({ ok: false, reason: 'closed' });
  });

  test.for(['error', 'overflow'])('law 22: of time it tells nothing, however late it is read (%s)', async (by) => {
    const dispatcher = createDispatcher<string>(serialize(), { bound: 1 });
    const receivers = [dispatcher.receiver('read'), dispatcher.receiver('pulled')] as const;
    const [read, pulled] = receivers;
    const a = dispatcher.sender('a', ['read', 'pulled']);
    const [other] = dispatcher.channel('other', 'elsewhere');
    other.next('before');
    a.next('a2');
    if (by === 'error') a.error(broken);
    else a.next('one too many');
    other.trySend('after');

    const watched = watch(read);
    expect(watched.seen).toEqual([['a2', 2], { error: errorOf(watched) }]);
    expect(pulled.tryReceive()).toEqual(['a2', 2]);
    expect(() => pulled.tryReceive()).toThrow();
    for (const receiver of receivers) {
      expect(receiver.clock).toBe(2);
      await expect(whenClock(3, receiver)).rejects.toThrow();
      const again = watch(receiver);
      expect(again.seen).toEqual([[null, 2], { error: errorOf(again) }]);
    }
  });

  test('law 22: what is held for order comes before it, too', () => {
    const dispatcher = createDispatcher<string>(watermark());
    const [a, receiver] = dispatcher.channel('a', 'r');
    const [b, other] = dispatcher.channel('b', 'other');
    const [watched, watchedOther] = [watch(receiver), watch(other)];
    a.next(['a5', 5]);

    a.error(broken);
    expect(data(watched.items)).toEqual([]);
    b.next(['b6', 6]);

    expect(data(watched.items)).toEqual(['a5']);
    expect(errorOf(watched)).toBe(broken);
    expect(data(watchedOther.items)).toEqual(['b6']);
  });

  test('law 22: a source that failed no longer holds the frontier', () => {
    const dispatcher = createDispatcher<string>(watermark());
    const [a] = dispatcher.channel('a', 'r');
    const [b, other] = dispatcher.channel('b', 'other');
    b.next(['b6', 6]);
    expect(data(pullAll(other))).toEqual([]);

    a.error(broken);

    expect(pullAll(other)).toEqual([['b6', 6]]);
  });

  test('law 22: those who wait for a receiver that fails are let go, and a broadcast goes to the others', async () => {
    const dispatcher = createDispatcher<string>(serialize(), { bound: 1 });
    const [a, receiver] = dispatcher.channel('a', 'r');
    const other = dispatcher.receiver('other');
    const waiting = [dispatcher.sender('b', 'r'), dispatcher.broadcaster('all')];
    a.next('a1');
    const sent = waiting.map((sender) => sender.send(`${sender.name} waits`));
    a.error(broken);

    expect(await rejection(sent[0] as Promise<number>)).toMatchObject({ name: 'NoReceiverError', receivers: ['r'] });
    await sent[1];
    expect(data(pullAll(other))).toEqual(['all waits']);
    const watched = watch(receiver);
    expect(data(watched.items)).toEqual(['a1']);
    expect(errorOf(watched)).toBe(broken);
  });

  test("law 22: with 'complete' it is the source's completion", () => {
    const dispatcher = createDispatcher<string>(serialize(), { sourceError: 'complete' });
    const [a, receiver] = dispatcher.channel('a', 'r');
    const clone = a.clone('a2');
    const { seen } = watch(receiver);
    a.next('a1');
    a.error(broken);
    clone.next('a2');
    clone.error(broken);

    expect(seen).toEqual([['a1', 1], ['a2', 2], '|']);
  });

  test('law 22: an error of a broadcaster reaches all', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const receivers = ['r1', 'r2'].map((name) => watch(dispatcher.receiver(name)));
    const everybody = dispatcher.broadcaster('all');
    everybody.next('a');

    everybody.error(broken);

    for (const { seen } of receivers) expect(seen).toEqual([['a', 1], { error: broken }]);
  });

  test('law 22: pullers meet it after the data', async () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [a, receiver] = dispatcher.channel('a', 'r');
    a.next('a1');
    a.error(broken);

    expect(await receiver.receive()).toEqual(['a1', 1]);
    expect(await rejection(receiver.receive())).toBe(broken);
    expect(() => receiver.tryReceive()).toThrow(broken);
    const waiting = dispatcher.channel('b', 'other');
    const pending = waiting[1].receive();
    waiting[0].error(broken);
    const next = await pending.catch((error: unknown) => error);
    expect([broken, [null, 1]]).toContainEqual(next);
  });

  test(
    'law 22: in the operator, other receivers go on',
    marbles((m) => {
      const a$ = m.cold('a---#', undefined, broken);
      const b$ = m.cold('b---c-d|');
      const sources = of(source('a', a$, { to: 'ra' }), source('b', b$, { to: 'rb' }));
      const dispatched = sources.pipe(clockedDispatch(serialize(), { receivers: ['ra', 'rb'] }));
      const received = (wanted: string) =>
        dispatched.pipe(
          filter(({ name }) => name === wanted),
          mergeAll(),
        );
      const items = { a: ['a', 1], b: ['b', 2], c: ['c', 3], d: ['d', 4], s: [null, 1], t: [null, 2] } as const;

      m.expect(received('ra')).toBeObservable('(at)#     ', items, broken);
      m.expect(received('rb')).toBeObservable('(sb)c-d|  ', items);
    }),
  );
});

describe('law 23: a consumer or function that throws', () => {
  test('law 23: a consumer that throws harms nobody else, and RxJS reports it', async () => {
    const thrown = new Error('consumer');
    const dispatcher = createDispatcher<string>(serialize());
    const everybody = dispatcher.broadcaster('all');
    const [r1, r2] = [dispatcher.receiver('r1'), dispatcher.receiver('r2')];

    const reported = await unhandledIn(() => {
      r1.subscribe(() => {
        throw thrown;
      });
      const [same, other] = [watch(r1), watch(r2)];
      everybody.next('a');
      everybody.next('b');
      expect(same.seen).toEqual([
        ['a', 1],
        ['b', 2],
      ]);
      expect(other.seen).toEqual([
        ['a', 1],
        ['b', 2],
      ]);
    });

    expect(reported).toContain(thrown);
  });

  test('law 23: onDrop that throws harms nobody either', async () => {
    const thrown = new Error('onDrop');
    const onDrop = (): void => {
      throw thrown;
    };
    const dispatcher = createDispatcher<string>(serialize(), { bound: 1, overflow: 'drop-oldest', onDrop });
    const [full, other] = [dispatcher.receiver('full'), dispatcher.receiver('other', { bound: 9 })];
    const everybody = dispatcher.broadcaster('all');

    const reported = await unhandledIn(() => {
      for (const value of ['a', 'b', 'c']) everybody.next(value);
    });

    expect(reported).toContain(thrown);
    expect(data(pullAll(full))).toEqual(['c']);
    expect(data(pullAll(other))).toEqual(['a', 'b', 'c']);
  });

  test('law 23: a routing function that throws is an error of its source', () => {
    const thrown = new Error('route');
    const { watched } = receiversOf(
      of(
        source('a', of('a1', 'a2', 'a3'), {
          to: (value: string) => {
            if (value === 'a2') throw thrown;
            return 'r' as const;
          },
        }),
        source('b', of('b1'), { to: 'other' }),
      ).pipe(clockedDispatch(serialize(), { receivers: ['r', 'other'] })),
    );

    expect(data(watched.r?.seen ?? [])).toEqual(['a1']);
    expect(watched.r?.seen.at(-1)).toEqual({ error: thrown });
  });

  test('law 23: an observable that throws when it is subscribed is an error of its source', () => {
    const thrown = new Error('subscribe');
    const throwing = new Observable<string>(() => {
      throw thrown;
    });
    const { watched } = receiversOf(
      of(source('a', throwing, { to: 'r' }), source('b', of('b1'), { to: 'other' })).pipe(
        clockedDispatch(serialize(), { receivers: ['r', 'other'] }),
      ),
    );

    expect(watched.r?.seen.at(-1)).toEqual({ error: thrown });
    expect(watched.other?.seen.at(-1)).toBe('|');
    expect(data(watched.other?.seen ?? [])).toEqual(['b1']);
  });
});

describe('law 24: null and timestamps', () => {
  test('law 24: undefined is a value like any other', () => {
    const [sender, receiver] = createDispatcher<string | undefined>(serialize()).channel('s', 'r');
    sender.next(undefined);

    expect(pullAll(receiver)).toEqual([[undefined, 1]]);
  });

  test('law 24: null as a value is refused, and takes no timestamp', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [sender, receiver] = dispatcher.channel('s', 'r');

    expect(() => sender.next(null as never)).toThrow(/'s'.*null/);
    sender.next('a');

    expect(pullAll(receiver)).toEqual([['a', 1]]);
  });
});

describe('law 25: unsubscribing', () => {
  test('law 25: unsubscribing from the operator tears down every source; nothing is emitted afterwards', () => {
    const [a$, b$] = [new Subject<string>(), new Subject<string>()];
    const { watched, stop } = receiversOf(
      concat(of(source('a', a$, { to: 'r' }), source('b', b$, { to: ALL })), NEVER).pipe(
        clockedDispatch(serialize(), { receivers: ['r', 'other'] }),
      ),
    );
    a$.next('a1');

    stop();
    a$.next('a2');
    b$.next('b2');

    expect([a$.observed, b$.observed]).toEqual([false, false]);
    expect(watched.r?.seen).toEqual([['a1', 1]]);
    expect(watched.other?.seen).toEqual([[null, 1]]);
  });

  test('law 25: also from inside a handler', () => {
    const a$ = new Subject<string>();
    const seen: unknown[] = [];
    const dispatched = concat(of(source('a', a$, { to: ALL })), NEVER).pipe(
      clockedDispatch(serialize(), { receivers: ['first', 'second'] }),
    );
    const { stop } = receiversOf(dispatched, {
      react: (name, item) => {
        seen.push([name, ...item]);
        stop();
      },
    });

    a$.next('a1');
    a$.next('a2');

    expect(seen).toEqual([['first', 'a1', 1]]);
    expect(a$.observed).toBe(false);
  });

  test('law 25: no timer stays, whatever was running', () => {
    const scheduler = new CountingScheduler();
    const run = (mode: Mode<'watermark' | 'sequence'>) => {
      const { stop } = receiversOf(
        concat(
          of(
            source('a', concat(stamped(['a', 5]), NEVER), { to: 'r' }),
            source('b', NEVER as Observable<Clocked<string>>, { to: 'other' }),
          ),
          NEVER,
        ).pipe(clockedDispatch(mode, { receivers: ['r', 'other'] })),
      );
      const running = scheduler.pending;
      stop();
      return [running > 0, scheduler.pending];
    };

    expect(run(watermark({ idleAfter: 100, scheduler }))).toEqual([true, 0]);
    expect(run(sequence({ gap: { skipAfter: 100 }, scheduler }))).toEqual([true, 0]);
    expect(scheduler.pending).toBe(0);
  });

  test('law 25: coalesced ticks that are still owed are not told afterwards', () => {
    const scheduler = new CountingScheduler();
    const { watched, stop } = receiversOf(
      concat(of(source('a', of('a1', 'a2'), { to: 'r' })), NEVER).pipe(
        clockedDispatch(serialize(), { receivers: ['r', 'other', 'open'], ticks: scheduler }),
      ),
    );
    stop();
    scheduler.pass(1000);

    expect(watched.open?.items).toEqual([]);
    expect(scheduler.pending).toBe(0);
  });

  test.for<[string, (receiver: ClockedReceiver<string>, sender: Sender<string>) => void]>([
    ['is closed', (receiver) => receiver.close()],
    ['completes', (_, sender) => sender.complete()],
    ['fails', (_, sender) => sender.error(new Error('gone'))],
    ['has ended before', (receiver) => (receiver.close(), watch(receiver))],
  ])('law 20: of a receiver that %s with subscribers nothing is kept: no time is told to it', ([, end]) => {
    const scheduler = new CountingScheduler();
    const dispatcher = createDispatcher<string>(serialize(), { ticks: scheduler });
    const [sender, receiver] = dispatcher.channel('a', 'r');
    const [other] = dispatcher.channel('b', 'other');
    watch(receiver);
    end(receiver, sender);
    other.next('b1');

    expect(scheduler.pending).toBe(0);
  });

  test.for<[string, (dispatcher: SerializingDispatcher<string>, subscription: Unsubscribable) => void]>([
    ['the last subscriber has left', (_, subscription) => subscription.unsubscribe()],
    ['it is closed', (dispatcher) => dispatcher.close()],
  ])('law 27: coalesced ticks have no timer any more when %s', ([, end]) => {
    const scheduler = new CountingScheduler();
    const dispatcher = createDispatcher<string>(serialize(), { ticks: scheduler });
    const [sender] = dispatcher.channel('a', 'r');
    const other = dispatcher.receiver('other');
    const told = watch(other);
    sender.next('a1');
    expect(scheduler.pending).toBe(1);
    end(dispatcher, told.subscription);

    expect(scheduler.pending).toBe(0);
    if (dispatcher.closed) return;
    const again = watch(other);
    sender.next('a2');
    scheduler.pass(1);
    expect(again.items).toEqual([
      [null, 1],
      [null, 2],
    ]);
  });

  test('law 25: close() stops stats$, and its timer', () => {
    const scheduler = new CountingScheduler();
    const dispatcher = createDispatcher<string>(serialize());
    const clocks: unknown[] = [];
    dispatcher.channel('a', 'r')[0].next('a');
    dispatcher.stats$(10, scheduler).subscribe({
      next: ({ clock }) => clocks.push(clock),
      complete: () => clocks.push('|'),
    });
    scheduler.pass(25);
    expect(clocks).toEqual([1, 1, 1]);

    dispatcher.close();
    scheduler.pass(100);

    expect(clocks.at(-1)).toBe('|');
    expect(clocks.length).toBeLessThanOrEqual(5);
    expect(scheduler.pending).toBe(0);
  });

  test('law 25: a synchronous endless source under take(3) stops', () => {
    let produced = 0;
    const endless = new Observable<number>((subscriber) => {
      while (!subscriber.closed) subscriber.next(++produced);
    });
    const received: unknown[] = [];
    of(source('endless', endless, { to: 'r' }))
      .pipe(clockedDispatch(serialize(), { receivers: ['r'] }), mergeAll(), take(3))
      .subscribe((item) => received.push(item));

    expect(received).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(produced).toBe(3);
  });

  test('law 25: the operator is cold: each subscription has a dispatcher of its own', () => {
    const dispatched = of(source('a', range(1, 2), { to: 'r' })).pipe(
      clockedDispatch(serialize(), { receivers: ['r'] }),
    );

    for (const { watched, end } of [receiversOf(dispatched), receiversOf(dispatched)]) {
      expect(watched.r?.seen).toEqual([[1, 1], [2, 2], '|']);
      expect(end()).toBe('|');
    }
  });

  test(
    'law 25: the result completes when the outer and all sources have completed',
    marbles((m) => {
      const a$ = m.cold('    a--b|');
      const outer$ = m.cold('s-----|', { s: source('a', a$, { to: 'r' }) });
      const dispatched = outer$.pipe(clockedDispatch(serialize(), { receivers: ['r'] }));

      m.expect(dispatched.pipe(map(({ name }) => name))).toBeObservable('r-----|');
    }),
  );

  test('law 25: an error of the outer stream reaches all receivers and the result', () => {
    const failure = new Error('outer');
    const a$ = new Subject<string>();
    const { watched, end } = receiversOf(
      merge(
        of(source('a', a$, { to: 'r' })),
        throwError(() => failure),
      ).pipe(clockedDispatch(serialize(), { receivers: ['r'] })),
    );

    expect(end()).toEqual({ error: failure });
    expect(a$.observed).toBe(false);
    expect(watched.r?.seen).toEqual([{ error: failure }]);
  });

  test(
    'law 25: sources may join and leave at any time',
    marbles((m) => {
      const a$ = m.cold('    a-a|');
      const b$ = m.cold('        b--b|');
      const outer$ = m.cold('s---t|', { s: source('a', a$, { to: 'r' }), t: source('b', b$, { to: 'r' }) });
      const received = outer$.pipe(clockedDispatch(serialize(), { receivers: ['r'] }), mergeAll());

      const expected = '     a-b-c--d|';
      m.expect(received).toBeObservable(expected, { a: ['a', 1], b: ['a', 2], c: ['b', 3], d: ['b', 4] });
      m.expect(a$).toHaveSubscriptions('^--!');
      m.expect(b$).toHaveSubscriptions('----^---!');
    }),
  );

  test(
    'law 25: a source that runs on timers stops with the result',
    marbles((m) => {
      const timer$ = m.cold('-a-a-a-a-a');
      const outer$ = m.cold('s---------', { s: source('timer', timer$, { to: ALL }) });
      const received = outer$.pipe(
        clockedDispatch(serialize(), { receivers: ['r'] }),
        mergeAll(),
        map(([, ts]) => String(ts)),
      );

      m.expect(received, '   ^----!').toBeObservable('-1-2-');
      m.expect(timer$).toHaveSubscriptions('^----!');
    }),
  );
});
