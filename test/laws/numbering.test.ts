import { Subject } from 'rxjs';
import {
  alignLatest,
  createDispatcher,
  reorder,
  sequence,
  serialize,
  watermark,
  whenClock,
  type Clocked,
  type DispatcherOptions,
  type Drop,
  type Gap,
  type SequenceOptions,
} from 'rxjs-clocked-dispatch';
import { describe, expect, test } from 'vitest';
import { rejection } from '../support/async.js';
import { forwardingOf, FORWARDING } from '../support/dispatchers.js';
import { data, errorOf, pullAll, watch } from '../support/receivers.js';

function feed(options?: SequenceOptions) {
  const gaps: Gap[] = [];
  const drops: Drop<string>[] = [];
  const dispatcher = createDispatcher<string>(sequence(options), { onDrop: (drop) => drops.push(drop) });
  const [bus, receiver] = dispatcher.channel('bus', 'view');
  dispatcher.gaps$.subscribe((gap) => gaps.push(gap));
  return { dispatcher, bus, receiver, view: watch(receiver), gaps, drops };
}

const put = (sender: { next(item: Clocked<string>): void }, ...numbers: number[]): void => {
  for (const n of numbers) sender.next([`m${n}`, n]);
};

describe('law 13: any safe integer is a timestamp', () => {
  test.for(FORWARDING)('law 13: numbers from zero, or below (%s)', (mode) => {
    for (const first of [0, -5, Number.MIN_SAFE_INTEGER + 1]) {
      const dispatcher = forwardingOf(mode, { seed: first - 1 });
      const [sender, receiver] = dispatcher.channel('s', 'r');
      put(sender, first, first + 1, first + 2);
      expect(data(pullAll(receiver))).toHaveLength(3);
      expect(dispatcher.clock).toBe(first + 2);
    }
  });

  test('law 13: what does not fit the numbering is a duplicate, and told', () => {
    const { bus, drops, view } = feed();
    put(bus, 0, 1, 2);
    expect(drops).toEqual([{ receiver: 'view', value: 'm0', ts: 0, reason: 'duplicate' }]);
    expect(data(view.items)).toEqual(['m1', 'm2']);
  });

  test('law 24: after the greatest safe integer a send is refused, and says so', () => {
    const dispatcher = createDispatcher<string>(serialize({ seed: Number.MAX_SAFE_INTEGER - 1 }));
    const [sender, receiver] = dispatcher.channel('s', 'r');
    sender.next('last');
    for (const send of [() => sender.next('x'), () => void sender.trySend('x')]) {
      expect(send).toThrow(expect.objectContaining({ name: 'ClockExhaustedError' }));
    }
    expect(pullAll(receiver)).toEqual([['last', Number.MAX_SAFE_INTEGER]]);
  });

  test('reorder and alignLatest take zero, too', () => {
    const source = new Subject<Clocked<string>>();
    const seen: unknown[] = [];
    source.pipe(reorder({ disorder: 0 })).subscribe((item) => seen.push(item));
    put(source, 0, 1);
    source.complete();
    expect(seen).toEqual([
      ['m0', 0],
      ['m1', 1],
    ]);
    const [a, b] = [new Subject<Clocked<string>>(), new Subject<Clocked<string>>()];
    const aligned: unknown[] = [];
    alignLatest([a, b]).subscribe((item) => aligned.push(item));
    for (const input of [a, b]) input.next(['x', 0]);
    for (const input of [a, b]) input.next([null, 1]);
    expect(aligned[0]).toEqual([['x', 'x'], 0]);
  });
});

