import { concat, from, NEVER, of, VirtualTimeScheduler } from 'rxjs';
import type { Observable } from 'rxjs';
import {
  ALL,
  clockedDispatch,
  createDispatcher,
  sequence,
  serialize,
  source,
  watermark,
  type Clocked,
  type ClockedReceiver,
  type DispatcherOptions,
  type Late,
  type ReceiverOptions,
  type WatermarkOptions,
} from 'rxjs-clocked-dispatch';
import { describe, expect, test } from 'vitest';
import { marbles } from '../marbles/support.js';
import { rejection, turn } from '../support/async.js';
import { data, errorOf, pullAll, stamped, ticks, watch, withoutTicks } from '../support/receivers.js';
import { receiversOf } from '../support/operator.js';

function watermarked(options?: WatermarkOptions, more?: DispatcherOptions<string>) {
  return createDispatcher<string>(watermark(options), more);
}

describe('law 6: an item at N promises that nothing below N follows from its source', () => {
  test('law 6: a message promises as much as a tick', () => {
    const dispatcher = watermarked();
    const [a, receiver] = dispatcher.channel('a', 'r');
    const [b] = dispatcher.channel('b', 'other');
    const { items } = watch(receiver);

    a.next(['a5', 5]);
    expect(items).toEqual([]);
    b.next(['b5', 5]);
    expect(items).toEqual([['a5', 5]]);

    a.next(['a7', 7]);
    expect(data(items)).toEqual(['a5']);
    b.next([null, 7]);
    expect(data(items)).toEqual(['a5', 'a7']);
  });

  test('law 6: the frontier is the least promise over all sources', () => {
    const dispatcher = watermarked();
    const senders = ['a', 'b', 'c'].map((name) => dispatcher.channel(name, `to ${name}`)[0]);
    const stranger = watch(dispatcher.receiver('stranger'));

    [9, 4, 6].forEach((ts, i) => senders[i]?.next([null, ts]));
    expect(dispatcher.clock).toBe(4);
    expect(dispatcher.stats().frontier).toBe(4);
    expect(dispatcher.stats().heldBy).toEqual({ source: 'b', promise: 4 });

    senders[1]?.next([null, 20]);
    expect(dispatcher.clock).toBe(6);
    expect(stranger.items).toEqual([
      [null, 4],
      [null, 6],
    ]);
  });

  test('law 6: ties are fine, within one source and between sources', () => {
    const dispatcher = watermarked();
    const [a, receiver] = dispatcher.channel('a', 'r');
    const b = a.clone('b');
    const { items } = watch(receiver);

    a.next(['a1', 5]);
    a.next(['a2', 5]);
    b.next(['b1', 5]);
    a.next(['a3', 5]);
    b.next(['b2', 5]);

    expect(data(items)).toEqual(['a1', 'a2', 'b1', 'a3', 'b2']);
    expect(items.every(([, ts]) => ts === 5)).toBe(true);
  });

  test('law 6: a strict source that repeats a timestamp is refused', async () => {
    const dispatcher = watermarked();
    const [a, receiver] = dispatcher.channel('a', 'r', { strict: true });

    expect(a.tryForward('a', 5)).toEqual({ ok: true });
    expect(a.tryForward('again', 5)).toEqual({ ok: false, reason: 'duplicate' });
    expect(await rejection(a.forward('again', 5))).toMatchObject({ name: 'DuplicateMessageError', sender: 'a', ts: 5 });

    expect(pullAll(receiver)).toEqual([['a', 5]]);
    expect(dispatcher.stats().duplicates).toBe(2);
  });

  test('law 6: strict sources may share a timestamp with each other', () => {
    const dispatcher = watermarked();
    const [a, receiver] = dispatcher.channel('a', 'r', { strict: true });
    const b = dispatcher.sender('b', 'r', { strict: true });
    const { items } = watch(receiver);

    a.next(['a', 5]);
    b.next(['b', 5]);

    expect(items).toEqual([
      ['a', 5],
      ['b', 5],
    ]);
  });

  test('law 6: a receiver is strict when all who may write to its dispatcher are', () => {
    const strict = watermarked();
    const [, r1] = strict.channel('a', 'r1', { strict: true });
    expect(r1.strict).toBe(true);

    const mixed = watermarked();
    const [, r2] = mixed.channel('a', 'r2', { strict: true });
    const [, r3] = mixed.channel('b', 'r3');
    expect([r2.strict, r3.strict]).toEqual([false, false]);
  });

  test('law 6: receivers of serializing and sequence dispatchers are known to be strict by the operator', () => {
    const [, fromSerial] = createDispatcher<string>(serialize()).channel('s', 'serial');
    const [, fromSequence] = createDispatcher<string>(sequence()).channel('s', 'sequence');
    const strictOf = (...inputs: Observable<Clocked<string>>[]) => {
      const sources = inputs.map((input, i) => source(`s${i}`, input, { to: 'r' }));
      const { receivers, stop } = receiversOf(from(sources).pipe(clockedDispatch(watermark(), { receivers: ['r'] })));
      const strict = receivers.r?.strict;
      stop();
      return strict;
    };

    expect(strictOf(fromSerial, fromSequence)).toBe(true);
    expect(strictOf(fromSerial, NEVER)).toBe(false);
  });

  test('law 6: a receiver where strict sources tie repeats timestamps, and is no strict source for the next dispatcher', () => {
    const [upper, middle, lower] = [createDispatcher<string>(serialize()), watermarked(), watermarked()];
    const merged = middle.receiver('merged');
    for (const arm of ['left', 'right']) upper.receiver(arm).subscribe(middle.sender(arm, 'merged'));
    const [below, receiver] = lower.channel('below', 'r');
    merged.subscribe(below);

    upper.broadcaster('all').next('down both arms');

    expect(pullAll(receiver)).toEqual([
      ['down both arms', 1],
      ['down both arms', 1],
    ]);
    expect(lower.stats().duplicates).toBe(0);
  });
});

