import { filter, VirtualTimeScheduler } from 'rxjs';
import {
  createDispatcher,
  sequence,
  type DispatcherOptions,
  type Drop,
  type Gap,
  type Late,
  type SequenceOptions,
} from 'rxjs-clocked-dispatch';
import { describe, expect, test } from 'vitest';
import { marbles } from '../marbles/support.js';
import { isPending, rejection } from '../support/async.js';
import { data, errorOf, pullAll, watch } from '../support/receivers.js';

function sequenced(options?: SequenceOptions, more?: DispatcherOptions<string>) {
  return createDispatcher<string>(sequence(options), more);
}

describe('law 13: message clock + 1 goes out at once, and with it every consecutive one that waits', () => {
  test('law 13: in whatever order they come', () => {
    const [sender, receiver] = sequenced().channel('s', 'r');
    const { items } = watch(receiver);

    for (const ts of [3, 5, 2]) sender.next([`v${ts}`, ts]);
    expect(items).toEqual([]);
    sender.next(['v1', 1]);
    expect(items).toEqual([
      ['v1', 1],
      ['v2', 2],
      ['v3', 3],
    ]);
    sender.next(['v4', 4]);
    expect(items.slice(3)).toEqual([
      ['v4', 4],
      ['v5', 5],
    ]);
  });

  test('law 13: the numbering starts after the seed', () => {
    const dispatcher = sequenced({ seed: 100 });
    const [sender, receiver] = dispatcher.channel('s', 'r');

    expect(sender.tryForward('old', 100)).toEqual({ ok: false, reason: 'duplicate' });
    sender.next(['v102', 102]);
    sender.next(['v101', 101]);

    expect(pullAll(receiver)).toEqual([
      ['v101', 101],
      ['v102', 102],
    ]);
  });

  test('law 13: all sources share one numbering, and every receiver hears of every number', () => {
    const dispatcher = sequenced();
    const [a, first] = dispatcher.channel('a', 'first');
    const [b, second] = dispatcher.channel('b', 'second');
    const seen = [watch(first), watch(second)];

    b.next(['b2', 2]);
    b.next(['b3', 3]);
    a.next(['a1', 1]);
    a.next(['a4', 4]);

    expect(seen.map(({ items }) => items)).toEqual([
      [
        ['a1', 1],
        [null, 2],
        [null, 3],
        ['a4', 4],
      ],
      [
        [null, 1],
        ['b2', 2],
        ['b3', 3],
        [null, 4],
      ],
    ]);
  });

  test('law 13: a tick fills its place like a message', () => {
    const dispatcher = sequenced();
    const [sender, receiver] = dispatcher.channel('s', 'r');
    const { items } = watch(receiver);

    sender.next(['v2', 2]);
    sender.next([null, 1]);

    expect(items).toEqual([
      [null, 1],
      ['v2', 2],
    ]);
  });

  test('law 13: also when it comes early', () => {
    const dispatcher = sequenced();
    const [sender, receiver] = dispatcher.channel('s', 'r');
    const { items } = watch(receiver);

    sender.next([null, 2]);
    sender.next([null, 4]);
    sender.next(['v3', 3]);
    expect(items).toEqual([]);
    sender.next(['v1', 1]);

    expect(items).toEqual([
      ['v1', 1],
      [null, 2],
      ['v3', 3],
      [null, 4],
    ]);
    expect(dispatcher.clock).toBe(4);
  });

  test('law 13: a repeated timestamp is a duplicate: refused and counted, whether delivered or waiting', async () => {
    const dispatcher = sequenced();
    const [a, receiver] = dispatcher.channel('a', 'r');
    const b = dispatcher.sender('b', 'r');
    a.next(['v1', 1]);
    a.next(['v3', 3]);

    expect(b.tryForward('again', 1)).toEqual({ ok: false, reason: 'duplicate' });
    expect(b.tryForward('again', 3)).toEqual({ ok: false, reason: 'duplicate' });
    expect(b.tryForward(null, 3)).toEqual({ ok: false, reason: 'duplicate' });
    expect(await rejection(b.forward('again', 1))).toMatchObject({ name: 'DuplicateMessageError', sender: 'b', ts: 1 });
    a.next(['v2', 2]);

    expect(pullAll(receiver)).toEqual([
      ['v1', 1],
      ['v2', 2],
      ['v3', 3],
    ]);
    expect(dispatcher.stats().duplicates).toBe(4);
  });

  test('law 13: an upstream may deliver again after a reconnect', () => {
    const dispatcher = sequenced();
    const [upstream, receiver] = dispatcher.channel('upstream', 'r');
    const { seen } = watch(receiver);
    for (const ts of [1, 2, 3]) upstream.next([`v${ts}`, ts]);

    for (const ts of [2, 3, 4]) upstream.next([`v${ts}`, ts]);

    expect(seen).toEqual([1, 2, 3, 4].map((ts) => [`v${ts}`, ts]));
    expect(dispatcher.stats().duplicates).toBe(2);
  });

  test('law 13: a message to a receiver that has left still takes its place', () => {
    const dispatcher = sequenced();
    const [a, leaving] = dispatcher.channel('a', 'leaving');
    const [b, staying] = dispatcher.channel('b', 'staying');
    const { items } = watch(staying);
    a.next(['held', 2]);
    leaving.close();

    b.next(['b1', 1]);
    b.next(['b3', 3]);
    expect(a.tryForward('nobody', 4)).toEqual({ ok: false, reason: 'no-receiver' });
    b.next(['b5', 5]);

    expect(items).toEqual([
      ['b1', 1],
      [null, 2],
      ['b3', 3],
      [null, 4],
      ['b5', 5],
    ]);
  });
});