describe("law 13: with seed 'first' the first message begins", () => {
  test('law 13: whatever its number; earlier ones are late', () => {
    const { bus, view, dispatcher } = feed({ seed: 'first', late: 'drop' });
    expect(dispatcher.clock).toBe(-Infinity);
    bus.next([null, 7]);
    bus.expect(90);
    expect(bus.fill(1, 5)).toEqual({ ok: true });
    expect(dispatcher.clock).toBe(-Infinity);
    put(bus, 48213, 48215, 48214, 48212, 1);
    expect(data(view.items)).toEqual(['m48213', 'm48214', 'm48215']);
    expect(dispatcher.stats()).toMatchObject({ late: 2, duplicates: 0 });
  });

  test('law 13: also far from others that follow, with a window and calls that wait', async () => {
    const { bus, view } = feed({ seed: 'first', window: 2 });
    await bus.forward('m1000', 1000);
    const waiting = bus.forward('m1003', 1003);
    put(bus, 1002, 1001);
    await waiting;
    expect(data(view.items)).toEqual(['m1000', 'm1001', 'm1002', 'm1003']);
  });
});

describe('law 13: snapshot and skipTo', () => {
  test('law 13: deltas that came before their snapshot are dropped where it stands for them', () => {
    const { bus, dispatcher, view, drops } = feed();
    const snapshots = dispatcher.sender('snapshot', 'view');
    put(bus, 98, 99, 101, 100, 102);
    expect(snapshots.snapshot('SNAP', 100)).toEqual({ ok: true });
    put(bus, 103);
    expect(view.items.filter(([value]) => value !== null)).toEqual([
      ['SNAP', 100],
      ['m101', 101],
      ['m102', 102],
      ['m103', 103],
    ]);
    expect(drops.map(({ ts, reason }) => `${ts} ${reason}`)).toEqual(['98 skipped', '99 skipped', '100 skipped']);
    expect(snapshots.snapshot('OLD', 100)).toEqual({ ok: false, reason: 'duplicate' });
  });

  describe('law 16: a snapshot that finds no room is refused, and nothing has moved', () => {
    const full = { ok: false, reason: 'full' };
    const open = (options: DispatcherOptions<string>) => {
      const drops: Drop<string>[] = [];
      const dispatcher = createDispatcher<string>(sequence(), { onDrop: (drop) => drops.push(drop), ...options });
      const [bus, receiver] = dispatcher.channel('bus', 'view');
      return { dispatcher, bus, receiver, drops };
    };

    test.for(['error', 'drop-oldest', 'drop-newest'] as const)('whatever the policy of next (%s)', (overflow) => {
      const { dispatcher, bus, receiver, drops } = open({ bound: 1, overflow });
      put(bus, 1);
      expect(bus.snapshot('SNAP', 10)).toEqual(full);
      expect(dispatcher.clock).toBe(1);
      expect(dispatcher.stats()).toMatchObject({ offered: 2, accepted: 1, refused: 1 });
      expect(pullAll(receiver)).toEqual([['m1', 1]]);
      expect(bus.snapshot('SNAP', 10)).toEqual({ ok: true });
      expect(pullAll(receiver)).toEqual([['SNAP', 10]]);
      expect(drops).toEqual([]);
    });

    test('a hand-off takes one while somebody waits for it', async () => {
      const { bus, receiver, dispatcher } = open({ bound: 0 });
      expect(bus.snapshot('SNAP', 10)).toEqual(full);
      expect(dispatcher.clock).toBe(0);
      const next = receiver[Symbol.asyncIterator]().next();
      expect(bus.snapshot('SNAP', 10)).toEqual({ ok: true });
      expect(await next).toEqual({ done: false, value: ['SNAP', 10] });
    });

    test('what it stands for leaves its places to it; what lies behind it keeps them', () => {
      const { bus, receiver, drops, dispatcher } = open({ bound: 2 });
      put(bus, 1, 5);
      expect(bus.snapshot('SNAP', 4)).toEqual(full);
      expect([dispatcher.clock, dispatcher.stats().held]).toEqual([1, 1]);
      expect(bus.snapshot('SNAP', 5)).toEqual({ ok: true });
      expect(drops.map(({ ts, reason }) => [ts, reason])).toEqual([[5, 'skipped']]);
      expect(pullAll(receiver)).toEqual([
        ['m1', 1],
        ['SNAP', 5],
      ]);
    });

    test('it is let in where nothing else is readable, as the next number is', () => {
      const { bus, receiver } = open({ bound: 2 });
      put(bus, 11, 12);
      expect(bus.snapshot('SNAP', 10)).toEqual({ ok: true });
      expect(pullAll(receiver)).toEqual([
        ['SNAP', 10],
        ['m11', 11],
        ['m12', 12],
      ]);
    });

    test('a call that waits at the receiver goes on waiting', async () => {
      const { bus, receiver, dispatcher } = open({ bound: 1 });
      put(bus, 1);
      const waiting = bus.forward('m2', 2);
      expect(bus.snapshot('SNAP', 10)).toEqual(full);
      expect(pullAll(receiver)).toEqual([
        ['m1', 1],
        ['m2', 2],
      ]);
      await waiting;
      expect(dispatcher.clock).toBe(2);
    });

    test('nobody of several gets it where one has no room', () => {
      const { dispatcher, bus, receiver } = open({ bound: 1 });
      const other = dispatcher.receiver('other');
      const both = dispatcher.sender('both', ['view', 'other']);
      put(bus, 1);
      expect(both.snapshot('SNAP', 10)).toEqual(full);
      expect(dispatcher.broadcaster('all').snapshot('SNAP', 10)).toEqual(full);
      expect(dispatcher.clock).toBe(1);
      pullAll(receiver);
      expect(both.snapshot('SNAP', 10)).toEqual({ ok: true });
      expect(data(pullAll(other))).toEqual(['SNAP']);
    });
  });

  test('law 13: skipTo goes on after its number, and forward only', () => {
    const { bus, dispatcher, view, drops } = feed();
    put(bus, 1, 3, 4);
    dispatcher.skipTo(3);
    expect(view.items.map(([value, ts]) => `${value ?? '_'}${ts}`)).toEqual(['m11', 'm44']);
    expect(drops.map(({ ts }) => ts)).toEqual([3]);
    expect(() => dispatcher.skipTo(2)).toThrow(expect.objectContaining({ name: 'ClockBehindError' }));
    expect(() => dispatcher.skipTo(0.5)).toThrow(expect.objectContaining({ name: 'InvalidTimestampError' }));
    dispatcher.skipTo(100_000);
    put(bus, 100_001);
    expect(view.items.at(-1)).toEqual(['m100001', 100_001]);
  });

  test('law 13: after a gap was waited for in vain, also from inside gaps$', () => {
    const { bus, dispatcher, view } = feed();
    dispatcher.gaps$.subscribe(({ to }) => dispatcher.skipTo(to));
    put(bus, 1, 5, 9, 10);
    expect(data(view.items)).toEqual(['m1', 'm5', 'm9', 'm10']);
  });
});