describe('law 7: a message at ts is released as soon as every source has reached ts', () => {
  test('law 7: a message is released as soon as every source has reached its timestamp, and not before', () => {
    const dispatcher = watermarked();
    const [a, receiver] = dispatcher.channel('a', 'r');
    const [b] = dispatcher.channel('b', 'x');
    const [c] = dispatcher.channel('c', 'y');

    a.next(['a', 5]);
    b.next([null, 5]);
    c.next([null, 4]);
    expect(data(pullAll(receiver))).toEqual([]);
    expect(dispatcher.stats().held).toBe(1);

    c.next(['c', 5]);
    expect(pullAll(receiver)).toEqual([['a', 5]]);
    expect(dispatcher.stats().held).toBe(0);
  });

  test('law 7: held messages leave by timestamp, then in the order of registration, then by arrival', () => {
    const dispatcher = watermarked();
    const [first, receiver] = dispatcher.channel('first', 'r');
    const second = dispatcher.sender('second', 'r');
    const third = dispatcher.broadcaster('third');
    const gate = dispatcher.sender('gate', 'r');

    third.next(['3a', 7]);
    second.next(['2a', 6]);
    second.next(['2b', 7]);
    first.next(['1a', 7]);
    third.next(['3b', 7]);
    first.next(['1b', 7]);
    second.next(['2c', 8]);
    first.next(['1c', 8]);
    gate.next([null, 8]);
    third.next([null, 8]);

    expect(data(pullAll(receiver))).toEqual(['2a', '1a', '1b', '2b', '3a', '3b', '1c', '2c']);
  });

  test('law 7: the frontier is what ticks announce', () => {
    const dispatcher = watermarked();
    const [a, mine] = dispatcher.channel('a', 'mine');
    const [b, other] = dispatcher.channel('b', 'other');
    const seen = [watch(mine), watch(other)];

    a.next(['a5', 5]);
    b.next([null, 9]);
    expect(seen.map(({ items }) => items)).toEqual([[['a5', 5]], [[null, 5]]]);

    a.next([null, 8]);
    expect(seen.map(({ items }) => items.at(-1))).toEqual([
      [null, 8],
      [null, 8],
    ]);
    expect(mine.clock).toBe(8);
  });

  test('law 7: what a handler forwards while others are released keeps its place', () => {
    const dispatcher = watermarked();
    const [a, receiver] = dispatcher.channel('a', 'r');
    const [b] = dispatcher.channel('b', 'other');
    const { items } = watch(receiver, ([value]) => {
      if (value === 'a1') a.next(['re-entrant', 3]);
    });

    a.next(['a1', 1]);
    a.next(['a2', 2]);
    b.next([null, 5]);

    expect(items.filter(([value]) => value !== null)).toEqual([
      ['a1', 1],
      ['a2', 2],
      ['re-entrant', 3],
    ]);
  });

  test('law 7: a source whose receiver has left is no longer waited for', () => {
    const dispatcher = watermarked();
    const [a, receiver] = dispatcher.channel('a', 'r');
    const [b, leaving] = dispatcher.channel('b', 'leaving');
    a.next(['a', 5]);
    expect(pullAll(receiver)).toEqual([]);

    leaving.close();

    expect(data(pullAll(receiver))).toEqual(['a']);
    expect(b.tryForward('b', 6)).toEqual({ ok: false, reason: 'no-receiver' });
  });

  test('law 7: nor is a clone of such a source', () => {
    const dispatcher = watermarked();
    const [a, receiver] = dispatcher.channel('a', 'r');
    const [b, leaving] = dispatcher.channel('b', 'leaving');
    leaving.close();
    b.clone('b2');

    a.next(['a', 5]);

    expect(pullAll(receiver)).toEqual([['a', 5]]);
  });

  test("law 7: with frontier: 'receiver' only those who can write here are waited for", () => {
    const dispatcher = watermarked({ frontier: 'receiver' });
    const [a, mine] = dispatcher.channel('a', 'mine');
    const [b, other] = dispatcher.channel('b', 'other');
    const both = dispatcher.broadcaster('both');

    a.next(['a5', 5]);
    both.next([null, 5]);

    expect(pullAll(mine)).toEqual([['a5', 5]]);
    expect(data(pullAll(other))).toEqual([]);
    b.next(['b4', 4]);
    expect(pullAll(other)).toEqual([['b4', 4]]);
  });
});

