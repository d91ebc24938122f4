import { VirtualTimeScheduler } from 'rxjs';
import { createDispatcher, sequence, serialize, watermark, type ClockedReceiver } from 'rxjs-clocked-dispatch';
import { describe, expect, test } from 'vitest';
import { marbles } from '../marbles/support.js';
import { forwardingOf } from '../support/dispatchers.js';
import { data, pullAll, ticks, type Watch, watch } from '../support/receivers.js';
import { sorted } from '../support/sorted.js';

const CHAIN = 100_000;

describe('law 1: all receivers see one total order', () => {
  test('law 1: two receivers of everything see the same items', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [left, right] = [watch(dispatcher.receiver('left')), watch(dispatcher.receiver('right'))];
    const [one, other] = [dispatcher.broadcaster('one'), dispatcher.broadcaster('other')];

    one.next('a');
    other.next('b');
    one.next('c');

    expect(left.items).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
    expect(right.items).toEqual(left.items);
  });

  test('law 1: data to its receivers first, then the tick to the others', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const told: string[] = [];
    for (const name of ['idle', 'busy', 'also']) {
      dispatcher.receiver(name).subscribe(([value, ts]) => told.push(`${name} ${value ?? '-'} ${ts}`));
    }

    dispatcher.sender('s', ['also', 'busy']).next('a');

    expect(told.slice(0, 2).sort()).toEqual(['also a 1', 'busy a 1']);
    expect(told.slice(2)).toEqual(['idle - 1']);
  });

  test('law 1: a message sent from inside a handler is delivered after the one being delivered, to everybody', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const told: string[] = [];
    const sender = dispatcher.broadcaster('s');
    dispatcher.receiver('first').subscribe(([value, ts]) => {
      told.push(`first ${value ?? '-'} ${ts}`);
      if (value === 'a') expect(sender.trySend('b')).toEqual({ ok: true, ts: 2 });
    });
    dispatcher.receiver('second').subscribe(([value, ts]) => told.push(`second ${value ?? '-'} ${ts}`));

    sender.next('a');

    expect(told).toEqual(['first a 1', 'second a 1', 'first b 2', 'second b 2']);
  });

  test('law 1: of two messages sent from inside a handler the first is delivered first', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const sender = dispatcher.broadcaster('s');
    const first = watch(dispatcher.receiver('first'), ([value]) => {
      if (value === 'a') ['b', 'c'].forEach((next) => sender.next(next));
      if (value === 'b') sender.next('d');
    });
    const second = watch(dispatcher.receiver('second'));

    sender.next('a');

    expect(data(first.items)).toEqual(['a', 'b', 'c', 'd']);
    expect(second.items).toEqual(first.items);
  });

  test('law 1: whoever waits for an item is told of a message that is for a subscriber', async () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [toSubscriber, subscribed] = dispatcher.channel('a', 'subscribed');
    const [, pulled] = dispatcher.channel('b', 'pulled');
    subscribed.subscribe();
    const waiting = pulled.receive();

    toSubscriber.next('a');

    expect(await waiting).toEqual([null, 1]);
  });

  test('law 1: who subscribes while a broadcast is being delivered is told of it by the clock, once', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const broadcaster = dispatcher.broadcaster('s');
    const late: Watch<string>[] = [];
    watch(dispatcher.receiver('first'), ([value]) => {
      if (value === 'b') late.push(watch(dispatcher.receiver('late')));
    });

    broadcaster.next('a');
    broadcaster.next('b');
    broadcaster.next('c');

    expect(late[0]?.items).toEqual([
      [null, 2],
      ['c', 3],
    ]);
  });

  test('law 1: a tick handler that sends is no exception', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [toMe] = dispatcher.channel('a', 'mine');
    const other = watch(dispatcher.channel('b', 'other')[1], ([value, ts]) => {
      if (value === null && ts === 1) toMe.next('again');
    });
    const mine = watch(dispatcher.receiver('third'));

    toMe.next('once');

    expect(other.items).toEqual([
      [null, 1],
      [null, 2],
    ]);
    expect(mine.items).toEqual([
      [null, 1],
      [null, 2],
    ]);
  });

  test('law 1: 100,000 re-entrant sends neither overflow the stack nor change the order (serialize)', () => {
    const dispatcher = createDispatcher<number>(serialize());
    const sender = dispatcher.broadcaster('s');
    const sending = watch(dispatcher.receiver('sending'), ([value]) => {
      if (value !== null && value < CHAIN) sender.next(value + 1);
    });
    const listening = watch(dispatcher.receiver('listening'));

    sender.next(1);

    expect(listening.items).toHaveLength(CHAIN);
    expect(listening.items.every(([value, ts], i) => value === i + 1 && ts === i + 1)).toBe(true);
    expect(sending.items).toHaveLength(CHAIN);
  });

  test.for(['watermark', 'sequence'] as const)(
    'law 1: 100,000 re-entrant forwards neither overflow the stack nor change the order (%s)',
    (mode) => {
      const dispatcher = forwardingOf<number>(mode);
      const sender = dispatcher.broadcaster('s');
      watch(dispatcher.receiver('sending'), ([value, ts]) => {
        if (value !== null && ts < CHAIN) sender.next([value + 1, ts + 1]);
      });
      const listening = watch(dispatcher.receiver('listening'));

      sender.next([1, 1]);

      expect(data(listening.items)).toHaveLength(CHAIN);
      expect(listening.items.every(([value, ts], i) => value === i + 1 && ts === i + 1)).toBe(true);
    },
  );

  test('law 1: many senders that wait keep their order', async () => {
    const dispatcher = createDispatcher<number>(serialize(), { bound: 1 });
    const [sender, receiver] = dispatcher.channel('s', 'r');
    const sent = Promise.all(Array.from({ length: 1000 }, (_, i) => sender.send(i + 1)));
    const { items } = watch(receiver);

    expect((await sent).every((ts, i) => ts === i + 1)).toBe(true);
    expect(items).toHaveLength(1000);
    expect(items.every(([value, ts]) => value === ts)).toBe(true);
  });
});