describe('law 14: fill and expect', () => {
  test('law 14: one call for numbers that carry nothing, however many', () => {
    const { bus, view, dispatcher } = feed({ window: 8 });
    put(bus, 1);
    expect(bus.fill(2, 500_000)).toEqual({ ok: true });
    put(bus, 500_001);
    expect(view.items).toEqual([
      ['m1', 1],
      [null, 500_000],
      ['m500001', 500_001],
    ]);
    expect(bus.fill(1, 5)).toEqual({ ok: false, reason: 'duplicate' });
    expect(bus.fill(600_000, 700_000)).toEqual({ ok: false, reason: 'full' });
    expect(dispatcher.stats().held).toBe(0);
  });

  test('law 14: a range that ends before it begins is refused, with both numbers', () => {
    const { bus } = feed();
    expect(() => bus.fill(5, 3)).toThrow(
      "sender 'bus' was given the timestamp 3: expected the end of a range that begins at 5",
    );
  });

  test.for(['ignore', null, 5])('law 24: a gap policy that is none is told of all that there are: %j', (gap) => {
    expect(() => sequence({ gap: gap as 'wait' })).toThrow("expected 'wait', 'error' or { skipAfter }");
  });

  test('law 14: what is held within stays', () => {
    const { bus, view } = feed();
    put(bus, 1, 5);
    bus.fill(2, 9);
    put(bus, 10);
    expect(data(view.items)).toEqual(['m1', 'm5', 'm10']);
  });

  test('law 14: a keepalive opens the gap that a quiet link hides, and swallows nothing', () => {
    const { bus, view, gaps, dispatcher } = feed();
    put(bus, 1, 2, 3);
    bus.expect(5);
    bus.expect(3);
    expect(gaps).toEqual([{ from: 4, to: 5 }]);
    expect(dispatcher.stats().gaps).toEqual([{ from: 4, to: 5 }]);
    put(bus, 4, 5);
    expect(data(view.items)).toEqual(['m1', 'm2', 'm3', 'm4', 'm5']);
    expect(dispatcher.stats().gaps).toEqual([]);
    put(bus, 5);
    expect(dispatcher.stats().duplicates).toBe(1);
  });
});