describe('law 7: no timestamp is too small', () => {
  test.for([0, -1, -7, Number.MIN_SAFE_INTEGER])('law 7: before the first release nothing is late: %d', (ts) => {
    const dispatcher = watermarked();
    const [a, receiver] = dispatcher.channel('a', 'r');
    const [b] = dispatcher.channel('b', 'other');
    expect(receiver.clock).toBe(-Infinity);

    expect(a.tryForward('a', ts)).toEqual({ ok: true });
    expect(b.tryForward('b', ts + 1)).toEqual({ ok: true });

    expect(pullAll(receiver)).toEqual([['a', ts]]);
    expect([dispatcher.clock, receiver.clock]).toEqual([ts, ts]);
    expect(dispatcher.stats().late).toBe(0);
  });

  test('law 7: with a seed the clock reads it before the first release, and what lies below is late', () => {
    const dispatcher = watermarked({ seed: -10 });
    const [a, receiver] = dispatcher.channel('a', 'r');
    expect(dispatcher.clock).toBe(-10);

    expect(a.tryForward('a', -11)).toEqual({ ok: false, reason: 'late' });
    expect(a.tryForward('a', -9)).toEqual({ ok: true });

    expect(pullAll(receiver)).toEqual([['a', -9]]);
  });

  test('law 7: what a handler sends at the timestamp that is being delivered comes after its tick elsewhere', () => {
    const dispatcher = watermarked();
    const [a, receiver] = dispatcher.channel('a', 'r');
    const [b, other] = dispatcher.channel('b', 'other');
    const told = watch(other);
    watch(receiver, ([value]) => {
      if (value === 'a') b.next(['echo', 5]);
    });

    b.next([null, 5]);
    a.next(['a', 5]);

    expect(told.items).toEqual([
      [null, 5],
      ['echo', 5],
    ]);
  });
});