describe('law 14: window bounds what waits', () => {
  test('law 14: a message beyond clock + window is refused, the one that fills the gap never', () => {
    const dispatcher = sequenced({ window: 3 });
    const [sender, receiver] = dispatcher.channel('s', 'r');

    expect(sender.tryForward('v4', 4)).toEqual({ ok: false, reason: 'full' });
    expect(sender.tryForward('v3', 3)).toEqual({ ok: true });
    expect(sender.tryForward('v2', 2)).toEqual({ ok: true });
    expect(sender.tryForward('v1', 1)).toEqual({ ok: true });
    expect(sender.tryForward('v6', 6)).toEqual({ ok: true });
    expect(sender.tryForward('v7', 7)).toEqual({ ok: false, reason: 'full' });

    expect(data(pullAll(receiver))).toEqual(['v1', 'v2', 'v3']);
  });

  test('law 14: or it waits until the window has moved on', async () => {
    const dispatcher = sequenced({ window: 2 });
    const [sender, receiver] = dispatcher.channel('s', 'r');
    const waiting = sender.forward('v3', 3);
    expect(await isPending(waiting)).toBe(true);

    await sender.forward('v1', 1);
    await waiting;
    await sender.forward('v2', 2);

    expect(data(pullAll(receiver))).toEqual(['v1', 'v2', 'v3']);
  });

  test('law 14: how many may wait is bounded, ticks included', async () => {
    const dispatcher = sequenced({ window: 1 }, { maxWaiting: 2 });
    const [sender] = dispatcher.channel('s', 'r');
    const waiting = [sender.forward(null, 10), sender.forward(null, 11)];

    expect(await rejection(sender.forward(null, 12))).toMatchObject({
      name: 'TooManyWaitingError',
      sender: 's',
      maxWaiting: 2,
    });
    dispatcher.close();
    for (const promise of waiting) expect(await rejection(promise)).toMatchObject({ name: 'ClosedError' });
  });

  test('law 14: next beyond the window fails its source with both values', () => {
    const dispatcher = sequenced({ window: 2 }, { overflow: 'error' });
    const [sender, receiver] = dispatcher.channel('s', 'r');
    const watched = watch(receiver);

    sender.next(['v1', 1]);
    sender.next(['v9', 9]);

    expect(watched.seen[0]).toEqual(['v1', 1]);
    const error = errorOf(watched) as Error;
    expect(error).toMatchObject({ name: 'WindowError', sender: 's', ts: 9, clock: 1, window: 2 });
    expect(error.message).toMatch(/'s'.*9.*2.*1/);
  });

  test('law 14: next beyond the window: drop-newest drops it, drop-oldest gives up what is missing', () => {
    const drops: Drop<string>[] = [];
    const newest = sequenced({ window: 2 }, { overflow: 'drop-newest', onDrop: (drop) => drops.push(drop) });
    const [a, ra] = newest.channel('a', 'ra');
    for (const ts of [2, 9, 1]) a.next([`v${ts}`, ts]);
    expect(data(pullAll(ra))).toEqual(['v1', 'v2']);
    expect(drops).toEqual([{ receiver: 'ra', value: 'v9', ts: 9, reason: 'drop-newest' }]);

    const oldest = sequenced({ window: 2, late: 'drop' }, { overflow: 'drop-oldest' });
    const [b, rb] = oldest.channel('b', 'rb');
    for (const ts of [2, 9, 8, 1]) b.next([`v${ts}`, ts]);
    expect(data(pullAll(rb))).toEqual(['v2', 'v8', 'v9']);
    expect(oldest.stats()).toMatchObject({ clock: 9, skipped: 6, late: 1 });
  });

  test('law 14: the one that fills the gap is admitted though those who wait for it fill the channel', () => {
    const [sender, receiver] = sequenced({}, { bound: 2 }).channel('s', 'r');

    expect(sender.tryForward('v2', 2)).toEqual({ ok: true });
    expect(sender.tryForward('v3', 3)).toEqual({ ok: true });
    expect(sender.tryForward('v4', 4)).toEqual({ ok: false, reason: 'full' });
    expect(sender.tryForward('v1', 1)).toEqual({ ok: true });

    expect(data(pullAll(receiver))).toEqual(['v1', 'v2', 'v3']);
  });

  test("law 14: gap 'wait': gaps$ reports where the clock stops, and it waits", () => {
    const dispatcher = sequenced();
    const [sender, receiver] = dispatcher.channel('s', 'r');
    const gaps: Gap[] = [];
    dispatcher.gaps$.subscribe((gap) => gaps.push(gap));

    sender.next(['v1', 1]);
    expect(gaps).toEqual([]);
    sender.next(['v4', 4]);
    expect(gaps).toEqual([{ from: 2, to: 3 }]);
    sender.next(['v2', 2]);
    sender.next(['v3', 3]);

    expect(data(pullAll(receiver))).toEqual(['v1', 'v2', 'v3', 'v4']);
  });

  test("law 14: gap 'error': when nobody is left to bring what is missing, the receivers fail", () => {
    const dispatcher = sequenced({ gap: 'error' });
    const [a, first] = dispatcher.channel('a', 'first');
    const [b, second] = dispatcher.channel('b', 'second');
    const [watched, other] = [watch(first), watch(second)];
    a.next(['a1', 1]);
    a.next(['a4', 4]);
    a.complete();
    expect(watched.seen).toEqual([['a1', 1]]);

    b.complete();

    expect(watched.items).toEqual([['a1', 1]]);
    for (const failed of [watched, other]) {
      const error = errorOf(failed) as Error;
      expect(error).toMatchObject({ name: 'GapError', from: 2, to: 3 });
      expect(error.message).toMatch(/2 to 3/);
    }
  });

  test("law 14: gap 'error': drop-oldest beyond the window would have to give up what is missing, so the receivers fail", () => {
    const drops: string[] = [];
    const dispatcher = sequenced(
      { gap: 'error', window: 4 },
      {
        overflow: 'drop-oldest',
        onDrop: ({ receiver, value, reason }) => {
          drops.push(`${receiver} ${value} ${reason}`);
          if (value === 'a3') expect(a.tryForward('again', 4)).toEqual({ ok: false, reason: 'no-receiver' });
        },
      },
    );
    const [a, first] = dispatcher.channel('a', 'first');
    const [b, second] = dispatcher.channel('b', 'second');
    const watched = [watch(first), watch(second)];
    a.next(['a3', 3]);
    b.next(['b4', 4]);

    a.next(['beyond', 10]);

    expect(drops.filter((drop) => drop.endsWith('gap'))).toEqual(['first a3 gap', 'second b4 gap']);
    expect(drops).toHaveLength(2);
    expect(dispatcher.stats().refused).toBe(2);
    for (const failed of watched) expect(errorOf(failed)).toMatchObject({ name: 'GapError', from: 1, to: 2 });
    expect(dispatcher.stats()).toMatchObject({ held: 0, receivers: [] });
  });

  test(
    'law 14: gap skipAfter: what is missing is given up after so many milliseconds',
    marbles((m) => {
      const dispatcher = sequenced({ gap: { skipAfter: 5 }, scheduler: m.scheduler });
      const [sender, receiver] = dispatcher.channel('s', 'r');
      const messages = { a: ['v1', 1], b: ['v4', 4], c: ['v5', 5] } as const;
      m.hot('            -a--b--c-----', messages).subscribe(sender);
      const unsubscribe = '^------------!';

      m.expect(receiver.pipe(filter(([value]) => value !== null)), unsubscribe).toBeObservable(
        '                -a-------(bc)',
        messages,
      );
      m.expect(dispatcher.gaps$, unsubscribe).toBeObservable('---------g---', { g: { from: 2, to: 3 } });
    }),
  );

  test('law 14: what comes after its gap was given up is late', () => {
    const scheduler = new VirtualTimeScheduler();
    const dispatcher = sequenced({ gap: { skipAfter: 5 }, scheduler, late: 'divert' });
    const [sender, receiver] = dispatcher.channel('s', 'r');
    const late: Late<string>[] = [];
    dispatcher.late$.subscribe((message) => late.push(message));
    sender.next(['v1', 1]);
    sender.next(['v4', 4]);
    scheduler.flush();
    expect(dispatcher.clock).toBe(4);
    expect(dispatcher.stats().skipped).toBe(2);

    expect(sender.tryForward('v2', 2)).toEqual({ ok: false, reason: 'late' });
    sender.next(['v3', 3]);
    sender.next(['v5', 5]);

    expect(late.map(({ value }) => value)).toContain('v3');
    expect(data(pullAll(receiver))).toEqual(['v1', 'v4', 'v5']);
  });

  test(
    'law 14: a gap that is filled in time stops its timer',
    marbles((m) => {
      const dispatcher = sequenced({ gap: { skipAfter: 5 }, scheduler: m.scheduler });
      const [sender, receiver] = dispatcher.channel('s', 'r');
      const messages = { a: ['v1', 1], b: ['v3', 3], c: ['v2', 2], d: ['v4', 4] } as const;
      m.hot('            -a-b-c----d-', messages).subscribe(sender);

      m.expect(receiver, '^-----------!').toBeObservable('-a---(cb)-d', messages);
      m.expect(dispatcher.gaps$, '^-----------!').toBeObservable('------------');
    }),
  );
});