test('law 13: a tick takes its number like a message: repeated, it is refused and counted, also while it waits', async () => {
  const { bus, view, dispatcher } = feed();
  put(bus, 1);
  expect(bus.tryForward(null, 3)).toEqual({ ok: true });
  for (const ts of [1, 3]) {
    expect(bus.tryForward(null, ts)).toEqual({ ok: false, reason: 'duplicate' });
    await expect(bus.forward(null, ts)).rejects.toMatchObject({ name: 'DuplicateMessageError', ts });
    bus.next([null, ts]);
  }
  expect(bus.tryForward('m3', 3)).toEqual({ ok: false, reason: 'duplicate' });
  put(bus, 2);

  expect(view.items).toEqual([
    ['m1', 1],
    ['m2', 2],
    [null, 3],
  ]);
  expect(dispatcher.stats()).toMatchObject({ accepted: 2, duplicates: 7, offered: 9 });
});

describe('law 14: gaps are told once to each, beginning with those that are open', () => {
  test('law 14: who comes late, who comes second, and stats()', () => {
    const { bus, gaps, dispatcher } = feed();
    put(bus, 1, 3, 4, 7);
    const late: Gap[] = [];
    dispatcher.gaps$.subscribe((gap) => late.push(gap));
    put(bus, 8);
    expect(dispatcher.stats().gaps).toEqual([
      { from: 2, to: 2 },
      { from: 5, to: 6 },
    ]);
    put(bus, 2);
    expect(late).toEqual([
      { from: 2, to: 2 },
      { from: 5, to: 6 },
    ]);
    expect(gaps).toEqual(late);
  });

  test('law 14: a gap that is filled in part is not told again', () => {
    const { bus, gaps, view } = feed();
    put(bus, 1, 6, 2, 4, 3, 5);
    expect(gaps).toEqual([{ from: 2, to: 5 }]);
    expect(data(view.items)).toHaveLength(6);
  });

  test('law 14: two feeds with the same numbers: what neither brought is told, what both brought is counted', () => {
    const { dispatcher, bus, view, gaps } = feed();
    const other = dispatcher.sender('B', 'view');
    const [A, B] = [
      [1, 2, 4, 5, 6, 8, 9],
      [1, 2, 3, 4, 6, 8, 9, 10],
    ];
    for (let i = 0; i < 8; i++) {
      for (const n of A.slice(i, i + 1)) put(bus, n);
      for (const n of B.slice(i, i + 1)) put(other, n);
    }
    expect(dispatcher.clock).toBe(6);
    expect(gaps.at(-1)).toEqual({ from: 7, to: 7 });
    expect(dispatcher.stats().duplicates).toBe(6);
    put(bus, 7);
    expect(data(view.items)).toHaveLength(10);
  });

  test('law 14: beyond the window is told at once, though a gap is open', () => {
    const { dispatcher, bus, view } = feed();
    put(bus, 1, 3);
    put(dispatcher.sender('B', 'view'), 5000);
    expect(errorOf(view)).toMatchObject({ name: 'WindowError', sender: 'B', ts: 5000 });
  });

  test('law 14: a tick beyond the window is refused as a message is', () => {
    for (const overflow of ['drop-newest', 'error'] as const) {
      const dispatcher = createDispatcher<string>(sequence({ window: 2 }), { overflow });
      const [message, r1] = dispatcher.channel('message', 'r1');
      const [tick, r2] = dispatcher.channel('tick', 'r2');
      const seen = [watch(r1), watch(r2)];
      message.next(['v', 9]);
      tick.next([null, 9]);
      expect(message.closed).toBe(overflow === 'error');
      expect(tick.closed).toBe(overflow === 'error');
      expect(tick.tryForward(null, 9).ok).toBe(false);
      if (overflow === 'error') for (const each of seen) expect(errorOf(each)).toMatchObject({ name: 'WindowError' });
    }
  });

  test.for(['r', ['r']] as const)(
    'law 18: drop-oldest takes the least number of its receiver, whoever sent it (%s)',
    (to) => {
      for (const mode of FORWARDING) {
        const drops: string[] = [];
        const dispatcher = forwardingOf(mode, {
          bound: 2,
          overflow: 'drop-oldest',
          onDrop: ({ value, reason }) => drops.push(`${value} ${reason}`),
        });
        dispatcher.receiver('r');
        const [a, b] = ['a', 'b', 'c'].map((name) => dispatcher.sender(name, to));
        put(a!, 3);
        put(b!, 4, 5);
        expect(drops).toEqual(['m3 drop-oldest']);
      }
    },
  );
});