describe('law 8: who joins, and when', () => {
  test('law 8: sources that join together are all registered before any of them is subscribed', () => {
    const { watched } = receiversOf(
      of(
        source('a', stamped(['a1', 1], ['a4', 4], ['a6', 6]), { to: 'r' }),
        source('b', stamped(['b2', 2], ['b3', 3], ['b6', 6]), { to: 'r' }),
        source('c', stamped(['c5', 5]), { to: ALL }),
      ).pipe(clockedDispatch(watermark(), { receivers: ['r', 'quiet'] })),
    );

    expect(data(watched.r?.seen ?? [])).toEqual(['a1', 'b2', 'b3', 'a4', 'c5', 'a6', 'b6']);
    expect(watched.r?.seen.at(-1)).toBe('|');
    expect(data(watched.quiet?.seen ?? [])).toEqual(['c5']);
  });

  test('law 8: a sender that joins later starts at the current clock, and the clock does not go back', () => {
    const dispatcher = watermarked();
    const [a, receiver] = dispatcher.channel('a', 'r');
    const { items } = watch(receiver);
    a.next(['a10', 10]);

    const late = dispatcher.sender('late', 'r');
    expect(dispatcher.clock).toBe(10);
    expect(dispatcher.stats().sources.map(({ promise }) => promise)).toEqual([10, 10]);
    expect(late.tryForward('too late', 9)).toEqual({ ok: false, reason: 'late' });
    a.next(['a12', 12]);
    expect(data(items)).toEqual(['a10']);
    late.next(['late11', 11]);
    late.next([null, 12]);

    expect(items).toEqual([
      ['a10', 10],
      ['late11', 11],
      ['a12', 12],
    ]);
  });

  test('law 8: a clone inherits the promise of its parent', () => {
    const dispatcher = watermarked();
    const [a, receiver] = dispatcher.channel('a', 'r');
    const [b] = dispatcher.channel('b', 'other');
    const { items } = watch(receiver);
    a.next(['a10', 10]);
    b.next([null, 3]);

    a.clone('a2');
    b.next([null, 8]);

    expect(dispatcher.clock).toBe(8);
    expect(items.at(-1)).toEqual([null, 8]);
  });

  test('law 8: unless that is below the clock', () => {
    const dispatcher = watermarked();
    const [a, receiver] = dispatcher.channel('a', 'r');
    const [b, leaving] = dispatcher.channel('b', 'leaving');
    b.next([null, 3]);
    leaving.close();
    a.next(['a10', 10]);

    b.toBroadcaster();

    expect(dispatcher.stats().sources.map(({ promise }) => promise)).toEqual([10, 10]);
    a.next(['also at 10', 10]);
    expect(data(pullAll(receiver))).toEqual(['a10', 'also at 10']);
  });

  test('law 8: so does a broadcaster, and nothing closes while a sender becomes one', () => {
    const dispatcher = watermarked();
    const [a, receiver] = dispatcher.channel('a', 'r');
    const [b, other] = dispatcher.channel('b', 'other');
    const { seen } = watch(receiver);
    a.next([null, 10]);
    b.next([null, 3]);

    const everybody = a.toBroadcaster();
    expect(everybody.name).toBe('a_bcast');
    expect(a.closed).toBe(true);
    b.next([null, 12]);
    everybody.next(['to all', 11]);

    expect(seen).toEqual([
      [null, 3],
      [null, 10],
      ['to all', 11],
    ]);
    expect(data(pullAll(other))).toEqual(['to all']);
  });

  test('law 8: a held broadcast goes to the receivers present when it is released', () => {
    const dispatcher = watermarked();
    const everybody = dispatcher.broadcaster('all');
    const gate = dispatcher.broadcaster('gate');
    const [first, leaving] = [dispatcher.receiver('first'), dispatcher.receiver('leaving')];
    everybody.next(['held', 5]);
    leaving.close();
    const joined = dispatcher.receiver('joined');

    gate.next([null, 5]);

    expect([first, leaving, joined].map((receiver) => data(pullAll(receiver)))).toEqual([['held'], [], ['held']]);
  });
});

describe('law 9: no source, or none left', () => {
  test('law 9: with no source at all time stands still, and close() ends it', () => {
    const dispatcher = watermarked();
    const { seen } = watch(dispatcher.receiver('r'));

    expect(dispatcher.clock).toBe(-Infinity);
    expect(dispatcher.stats()).toMatchObject({ frontier: null, heldBy: null });
    expect(seen).toEqual([]);
    dispatcher.close();
    expect(seen).toEqual(['|']);
  });

  test('law 9: a source that completes is no longer waited for', () => {
    const dispatcher = watermarked();
    const [a, receiver] = dispatcher.channel('a', 'r');
    const b = dispatcher.sender('b', 'r');
    a.next(['a', 5]);
    expect(pullAll(receiver)).toEqual([]);

    b.complete();

    expect(pullAll(receiver)).toEqual([['a', 5]]);
    expect(receiver.closed).toBe(false);
  });

  test('law 9: when the last one has left, everything that is held goes out in order', () => {
    const dispatcher = watermarked();
    const [a, first] = dispatcher.channel('a', 'first');
    const [b, second] = dispatcher.channel('b', 'second');
    const [c] = dispatcher.channel('c', 'third');
    const seen = [watch(first), watch(second)];
    a.next(['a9', 9]);
    b.next(['b4', 4]);
    a.next(['a11', 11]);
    b.next(['b10', 10]);
    a.complete();
    b.complete();
    expect(seen.map(({ items }) => data(items))).toEqual([[], []]);

    c.complete();

    expect(seen.map((watched) => withoutTicks(watched.seen))).toEqual([
      [['a9', 9], ['a11', 11], '|'],
      [['b4', 4], ['b10', 10], '|'],
    ]);
    for (const { items } of seen) expect(ticks(items)).not.toContain(Infinity);
    expect(dispatcher.clock).toBe(11);
  });

  test('law 9: close() lets go of everything that is held, in order', () => {
    const dispatcher = watermarked();
    const [a, receiver] = dispatcher.channel('a', 'r');
    dispatcher.sender('silent', 'r');
    a.next(['a5', 5]);
    a.next(['a6', 6]);

    dispatcher.close();

    expect(watch(receiver).seen).toEqual([['a5', 5], ['a6', 6], '|']);
    expect(a.tryForward('a7', 7)).toEqual({ ok: false, reason: 'closed' });
  });
});