describe('law 2: at one receiver, timestamps never go back', () => {
  test('law 2: a tick at ts means that nothing below ts will follow here', () => {
    const dispatcher = createDispatcher<string>(watermark());
    const [a, first] = dispatcher.channel('a', 'first');
    const [b, second] = dispatcher.channel('b', 'second');
    const seen = [watch(first), watch(second)];

    a.next(['a5', 5]);
    b.next(['b3', 3]);
    b.next(['b5', 5]);
    a.next([null, 7]);
    b.next([null, 6]);
    a.next(['a7', 7]);
    b.next(['b8', 8]);

    for (const { items } of seen) {
      const times = items.map(([, ts]) => ts);
      expect(times).toEqual(sorted(times));
      expect(times.length).toBeGreaterThan(3);
    }
  });

  test('law 2: where timestamps can repeat, data may follow a tick at its own timestamp', () => {
    const dispatcher = createDispatcher<string>(watermark());
    const [a, receiver] = dispatcher.channel('a', 'r');
    const { items } = watch(receiver);

    a.next([null, 5]);
    a.next(['a', 5]);

    expect(receiver.strict).toBe(false);
    expect(items).toEqual([
      [null, 5],
      ['a', 5],
    ]);
  });

  test('law 2: a tick at ts from strict sources means that nothing at ts follows either', () => {
    const dispatcher = createDispatcher<string>(watermark());
    const [a, receiver] = dispatcher.channel('a', 'r', { strict: true });
    const { items } = watch(receiver);

    a.next([null, 5]);

    expect(receiver.strict).toBe(true);
    expect(a.tryForward('a', 5).ok).toBe(false);
    expect(a.tryForward('a', 6)).toEqual({ ok: true });
    expect(items).toEqual([
      [null, 5],
      ['a', 6],
    ]);
  });

  test('law 2: in sequence mode a tick at ts means that nothing at ts follows either', () => {
    const dispatcher = createDispatcher<string>(sequence());
    const [a, receiver] = dispatcher.channel('a', 'r');
    const { items } = watch(receiver);

    a.next([null, 1]);

    expect(receiver.strict).toBe(true);
    expect(a.tryForward('a', 1)).toEqual({ ok: false, reason: 'duplicate' });
    expect(items).toEqual([[null, 1]]);
  });

  test('law 2: a receiver of a serializing dispatcher is strict', () => {
    const [, receiver] = createDispatcher<string>(serialize()).channel('a', 'r');
    expect(receiver.strict).toBe(true);
  });
});