describe('what the clock says is so', () => {
  test('laws 6 and 8: what was settled stays settled: one that joins later begins above it', async () => {
    const dispatcher = createDispatcher<string>(watermark({ late: 'drop' }));
    const receiver = dispatcher.receiver('r');
    watch(receiver);
    const a = dispatcher.sender('a', 'r', { strict: true });
    a.next([null, 5]);
    expect(receiver.settled).toBe(5);
    expect(await whenClock(5, receiver)).toBe(5);
    const b = dispatcher.sender('b', 'r');
    expect(b.tryForward('x', 5)).toEqual({ ok: false, reason: 'late' });
    expect(receiver.settled).toBe(5);
    expect(b.tryForward('y', 6)).toEqual({ ok: true });
  });

  test('law 8: a channel that comes later begins at its own clock, with a frontier for each receiver', () => {
    for (const late of ['error', 'drop'] as const) {
      const dispatcher = createDispatcher<string>(watermark({ frontier: 'receiver', late }));
      const [a, viewA] = dispatcher.channel('a', 'view a');
      watch(viewA);
      put(a, 1000, 1001);
      const [b, viewB] = dispatcher.channel('b', 'view b');
      const seen = watch(viewB);
      put(b, 990, 991, 1010);
      expect(data(seen.items)).toEqual(['m990', 'm991', 'm1010']);
      expect(dispatcher.stats().late).toBe(0);
    }
  });

  test('law 10: strict with disorder refuses what came already, and delivers nothing twice', () => {
    const dispatcher = createDispatcher<string>(watermark({ late: 'drop' }));
    const [sender, receiver] = dispatcher.channel('watch', 'map', { strict: true, disorder: 5 });
    put(sender, 10, 12, 11, 12, 10, 20, 30);
    dispatcher.close();
    expect(data(pullAll(receiver))).toEqual(['m10', 'm11', 'm12', 'm20', 'm30']);
    expect(dispatcher.stats()).toMatchObject({ duplicates: 2, late: 0 });
  });

  test('law 12: with maxLead one message that is far ahead makes no other late', () => {
    for (const late of ['error', 'drop'] as const) {
      const dispatcher = createDispatcher<string>(watermark({ late, maxLead: 10_000 }), { sourceError: 'complete' });
      const receiver = dispatcher.receiver('r');
      const seen = watch(receiver);
      const [a, b] = ['a', 'b'].map((name) => dispatcher.sender(name, 'r'));
      put(a!, 1000);
      put(b!, 1500);
      put(a!, 2000, 86_402_000);
      expect(dispatcher.stats().ahead).toBe(1);
      expect(a!.closed).toBe(late === 'error');
      if (late === 'drop') put(a!, 3000);
      put(b!, 3500);
      if (late === 'drop') put(a!, 3600);
      expect(data(seen.items)).toContain(late === 'drop' ? 'm3000' : 'm2000');
      expect(dispatcher.stats().late).toBe(0);
      expect(data(seen.items)).not.toContain('m86402000');
    }
  });

  test('law 12: after resyncAfter such messages the time is believed', () => {
    const dispatcher = createDispatcher<string>(watermark({ late: 'drop', maxLead: 100, resyncAfter: 2 }));
    const [sender, receiver] = dispatcher.channel('s', 'r');
    put(sender, 1, 5000, 5001, 5002);
    expect(data(pullAll(receiver)).at(-1)).toBe('m5002');
    expect(dispatcher.stats().ahead).toBeGreaterThan(0);
  });

  test('law 33: a transaction of several rows is aligned whole, or not at all', () => {
    const dispatcher = createDispatcher<number>(watermark());
    const checking = dispatcher.receiver('checking');
    const savings = dispatcher.receiver('savings');
    const wal = { c: dispatcher.sender('c', 'checking'), s: dispatcher.sender('s', 'savings') };
    const totals: number[] = [];
    alignLatest([checking, savings]).subscribe(([balances]) => {
      if (balances !== null) totals.push(balances[0] + balances[1]);
    });
    for (const sender of [wal.c, wal.s]) sender.next([50, 1]);
    wal.c.next([90, 5]);
    wal.c.next([60, 5]);
    wal.s.next([10, 5]);
    wal.s.next([40, 5]);
    for (const sender of [wal.c, wal.s]) sender.next([null, 6]);
    expect(totals).toEqual([100, 100]);
  });

  test('law 39: money moved between two accounts is at one timestamp, and aligned whole', async () => {
    const dispatcher = createDispatcher<number>(serialize(), { bound: 1 });
    const [checking, c] = dispatcher.channel('checking', 'c');
    const [savings, s] = dispatcher.channel('savings', 's');
    checking.next(100);
    const totals: number[] = [];
    const moved = dispatcher.transact([
      [checking, 60],
      [savings, 40],
    ]);
    c.tryReceive();
    expect(await moved).toBe(2);
    alignLatest([c, s]).subscribe(([both]) => {
      if (both !== null) totals.push(both[0] + both[1]);
    });
    await dispatcher.transact([
      [checking, 10],
      [savings, 90],
    ]);
    expect(totals).toEqual([100, 100]);
    savings.complete();
    expect(
      await rejection(
        dispatcher.transact([
          [checking, 0],
          [savings, 100],
        ]),
      ),
    ).toMatchObject({ name: 'ClosedError' });
    expect(dispatcher.clock).toBe(3);
  });

  test('law 39: a transaction has at most one message for each receiver, and says for whom there are more', async () => {
    const dispatcher = createDispatcher<number>(serialize());
    const [a] = dispatcher.channel('a', 'r');
    const b = dispatcher.broadcaster('b');

    const refused = await rejection(
      dispatcher.transact([
        [a, 1],
        [b, 2],
      ]),
    );
    expect(refused).toMatchObject({
      name: 'InvalidArgumentError',
      message:
        "transact was given an array of 2 as 'messages': expected at most one message for each receiver, and 'r' has more",
    });
    expect(dispatcher.clock).toBe(0);
  });

  test('laws 20 and 38: what a view that stopped within one timestamp saves is settled, and what it asks for is beyond', () => {
    const log: [string, number][] = [
      ['insert', 4],
      ['row 1', 5],
      ['row 2', 5],
      ['row 3', 5],
      ['insert again', 6],
    ];
    for (let stopAfter = 0; stopAfter <= log.length; stopAfter++) {
      const before = createDispatcher<string>(watermark());
      const [wal, view] = before.channel('wal', 'view');
      for (const message of log) wal.next(message);
      const done = new Set<string>();
      for (let i = 0; i < stopAfter; i++) done.add(view.tryReceive()?.[0] ?? '');
      const saved = view.settled;
      before.close();

      const after = createDispatcher<string>(watermark(saved > -Infinity ? { seed: saved } : {}));
      const [again, resumed] = after.channel('wal', 'view');
      for (const message of log) if (message[1] > saved) again.next(message);
      for (const value of data(pullAll(resumed))) done.add(value);
      expect([...done].sort()).toEqual(log.map(([value]) => value).sort());
    }
  });
});