describe('law 10: a source with disorder may run backwards', () => {
  test('law 10: its promise is k behind the furthest timestamp that it has brought', () => {
    const dispatcher = watermarked();
    const [a, receiver] = dispatcher.channel('a', 'r', { disorder: 2 });
    const { items } = watch(receiver);

    const released = [5, 4, 3, 6, 5, 8].map((ts) => {
      a.next([`a${ts}`, ts]);
      return data(items).join(' ');
    });

    expect(released).toEqual(['', '', 'a3', 'a3 a4', 'a3 a4', 'a3 a4 a5 a5 a6']);
    a.complete();
    expect(items.filter(([value]) => value !== null).map(([, ts]) => ts)).toEqual([3, 4, 5, 5, 6, 8]);
  });

  test('law 10: further back than k is late', () => {
    const dispatcher = watermarked();
    const [a] = dispatcher.channel('a', 'r', { disorder: 2 });
    a.next(['a10', 10]);

    expect(a.tryForward('a7', 7)).toEqual({ ok: false, reason: 'late' });
    expect(a.tryForward('a8', 8)).toEqual({ ok: true });
  });

  describe.each([
    ['dispatcher', false],
    ['dispatcher', true],
    ['receiver', false],
    ['receiver', true],
  ] as const)('what is k behind is in time, with the frontier of the %s, strict: %s', (frontier, strict) => {
    /** A source whose promise is the frontier, and a receiver with room for one message; nobody reads yet. */
    function waitedFor(more?: ReceiverOptions<string>) {
      const dispatcher = watermarked({ frontier }, { bound: 1, ...more });
      const receiver = dispatcher.receiver('r');
      const a = dispatcher.sender('a', 'r', { disorder: 2, strict });
      dispatcher.sender('b', 'r').next([null, 100]);
      const fill = (): void => {
        a.next(['a1', 1]);
        a.next([null, 2]);
      };
      return { dispatcher, receiver, a, fill };
    }

    test.each(['drop-newest', 'drop-oldest'] as const)('law 10: of a message that was dropped (%s)', (overflow) => {
      const { a, fill, receiver } = waitedFor({ overflow });
      fill();
      a.next(['a10', 10]);
      a.next(['a11', 11]);
      const { items } = watch(receiver);

      expect(a.tryForward('a9', 9)).toEqual({ ok: true });
      a.next([null, 20]);
      expect(data(items)).toContain('a9');
    });

    test('law 10: of a message that was for nobody', () => {
      const dispatcher = watermarked({ frontier });
      const gone = dispatcher.receiver('gone');
      const { items } = watch(dispatcher.receiver('r'));
      const a = dispatcher.sender('a', (value) => (value === 'a10' ? 'gone' : 'r'), { disorder: 2, strict });
      dispatcher.sender('b', ['gone', 'r']).next([null, 100]);
      gone.close();

      expect(a.tryForward('a10', 10)).toEqual({ ok: false, reason: 'no-receiver' });
      expect(a.tryForward('a9', 9)).toEqual({ ok: true });
      a.next([null, 20]);
      expect(data(items)).toEqual(['a9']);
    });

    test('law 10: of a message that has waited', async () => {
      const { a, fill, receiver } = waitedFor();
      fill();
      const waiting = a.forward('a10', 10);
      const { items } = watch(receiver);
      await waiting;

      expect(a.tryForward('a9', 9)).toEqual({ ok: true });
      a.next([null, 20]);
      expect(data(items)).toEqual(['a1', 'a9', 'a10']);
    });

    test.each([
      ['dropped', 11],
      ['dropped', 13],
      ['dropped', 14],
      [null, 9],
      [null, 11],
      [null, 20],
    ])(
      'law 10, law 17: of a message that waits, whatever its source brings meanwhile (%s at %d)',
      async (value, ts) => {
        const { a, fill, receiver } = waitedFor({ overflow: 'drop-newest' });
        fill();
        const calls = [a.forward('a10', 10), a.forward('a9', 9), a.forward('a8', 8), a.forward('a12', 12)];
        a.next([value, ts]);
        const { items } = watch(receiver);
        const outcomes = await Promise.allSettled(calls);
        a.next([null, 30]);

        expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => 'fulfilled'));
        expect(data(items)).toEqual(['a1', 'a8', 'a9', 'a10', 'a12']);
      },
    );
  });

  test.each(['error', 'drop'] as const)(
    'law 6: what a strict one brings again is a duplicate, however far back it is, and no failure (late: %s)',
    (late) => {
      const dispatcher = watermarked({ late });
      const [a, receiver] = dispatcher.channel('a', 'r', { strict: true, disorder: 5 });
      const { items } = watch(receiver);
      for (const ts of [10, 12, 11, 12, 10, 20, 12, 10, 30]) a.next([`a${ts}`, ts]);
      dispatcher.close();

      expect(data(items)).toEqual(['a10', 'a11', 'a12', 'a20', 'a30']);
      expect(dispatcher.stats()).toMatchObject({ duplicates: 4, late: 0 });
    },
  );

  test('law 10: source() takes it too', () => {
    const { watched } = receiversOf(
      of(
        source('a', stamped(['a3', 3], ['a1', 1], ['a2', 2], ['a5', 5], ['a4', 4]), { to: 'r', disorder: 2 }),
        source('b', stamped(['b2', 2], ['b4', 4]), { to: 'r' }),
      ).pipe(clockedDispatch(watermark(), { receivers: ['r'] })),
    );

    expect(data(watched.r?.seen ?? [])).toEqual(['a1', 'a2', 'b2', 'a3', 'a4', 'b4', 'a5']);
  });
});