describe('law 3: a tick never overtakes data queued at the same receiver', () => {
  test.for([
    ['a puller gets its data first, then one tick', pullAll],
    ['a first subscriber gets what has waited, then the tick', (receiver) => watch(receiver).seen],
  ] as [string, (receiver: ClockedReceiver<string>) => unknown][])('law 3: %s', ([, read]) => {
    const dispatcher = createDispatcher<string>(serialize());
    const [a, receiver] = dispatcher.channel('a', 'r');
    const [b] = dispatcher.channel('b', 'other');

    a.next('a1');
    b.next('b2');
    a.next('a3');
    b.next('b4');

    expect(read(receiver)).toEqual([
      ['a1', 1],
      ['a3', 3],
      [null, 4],
    ]);
  });

  test('law 3: what is sent while the backlog is delivered comes after the backlog', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [a, receiver] = dispatcher.channel('a', 'r');
    const [b] = dispatcher.channel('b', 'other');
    a.next('a1');
    a.next('a2');

    const { items } = watch(receiver, ([value]) => {
      if (value === 'a1') {
        b.next('b3');
        a.next('a4');
      }
    });

    expect(data(items)).toEqual(['a1', 'a2', 'a4']);
    expect(items.map(([, ts]) => ts)).toEqual([...new Set(items.map(([, ts]) => ts))].sort());
  });

  test('law 3: a tick that a scheduler still owes is dropped when data has passed it', () => {
    const scheduler = new VirtualTimeScheduler();
    const dispatcher = createDispatcher<string>(serialize(), { ticks: scheduler });
    const [a, receiver] = dispatcher.channel('a', 'r');
    const [b] = dispatcher.channel('b', 'other');
    const { items } = watch(receiver);

    b.next('b1');
    a.next('a2');
    scheduler.flush();
    b.next('b3');
    b.next('b4');
    scheduler.flush();

    expect(items).toEqual([
      ['a2', 2],
      [null, 4],
    ]);
  });
});

describe('law 4: ticks strictly increase, and none repeats the timestamp of data delivered there', () => {
  test('law 4: a promise that is repeated is told once', () => {
    const dispatcher = createDispatcher<string>(watermark());
    const [a, receiver] = dispatcher.channel('a', 'r');
    const { items } = watch(receiver);

    for (const ts of [3, 3, 4, 4]) a.next([null, ts]);

    expect(ticks(items)).toEqual([3, 4]);
  });

  test('law 4: the frontier at the timestamp of data is no news to its receiver', () => {
    const dispatcher = createDispatcher<string>(watermark());
    const [a, mine] = dispatcher.channel('a', 'mine');
    const [b, other] = dispatcher.channel('b', 'other');
    const [watched, watchedOther] = [watch(mine), watch(other)];

    a.next(['a5', 5]);
    b.next([null, 5]);
    a.next([null, 5]);

    expect(watched.items).toEqual([['a5', 5]]);
    expect(watchedOther.items).toEqual([[null, 5]]);
  });

  test('law 4: of several messages at one timestamp a stranger is told once, after all of them', () => {
    const dispatcher = createDispatcher<string>(watermark());
    const [a] = dispatcher.channel('a', 'one');
    const [b] = dispatcher.channel('b', 'two');
    const stranger = watch(dispatcher.receiver('stranger'));

    a.next(['a', 5]);
    a.next(['a again', 5]);
    b.next(['b', 5]);

    expect(stranger.items).toEqual([[null, 5]]);
  });

  test(
    'law 4: coalesced by a scheduler, one tick stands for all messages of a moment, and for none before data',
    marbles((m) => {
      const dispatcher = createDispatcher<string>(serialize(), { ticks: m.scheduler });
      const [others] = dispatcher.channel('others', 'elsewhere');
      const [mine, receiver] = dispatcher.channel('mine', 'r');
      m.hot('   -(abc)--d-(ef)-g').subscribe(others);
      m.hot('   --------x-y').subscribe(mine);
      const expected = '-t------x-y----u';

      m.expect(receiver, '^---------------!').toBeObservable(expected, {
        t: [null, 3],
        x: ['x', 5],
        y: ['y', 8],
        u: [null, 9],
      });
    }),
  );

  test('law 4: one tick stands for many', () => {
    const dispatcher = createDispatcher<number>(serialize());
    const [sender] = dispatcher.channel('s', 'busy');
    const [, quiet] = dispatcher.channel('t', 'quiet', { bound: 1 });

    for (let i = 0; i < 1000; i++) sender.next(i);

    expect(pullAll(quiet)).toEqual([[null, 1000]]);
  });
});
