import { concat, from, NEVER, of, Subject, throwError, VirtualTimeScheduler } from 'rxjs';
import {
  clockedDispatch,
  createDispatcher,
  sequence,
  serialize,
  source,
  type Clocked,
  type ClockedDispatchOptions,
  type ClockedReceiver,
  type Drop,
  type Gap,
  type SequenceOptions,
} from 'rxjs-clocked-dispatch';
import { describe, expect, test } from 'vitest';
import { turn } from '../support/async.js';
import { receiversOf } from '../support/operator.js';
import { data, errorOf, pullAll, watch } from '../support/receivers.js';

type Input = AsyncIterable<Clocked<string>> | Iterable<Clocked<string>> | ReadableStream<Clocked<string>>;

/** Messages by number, from an input that can wait; `closed` counts how often it was returned to. */
function input(kind: 'iterable' | 'async' | 'stream', numbers: Iterable<number>, closed: string[] = []): Input {
  function* iterable(): Generator<Clocked<string>> {
    try {
      for (const n of numbers) yield [`m${n}`, n];
    } finally {
      closed.push(kind);
    }
  }
  if (kind === 'iterable') return iterable();
  const asynchronous = (async function* (): AsyncGenerator<Clocked<string>, undefined> {
    await Promise.resolve();
    yield* iterable();
    return undefined;
  })();
  if (kind === 'async') return asynchronous;
  return new ReadableStream<Clocked<string>>(
    {
      pull: async (controller) => {
        const { done, value } = await asynchronous.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      cancel: () => void asynchronous.return(undefined),
    },
    { highWaterMark: 0 },
  );
}

function* range(from: number, to: number, step = 1): Generator<number> {
  for (let n = from; n <= to; n += step) yield n;
}

interface Setup {
  readonly mode?: SequenceOptions;
  readonly options?: Partial<ClockedDispatchOptions<string, 'r' | 'q'>>;
  readonly unwatched?: readonly string[];
}

/** Dispatches inputs by sequence to `r`, and writes down gaps and drops. */
function dispatched(inputs: Record<string, Input>, { mode, options, unwatched }: Setup = {}) {
  const gaps: Gap[] = [];
  const drops: Drop<string>[] = [];
  const sources = Object.entries(inputs).map(([name, given]) => source(name, given, { to: 'r' as const }));
  const run = receiversOf<string>(
    from(sources).pipe(
      clockedDispatch(sequence({ gap: 'error', window: 4, ...mode }), {
        receivers: ['r', 'q'],
        onGap: (gap) => gaps.push(gap),
        onDrop: (drop) => drops.push(drop),
        ...options,
      }),
    ),
    { unwatched: unwatched ?? [] },
  );
  return { ...run, gaps, drops };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await turn();
}

describe('law 14: a gap that nobody can fill any more, as all sources are pulled and wait beyond it', () => {
  describe.for(['iterable', 'async', 'stream'] as const)('by %s', (kind) => {
    test("law 14: with 'error' it is reported at once, the receivers fail, what was held is dropped, and the clock stands", async () => {
      const closed: string[] = [];
      const { watched, receivers, gaps, drops, end } = dispatched({
        odd: input(kind, range(1, 99, 2), closed),
        even: input(kind, range(4, 99, 2), closed),
      });
      await settle();

      expect(watched.r?.items).toEqual([['m1', 1]]);
      expect(errorOf(watched.r!)).toMatchObject({ name: 'GapError', from: 2, to: 2 });
      expect(receivers.r?.dispatcher.clock).toBe(1);
      // What comes first may be known to lie further away.
      expect(gaps[0]).toMatchObject({ from: 2 });
      expect(gaps.length).toBe(1);
      expect(drops.map(({ receiver, ts, reason }) => `${receiver} ${ts} ${reason}`)).toEqual([
        'r 3 gap',
        'r 4 gap',
        'r 5 gap',
      ]);
      expect(end()).toBe('|');
      expect(closed).toEqual([kind, kind]);
    });

    test('law 14: it need not be held to be known: the first that waits says how far it goes', async () => {
      const { watched, gaps } = dispatched({ a: input(kind, [1, 500, 501]), b: input(kind, [900, 901]) });
      await settle();

      expect(errorOf(watched.r!)).toMatchObject({ name: 'GapError', from: 2, to: 499 });
      expect(gaps).toEqual([{ from: 2, to: 499 }]);
    });

    test("law 14: with 'wait' it is reported, listed, and waited for; unsubscribing closes the inputs", async () => {
      const closed: string[] = [];
      const { watched, receivers, gaps, stop } = dispatched(
        { a: input(kind, [1, 500], closed), b: input(kind, [900], closed) },
        { mode: { gap: 'wait' } },
      );
      await settle();

      expect(watched.r?.seen).toEqual([['m1', 1]]);
      expect(gaps).toEqual([{ from: 2, to: 499 }]);
      expect(receivers.r?.dispatcher.stats().gaps).toEqual([{ from: 2, to: 499 }]);
      stop();
      await settle();
      expect(closed).toEqual([kind, kind]);
    });

    test('law 14: with skipAfter it is given up after that time, and they go on', async () => {
      const scheduler = new VirtualTimeScheduler();
      const { watched, gaps, end } = dispatched(
        { a: input(kind, [1, 500, 503]), b: input(kind, [501, 502]) },
        { mode: { gap: { skipAfter: 50 }, scheduler } },
      );
      await settle();
      expect(data(watched.r!.seen)).toEqual(['m1']);
      scheduler.flush();
      await settle();

      expect(data(watched.r!.seen)).toEqual(['m1', 'm500', 'm501', 'm502', 'm503']);
      expect(gaps).toEqual([{ from: 2, to: 499 }]);
      expect(end()).toBe('|');
    });

    test('law 14: also where it is room that they wait for, and what is held takes all of it', async () => {
      const { watched, gaps, drops } = dispatched(
        { a: input(kind, [1, 3, 5, 7]), b: input(kind, [4, 6, 8]) },
        { options: { bound: 2 }, mode: { window: 100 } },
      );
      await settle();

      expect(errorOf(watched.r!)).toMatchObject({ name: 'GapError', from: 2, to: 2 });
      expect(Math.max(...gaps.map(({ to }) => to))).toBeLessThan(5);
      expect(gaps[0]).toMatchObject({ from: 2 });
      expect(drops.map(({ ts }) => ts)).toEqual(kind === 'iterable' ? [3, 5] : [3, 4]);
    });

    test('law 14: a reader gets what is readable first', async () => {
      const { receivers } = dispatched(
        { a: input(kind, [1, 2, 3, 5, 7, 9]), b: input(kind, [6, 8, 10]) },
        { options: { bound: 3 }, mode: { window: 100 }, unwatched: ['r'] },
      );
      await settle();

      const got: unknown[] = [];
      const failure = (async () => {
        for await (const item of receivers.r!) got.push(item);
      })();
      await expect(failure).rejects.toMatchObject({ name: 'GapError', from: 4, to: 4 });
      expect(got).toEqual([
        ['m1', 1],
        ['m2', 2],
        ['m3', 3],
      ]);
    });

    test.for(['leaves', 'fails'])('law 14: one that %s brings nothing any more', async (how) => {
      const last = new Subject<Clocked<string>>();
      const gaps: Gap[] = [];
      const { watched } = receiversOf<string>(
        of(source('pulled', input(kind, [1, 5000, 5001]), { to: 'r' }), source('pushed', last, { to: 'r' })).pipe(
          clockedDispatch(sequence({ gap: 'error' }), {
            receivers: ['r'],
            sourceError: 'complete',
            onGap: (gap) => gaps.push(gap),
          }),
        ),
      );
      await settle();
      last.next(['m2', 2]);
      await settle();
      expect(data(watched.r!.seen)).toEqual(['m1', 'm2']);
      // Somebody who is not pulled may bring it.
      expect(gaps).toEqual([]);

      if (how === 'leaves') last.complete();
      else last.error(new Error('gone'));
      await settle();

      expect(errorOf(watched.r!)).toMatchObject({ name: 'GapError', from: 3, to: 4999 });
      expect(gaps).toEqual([{ from: 3, to: 4999 }]);
    });

    test('law 14: not while other sources may come', async () => {
      const outer = new Subject<ReturnType<typeof source<Clocked<string>, 'r'>>>();
      const run = receiversOf<string>(outer.pipe(clockedDispatch(sequence({ gap: 'error' }), { receivers: ['r'] })));
      outer.next(source('a', input(kind, [1, 5000]), { to: 'r' }));
      await settle();
      expect(run.watched.r?.seen).toEqual([['m1', 1]]);

      outer.next(source('b', input(kind, range(2, 4998)), { to: 'r' }));
      await settle();
      expect(run.receivers.r?.dispatcher.clock).toBe(4998);
      outer.complete();
      await settle();

      expect(errorOf(run.watched.r!)).toMatchObject({ name: 'GapError', from: 4999, to: 4999 });
    });

    test('law 14: not where a consumer can make room, and its source then brings what is missing', async () => {
      const { receivers, gaps } = dispatched(
        { only: input(kind, [1, 3, 2, 5, 4, 6]) },
        { options: { bound: 1 }, unwatched: ['r'] },
      );
      const got: unknown[] = [];
      for await (const [value] of receivers.r!) {
        await settle();
        if (value !== null) got.push(value);
      }

      expect(got).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'm6']);
      expect(gaps.every(({ from, to }) => from === to)).toBe(true);
    });
  });

  test('law 14: the receivers of all sources fail', async () => {
    const { watched } = receiversOf<string>(
      of(
        source('a', input('iterable', [1, 3, 7]), { to: 'r' }),
        source('b', input('async', [4, 8]), { to: ['q', 'r'] }),
        source('c', input('stream', [5, 9]), { to: (value) => (value === 'm5' ? 'p' : ['p', 'q']) }),
      ).pipe(clockedDispatch(sequence({ gap: 'error', window: 4 }), { receivers: ['p', 'q', 'r'] })),
    );
    await settle();
    for (const name of ['p', 'q', 'r']) {
      expect(errorOf(watched[name]!)).toMatchObject({ name: 'GapError', from: 2, to: 2 });
    }
  });

  test('law 14: not before a hand-off receiver has a consumer: its source may go on then', async () => {
    const { receivers, gaps } = dispatched(
      { only: input('iterable', [2, 1, 3]) },
      { options: { receivers: [{ name: 'r', bound: 0 }, 'q'] }, unwatched: ['r'] },
    );
    await settle();
    expect(gaps).toEqual([]);
    const got: unknown[] = [];
    for await (const [value] of receivers.r!) if (value !== null) got.push(value);
    expect(got).toEqual(['m1', 'm2', 'm3']);
  });

  test('law 14: a tick of a number that is beyond counts as a message does', async () => {
    const ticks: Clocked<string>[] = [
      ['m1', 1],
      [null, 500],
    ];
    const { watched } = dispatched({ a: ticks });
    await settle();
    expect(errorOf(watched.r!)).toMatchObject({ name: 'GapError', from: 2, to: 499 });
  });

  test('law 14: two gaps: the first is the one that fails', async () => {
    const { watched, gaps } = dispatched(
      { a: input('iterable', [2, 4, 90]), b: input('iterable', [3, 91]) },
      { mode: { seed: 0, window: 6 } },
    );
    await settle();
    expect(errorOf(watched.r!)).toMatchObject({ name: 'GapError', from: 1, to: 1 });
    expect(gaps).toEqual([{ from: 1, to: 1 }]);
  });

  test('law 14: receivers of a dispatcher above, pulled: what they had in hand goes back', async () => {
    const top = createDispatcher<string>(serialize());
    const [a, upperA] = top.channel('a', 'upperA');
    const [b, upperB] = top.channel('b', 'upperB');
    const bare = (receiver: ClockedReceiver<string>): AsyncIterable<Clocked<string>> => receiver.iterate();
    for (const value of ['1', '2']) a.next(value);
    for (let i = 0; i < 9; i++) b.next(`b${i}`);
    const { watched } = receiversOf<string>(
      of(source('b', bare(upperB), { to: 'r' })).pipe(
        clockedDispatch(sequence({ gap: 'error', window: 3, seed: -10 }), { receivers: ['r'] }),
      ),
    );
    await settle();

    expect(errorOf(watched.r!)).toMatchObject({ name: 'GapError', from: -9 });
    expect(data(pullAll(upperB))[0]).toBe('b0');
    expect(data(pullAll(upperA))).toEqual(['1', '2']);
  });

  test('law 14: what nobody has asked for yet is no gap: a slow consumer of numbers in order', async () => {
    const { receivers } = dispatched(
      { odd: input('async', range(1, 50, 2)), even: input('iterable', range(2, 50, 2)) },
      { options: { bound: 1 }, unwatched: ['r'] },
    );
    const got: unknown[] = [];
    for await (const [value] of receivers.r!) {
      await turn();
      if (value !== null) got.push(value);
    }
    expect(got).toEqual(Array.from({ length: 50 }, (_, i) => `m${i + 1}`));
  });
});