describe('law 11: a silent source stops holding the frontier', () => {
  test(
    'law 11: one that never spoke goes idle after idleAfter',
    marbles((m) => {
      const dispatcher = watermarked({ idleAfter: 5, scheduler: m.scheduler });
      const [a, receiver] = dispatcher.channel('a', 'r');
      dispatcher.channel('silent', 'other');
      m.hot('   -a----', { a: ['a', 10] as const }).subscribe(a);

      m.expect(receiver, '^------!').toBeObservable('-----a-', { a: ['a', 10] });
    }),
  );

  test(
    'law 11: one that spoke goes idle idleAfter after its last word',
    marbles((m) => {
      const dispatcher = watermarked({ idleAfter: 5, scheduler: m.scheduler });
      const [a, receiver] = dispatcher.channel('a', 'r');
      const [b] = dispatcher.channel('b', 'other');
      m.hot('   -----a-----', { a: ['a', 10] as const }).subscribe(a);
      m.hot('   --b--------', { b: ['b', 4] as const }).subscribe(b);

      m.expect(receiver, '^---------!').toBeObservable('-----t-a--', { t: [null, 4], a: ['a', 10] });
    }),
  );

  test(
    'law 11: off by default: a silent source holds for ever',
    marbles((m) => {
      const dispatcher = watermarked({ scheduler: m.scheduler });
      const [a, receiver] = dispatcher.channel('a', 'r');
      dispatcher.channel('silent', 'other');
      m.hot('            -a', { a: ['a', 10] as const }).subscribe(a);

      m.expect(receiver, '^ 60m !').toBeObservable('- 60m -');
    }),
  );

  test('law 11: a source does not go idle while it is itself being held back', async () => {
    const scheduler = new VirtualTimeScheduler();
    const dispatcher = watermarked({ idleAfter: 5, scheduler }, { bound: 1 });
    const [a, mine] = dispatcher.channel('a', 'mine');
    const [b] = dispatcher.channel('b', 'other');
    a.next(['a10', 10]);
    b.next([null, 5]);
    const waiting = a.forward('a11', 11);
    for (let frame = 4; frame <= 20; frame += 4) {
      runUntil(scheduler, frame);
      b.next([null, frame]);
    }

    // Had a gone idle, the frontier would have run on to 20, and what it brings now would be late.
    expect(dispatcher.clock).toBe(10);
    expect(mine.tryReceive()).toEqual(['a10', 10]);
    await waiting;
    expect(mine.tryReceive()).toEqual(['a11', 11]);
    dispatcher.close();
  });

  test('law 11: who speaks from inside a handler of what its silence released is not idle any more', () => {
    const scheduler = new VirtualTimeScheduler();
    const dispatcher = watermarked({ idleAfter: 10, scheduler, late: 'drop' });
    const receiver = dispatcher.receiver('r');
    const [silent, b, c] = ['silent', 'b', 'c'].map((name) => dispatcher.sender(name, 'r'));
    const idle: unknown[] = [];
    const seen = watch(receiver, ([value]) => {
      if (value !== 'c5') return;
      // What was released with it is committed already.
      b!.next(['b6', 6]);
      b!.next(['b8', 8]);
      idle.push(...dispatcher.stats().sources.map((each) => each.idle));
    });
    c!.next(['c5', 5]);
    b!.next([null, 5]);
    scheduler.schedule(() => c!.next(['c7', 7]), 5);
    runUntil(scheduler, 12);

    expect(data(seen.items)).toEqual(['c5', 'c7']);
    expect(idle).toEqual([true, false, false]);
    // So it is waited for again.
    c!.next(['c9', 9]);
    expect(data(seen.items)).toEqual(['c5', 'c7', 'b8']);
    b!.next([null, 9]);
    expect(data(seen.items)).toEqual(['c5', 'c7', 'b8', 'c9']);
    expect(silent!.closed).toBe(false);
    dispatcher.close();
  });

  test('law 11: nor does an input that is not pulled for want of room', async () => {
    const scheduler = new VirtualTimeScheduler();
    const messages: [string, number][] = [
      ['a1', 1],
      ['a3', 3],
      ['a5', 5],
    ];
    const { receivers, watched, stop } = receiversOf(
      of(source('a', messages, { to: 'full' }), source('b', concat(stamped(['b9', 9]), NEVER), { to: 'other' })).pipe(
        clockedDispatch(watermark({ idleAfter: 5, scheduler }), { receivers: ['full', 'other'], bound: 1 }),
      ),
      { unwatched: ['full'] },
    );
    const full = receivers.full as ClockedReceiver<string>;
    for (const message of messages) {
      runUntil(scheduler, scheduler.frame + 20);
      await turn();
      expect(data(watched.other?.items ?? [])).toEqual([]);
      expect(full.tryReceive()).toEqual(message);
      await turn();
    }

    // Now a has nothing more to bring, and has left.
    expect(data(watched.other?.items ?? [])).toEqual(['b9']);
    stop();
  });

  test('law 11: what an idle source brings below the clock is late, at or above it counts again', () => {
    const scheduler = new VirtualTimeScheduler();
    const dispatcher = watermarked({ idleAfter: 5, scheduler, late: 'drop' });
    const [a, receiver] = dispatcher.channel('a', 'r');
    const [b] = dispatcher.channel('b', 'other');
    a.next(['a10', 10]);
    runUntil(scheduler, 5);
    expect(data(pullAll(receiver))).toEqual(['a10']);
    expect(dispatcher.stats().sources.find(({ name }) => name === 'b')).toMatchObject({ idle: true });

    expect(b.tryForward('b9', 9)).toEqual({ ok: false, reason: 'late' });
    expect(b.tryForward('b11', 11)).toEqual({ ok: true });
    expect(dispatcher.stats().sources.find(({ name }) => name === 'b')).toMatchObject({ idle: false, promise: 11 });

    a.next(['a12', 12]);
    expect(data(pullAll(receiver))).toEqual([]);
    b.next([null, 12]);
    expect(data(pullAll(receiver))).toEqual(['a12']);
    dispatcher.close();
  });

  test('law 11: one who speaks to nobody any more does not count again', () => {
    const scheduler = new VirtualTimeScheduler();
    const dispatcher = watermarked({ idleAfter: 5, scheduler });
    const [a, receiver] = dispatcher.channel('a', 'r');
    const [b, leaving] = dispatcher.channel('b', 'leaving');
    leaving.close();
    runUntil(scheduler, 10);

    expect(b.tryForward('to nobody', 1)).toEqual({ ok: false, reason: 'no-receiver' });
    a.next(['a', 5]);

    expect(pullAll(receiver)).toEqual([['a', 5]]);
    dispatcher.close();
  });

  test('law 11: when the last source leaves, no timer stays', () => {
    const scheduler = new VirtualTimeScheduler();
    const dispatcher = watermarked({ idleAfter: 5, scheduler });
    const [a] = dispatcher.channel('a', 'r');
    a.next(['a', 1]);
    a.complete();

    expect(scheduler.actions).toHaveLength(0);
  });
});

describe('law 12: late messages', () => {
  function withClockAt10(options: WatermarkOptions, more?: DispatcherOptions<string>) {
    const dispatcher = watermarked(options, more);
    const [a, receiver] = dispatcher.channel('a', 'r');
    const [b, other] = dispatcher.channel('b', 'other');
    const watched = [watch(receiver), watch(other)] as const;
    a.next(['a10', 10]);
    b.next([null, 10]);
    return { dispatcher, a, b, watched };
  }

  test("law 12: with 'error' a late message fails its source at its receivers, and only there", () => {
    const { dispatcher, a, b, watched } = withClockAt10({ late: 'error' });

    a.next(['late', 4]);

    const error = errorOf(watched[0]);
    expect(error).toMatchObject({ name: 'LateMessageError', sender: 'a', ts: 4, clock: 10 });
    expect((error as Error).message).toMatch(/'a'.*4.*10/);
    b.next(['b11', 11]);
    expect(data(watched[1].items)).toEqual(['b11']);
    expect(dispatcher.stats().late).toBe(1);
  });

  test("law 12: 'error' is the default, tryForward just answers, forward rejects", async () => {
    const { dispatcher, a, watched } = withClockAt10({});

    expect(a.tryForward('late', 4)).toEqual({ ok: false, reason: 'late' });
    expect(await rejection(a.forward('late', 4))).toMatchObject({ name: 'LateMessageError', ts: 4, clock: 10 });
    expect(a.tryForward('fine', 11)).toEqual({ ok: true });

    expect(watched[0].seen).toEqual([['a10', 10]]);
    expect(dispatcher.stats().late).toBe(2);
  });

  test("law 12: with 'drop' it is counted and told to onDrop, and its source goes on", () => {
    const dropped: unknown[] = [];
    const { dispatcher, a, b, watched } = withClockAt10({ late: 'drop' }, { onDrop: (drop) => dropped.push(drop) });

    a.next(['late', 4]);
    a.next(['a11', 11]);
    b.next([null, 11]);

    expect(data(watched[0].items)).toEqual(['a10', 'a11']);
    expect(dispatcher.stats().late).toBe(1);
    expect(dropped).toEqual([{ receiver: 'r', value: 'late', ts: 4, reason: 'late' }]);
  });

  test("law 12: with 'divert' it goes to late$", () => {
    const { dispatcher, a, b, watched } = withClockAt10({ late: 'divert' });
    const late: Late<string>[] = [];
    dispatcher.late$.subscribe((message) => late.push(message));

    a.next(['late', 4]);
    a.next(['a11', 11]);
    b.next([null, 11]);

    expect(late).toEqual([{ source: 'a', value: 'late', ts: 4, clock: 10, receivers: ['r'] }]);
    expect(data(watched[0].items)).toEqual(['a10', 'a11']);
    expect(dispatcher.stats().late).toBe(1);
  });

  test('law 12: what is late at one of its receivers only is counted, too', () => {
    const dropped: unknown[] = [];
    const dispatcher = watermarked({ frontier: 'receiver', late: 'drop' }, { onDrop: (drop) => dropped.push(drop) });
    const [waiting, quick] = [dispatcher.receiver('waiting'), dispatcher.receiver('quick')];
    const a = dispatcher.sender('a', ['waiting', 'quick']);
    dispatcher.sender('silent', 'waiting');
    a.next(['a10', 10]);

    a.next(['back', 4]);
    dispatcher.close();

    expect(data(pullAll(quick))).toEqual(['a10']);
    expect(data(pullAll(waiting))).toEqual(['back', 'a10']);
    expect(dropped).toEqual([{ receiver: 'quick', value: 'back', ts: 4, reason: 'late' }]);
    expect(dispatcher.stats().late).toBe(1);
  });

  test('law 12: late$ completes with the dispatcher', () => {
    const { dispatcher } = withClockAt10({ late: 'divert' });
    let completed = false;
    dispatcher.late$.subscribe({ complete: () => (completed = true) });

    dispatcher.close();

    expect(completed).toBe(true);
  });
});

/** Runs virtual time on to `frame`. */
function runUntil(scheduler: VirtualTimeScheduler, frame: number): void {
  scheduler.maxFrames = frame;
  scheduler.flush();
}