describe('law 14: a gap that nobody can fill any more, as every source has left or failed', () => {
  test.for(['wait', 'error'] as const)('law 14: before it was said that no other source comes (%s)', (gap) => {
    const outer = new Subject<ReturnType<typeof source<Clocked<string>, 'r'>>>();
    const run = receiversOf<string>(outer.pipe(clockedDispatch(sequence({ gap }), { receivers: ['r'] })));
    outer.next(source('a', of<Clocked<string>[]>(['m1', 1], ['m3', 3]), { to: 'r' }));
    expect(run.watched.r?.seen).toEqual([['m1', 1]]);
    outer.complete();

    if (gap === 'wait') expect(run.watched.r?.seen).toEqual([['m1', 1], ['m3', 3], '|']);
    else expect(errorOf(run.watched.r!)).toMatchObject({ name: 'GapError', from: 2, to: 2 });
    expect(run.end()).toBe('|');
  });

  test.for(['complete', 'error'] as const)("law 14: with 'error', reported first (the last one: %s)", (how) => {
    const gaps: Gap[] = [];
    const dispatcher = createDispatcher<string>(sequence({ gap: 'error' }), { sourceError: 'complete' });
    dispatcher.gaps$.subscribe((gap) => gaps.push(gap));
    const [a, receiver] = dispatcher.channel('a', 'r');
    const b = dispatcher.sender('b', 'r');
    const watched = watch(receiver);
    a.next(['m1', 1]);
    a.expect(4);
    a.complete();
    expect(watched.seen).toEqual([['m1', 1]]);
    if (how === 'complete') b.complete();
    else b.error(new Error('gone'));

    expect(errorOf(watched)).toMatchObject({ name: 'GapError', from: 2, to: 4 });
    expect(gaps).toEqual([{ from: 2, to: 4 }]);
    expect(dispatcher.clock).toBe(1);
  });

  test('law 14: inputs that are pushed: the last that ends says so', () => {
    const gaps: Gap[] = [];
    const { watched, end } = receiversOf<string>(
      of(
        source('a', of<Clocked<string>[]>(['m1', 1], ['m3', 3]), { to: 'r' }),
        source(
          'b',
          concat(
            of<Clocked<string>[]>(['m5', 5]),
            throwError(() => new Error('gone')),
          ),
          { to: 'r' },
        ),
      ).pipe(
        clockedDispatch(sequence({ gap: 'error' }), {
          receivers: ['r'],
          sourceError: 'complete',
          onGap: (gap) => gaps.push(gap),
        }),
      ),
    );
    expect(watched.r?.items).toEqual([['m1', 1]]);
    expect(errorOf(watched.r!)).toMatchObject({ name: 'GapError', from: 2, to: 2 });
    expect(gaps[0]).toEqual({ from: 2, to: 2 });
    expect(end()).toBe('|');
  });

  test('law 14: not while one is there that says nothing', () => {
    const { watched, stop } = receiversOf<string>(
      of(
        source('a', of<Clocked<string>[]>(['m1', 1], ['m3', 3]), { to: 'r' }),
        source('silent', NEVER, { to: 'r' }),
      ).pipe(clockedDispatch(sequence({ gap: 'error' }), { receivers: ['r'] })),
    );
    expect(watched.r?.seen).toEqual([['m1', 1]]);
    stop();
  });
});
