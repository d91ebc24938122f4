import { from, mergeAll, NEVER, Observable, observable, of, Subject, take, takeUntil, type Subscriber } from 'rxjs';
import {
  ALL,
  clockedDispatch,
  createDispatcher,
  serialize,
  source,
  watermark,
  type Clocked,
  type Mode,
} from 'rxjs-clocked-dispatch';
import { describe, expect, test } from 'vitest';
import { isPending, turn } from '../support/async.js';
import { MODE } from '../support/dispatchers.js';
import { receiversOf } from '../support/operator.js';
import { data, errorOf, pullAll } from '../support/receivers.js';

/** An iterable that writes down what is asked of it. */
class Probe<T> {
  readonly calls: string[] = [];
  readonly #items: readonly T[];
  #next = 0;

  constructor(items: readonly T[]) {
    this.#items = items;
  }

  get pulled(): number {
    return this.#next;
  }

  next(): IteratorResult<T, undefined> {
    this.calls.push('next');
    if (this.#next === this.#items.length) return { done: true, value: undefined };
    return { done: false, value: this.#items[this.#next++] as T };
  }

  return(): IteratorResult<T, undefined> {
    this.calls.push('return');
    return { done: true, value: undefined };
  }

  get sync(): Iterable<T> {
    return { [Symbol.iterator]: () => ({ next: () => this.next(), return: () => this.return() }) };
  }

  get async(): AsyncIterable<T> {
    return {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve(this.next()),
        return: () => Promise.resolve(this.return()),
      }),
    };
  }

  get stream(): ReadableStream<T> {
    return new ReadableStream<T>(
      {
        pull: (controller) => {
          const { done, value } = this.next();
          if (done === true) controller.close();
          else controller.enqueue(value);
        },
        cancel: () => void this.return(),
      },
      { highWaterMark: 0 },
    );
  }
}

const KINDS = ['sync', 'async', 'stream'] as const;

const TO_R = { receivers: ['r'], bound: 2 } as const;

/** Lets promises, streams and what hangs on them run. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await turn();
}

describe('inputs that can wait', () => {
  test.for(KINDS)('are pulled one at a time, and only when there is room (%s)', async (kind) => {
    const probe = new Probe([1, 2, 3, 4, 5, 6]);
    const { receivers } = receiversOf<number>(
      of(source('s', probe[kind], { to: 'r' })).pipe(clockedDispatch(serialize(), TO_R)),
      {
        unwatched: ['r'],
      },
    );

    await settle();
    expect(probe.pulled).toBe(2);
    for (const n of [1, 2, 3, 4]) {
      expect(receivers.r?.tryReceive()).toEqual([n, n]);
      await settle();
      expect(probe.pulled).toBe(n + 2);
    }
    expect(pullAll(receivers.r!)).toEqual([
      [5, 5],
      [6, 6],
    ]);
  });

  test.for(KINDS)('end their receivers when they end, and are not returned to then (%s)', async (kind) => {
    const probe = new Probe([1, 2]);
    const { watched, end } = receiversOf<number>(
      of(source('s', probe[kind], { to: 'r' })).pipe(clockedDispatch(serialize(), TO_R)),
    );

    await settle();

    expect(watched.r?.seen).toEqual([[1, 1], [2, 2], '|']);
    expect(end()).toBe('|');
    expect(probe.calls).toEqual(['next', 'next', 'next']);
  });

  test.for(KINDS)('are returned to, once, on teardown while they wait for room (%s)', async (kind) => {
    const probe = new Probe([1, 2, 3, 4]);
    const { subscription } = receiversOf<number>(
      of(source('s', probe[kind], { to: 'r' })).pipe(clockedDispatch(serialize(), TO_R)),
      {
        unwatched: ['r'],
      },
    );
    await settle();

    subscription.unsubscribe();
    subscription.unsubscribe();
    await settle();

    expect(probe.calls).toEqual(['next', 'next', 'return']);
  });

  test.for(KINDS)('with bound 0, nothing is pulled before somebody asks (%s)', async (kind) => {
    const probe = new Probe([1, 2, 3]);
    const { receivers } = receiversOf<number>(
      of(source('s', probe[kind], { to: 'r' })).pipe(clockedDispatch(serialize(), { receivers: ['r'], bound: 0 })),
      { unwatched: ['r'] },
    );
    await settle();
    expect(probe.pulled).toBe(0);

    expect(await receivers.r?.receive()).toEqual([1, 1]);
    await settle();
    expect(probe.pulled).toBe(1);
  });

  test.for(KINDS)('wait in the forwarding modes as well (%s)', async (kind) => {
    for (const mode of ['watermark', 'sequence'] as const) {
      const probe = new Probe<Clocked<string>>([
        ['a', 1],
        ['b', 2],
        ['c', 3],
        ['d', 4],
      ]);
      const { receivers } = receiversOf<string>(
        of(source('s', probe[kind], { to: 'r' })).pipe(clockedDispatch(MODE[mode], { receivers: ['r'], bound: 1 })),
        { unwatched: ['r'] },
      );
      await settle();
      expect(probe.pulled).toBe(1);

      expect(receivers.r?.tryReceive()).toEqual(['a', 1]);
      await settle();
      expect(probe.pulled).toBe(2);
    }
  });

  test('an item that finds its own receiver full waits, and is the only one that does', async () => {
    const probe = new Probe<'a' | 'b'>(['a', 'a', 'b', 'a']);
    const { receivers } = receiversOf<string>(
      of(source('s', probe.sync, { to: (value) => value })).pipe(
        clockedDispatch(serialize(), { receivers: ['a', 'b'], bound: 1 }),
      ),
      { unwatched: ['a', 'b'] },
    );
    await settle();
    // After the first, there must be room at `a` before the next one is pulled, whomever that will be for.
    expect(probe.pulled).toBe(1);

    receivers.a?.tryReceive();
    await settle();
    receivers.a?.tryReceive();
    await settle();
    expect(probe.pulled).toBe(3);

    receivers.b?.tryReceive();
    await settle();
    expect(probe.pulled).toBe(4);
  });

  test('one that writes to several waits for all of them', async () => {
    const probe = new Probe([1, 2, 3]);
    const { receivers } = receiversOf<number>(
      of(source('s', probe.sync, { to: ALL })).pipe(
        clockedDispatch(serialize(), { receivers: ['a', { name: 'b', bound: 1 }], bound: 5 }),
      ),
      { unwatched: ['a', 'b'] },
    );
    await settle();
    expect(probe.pulled).toBe(1);

    expect(pullAll(receivers.b!)).toEqual([[1, 1]]);
    await settle();
    expect(probe.pulled).toBe(2);
    expect(pullAll(receivers.a!)).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  test('one that waits holds no other source up', async () => {
    const other = new Subject<number>();
    const { receivers } = receiversOf<number>(
      of(source('waits', [1, 2, 3], { to: 'full' }), source('goes', other, { to: 'free' })).pipe(
        clockedDispatch(serialize(), { receivers: ['full', 'free'], bound: 1 }),
      ),
      { unwatched: ['full', 'free'] },
    );
    await settle();

    for (const n of [7, 8, 9]) {
      other.next(n);
      expect(data(pullAll(receivers.free!))).toEqual([n]);
    }
  });

  test('an item without a receiver that is there goes nowhere, and its source goes on', async () => {
    const probe = new Probe<'gone' | 'here'>(['gone', 'gone', 'here']);
    const { receivers } = receiversOf<string>(
      of(source('first', NEVER, { to: 'gone' }), source('s', probe.async, { to: (value) => value })).pipe(
        clockedDispatch(serialize(), { receivers: ['gone', 'here'], bound: 1 }),
      ),
      { unwatched: ['gone', 'here'] },
    );
    receivers.gone?.close();
    await settle();

    expect(pullAll(receivers.here!)).toEqual([['here', 3]]);
  });

  test('the receiver that an item waits for may leave: the source goes on, and no other receiver suffers (serialize)', async () => {
    const { receivers } = receiversOf<string>(
      of(
        source('before', ['first'], { to: 'a' }),
        source('s', ['a', 'b', 'b'] as const, { to: (value) => value }),
      ).pipe(clockedDispatch(serialize(), { receivers: ['a', 'b'], bound: 1 })),
      { unwatched: ['a', 'b'] },
    );
    await settle();

    receivers.a?.close();

    const received: unknown[] = [];
    for await (const [value] of receivers.b!) received.push(value);
    expect(received.filter((value) => value !== null)).toEqual(['b', 'b']);
  });

  test.for(['watermark', 'sequence'] as const)(
    'the receiver that an item waits for may leave: the source goes on, and no other receiver suffers (%s)',
    async (mode) => {
      const before: Clocked<string>[] = [['first', 1]];
      const items: Clocked<'a' | 'b'>[] = [
        ['a', 2],
        ['b', 3],
        ['b', 4],
      ];
      const { receivers } = receiversOf<string>(
        of(source('before', before, { to: 'a' }), source('s', items, { to: (value) => value })).pipe(
          clockedDispatch(MODE[mode], { receivers: ['a', 'b'], bound: 1 }),
        ),
        { unwatched: ['a', 'b'] },
      );
      await settle();

      receivers.a?.close();

      const received: unknown[] = [];
      for await (const [value] of receivers.b!) received.push(value);
      expect(received.filter((value) => value !== null)).toEqual(['b', 'b']);
    },
  );

  test.for(['serialize', 'watermark'] as const)(
    'a source that can write to nobody any more is returned to (%s)',
    async (mode) => {
      let pulled = 0;
      let returned = false;
      function* endless(): Generator<Clocked<number> | number> {
        try {
          // Endless but for the test's sake.
          while (pulled < 10_000) yield mode === 'serialize' ? ++pulled : [++pulled, pulled];
        } finally {
          returned = true;
        }
      }
      const { receivers, end } = receiversOf<unknown>(
        of(source('s', endless() as Generator<number>, { to: 'r' })).pipe(
          clockedDispatch(MODE[mode] as Mode<'serialize'>, { receivers: ['r', 'other'], bound: 2 }),
        ),
        { unwatched: ['r'] },
      );
      receivers.r?.close();
      await settle();

      expect(pulled).toBeLessThan(10);
      expect(returned).toBe(true);
      expect(end()).toBe('|');
    },
  );
});

describe('generators', () => {
  test('a generator runs its finally on teardown', () => {
    let cleaned = false;
    function* numbers(): Generator<number> {
      try {
        for (let i = 1; ; i++) yield i;
      } finally {
        cleaned = true;
      }
    }
    const { subscription } = receiversOf<number>(
      of(source('s', numbers(), { to: 'r' })).pipe(clockedDispatch(serialize(), TO_R)),
      {
        unwatched: ['r'],
      },
    );
    expect(cleaned).toBe(false);

    subscription.unsubscribe();

    expect(cleaned).toBe(true);
  });

  test('so does one that is torn down by what it does itself, and what it yields then goes nowhere', () => {
    let cleaned = false;
    const routed: number[] = [];
    const stop = new Subject<void>();
    function* numbers(): Generator<number> {
      try {
        yield 1;
        stop.next();
        yield 2;
      } finally {
        cleaned = true;
      }
    }
    const to = (value: number): 'r' => {
      routed.push(value);
      return 'r';
    };
    of(source('s', numbers(), { to }))
      .pipe(clockedDispatch(serialize(), TO_R), takeUntil(stop))
      .subscribe();

    expect(routed).toEqual([1]);
    expect(cleaned).toBe(true);
  });

  test('an async generator runs its finally on teardown', async () => {
    let cleaned = false;
    async function* numbers(): AsyncGenerator<number> {
      try {
        for (let i = 1; ; i++) yield await Promise.resolve(i);
      } finally {
        cleaned = true;
      }
    }
    const { subscription } = receiversOf<number>(
      of(source('s', numbers(), { to: 'r' })).pipe(clockedDispatch(serialize(), TO_R)),
      {
        unwatched: ['r'],
      },
    );
    await settle();

    subscription.unsubscribe();
    await settle();

    expect(cleaned).toBe(true);
  });

  test('an endless one that yields at once is stopped by take(n), with no item too many', () => {
    let pulled = 0;
    let cleaned = false;
    function* endless(): Generator<number> {
      try {
        for (;;) yield ++pulled;
      } finally {
        cleaned = true;
      }
    }
    const seen: unknown[] = [];

    of(source('s', endless(), { to: 'r' }))
      .pipe(clockedDispatch(serialize(), { receivers: ['r'], bound: Infinity }), mergeAll(), take(3))
      .subscribe((item) => seen.push(item));

    expect(seen).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect([pulled, cleaned]).toEqual([3, true]);
  });

  test('sources that have not started when the result is unsubscribed are not started', () => {
    let started = false;
    let pulled = false;
    function* never(): Generator<number> {
      yield 1;
      pulled = true;
    }
    const observable = new Observable<number>(() => {
      started = true;
    });

    of(
      source('first', [1, 2, 3], { to: 'r' }),
      source('second', observable, { to: 'r' }),
      source('third', never(), { to: 'r' }),
    )
      .pipe(clockedDispatch(serialize(), { receivers: ['r'] }), mergeAll(), take(1))
      .subscribe();

    expect([started, pulled]).toEqual([false, false]);
  });

  test('100,000 items that are there at once take no stack', () => {
    const { watched } = receiversOf<number>(
      of(
        source(
          's',
          Array.from({ length: 100_000 }, (_, i) => i),
          { to: 'r' },
        ),
      ).pipe(clockedDispatch(serialize(), TO_R)),
    );

    expect(watched.r?.items).toHaveLength(100_000);
  });

  test('an item that is read while the next one is pulled is not lost', async () => {
    const { receivers } = receiversOf<number>(
      of(source('s', [1, 2, 3, 4, 5], { to: 'r' })).pipe(clockedDispatch(serialize(), TO_R)),
      {
        unwatched: ['r'],
      },
    );

    const received: unknown[] = [];
    for await (const [value] of receivers.r!) received.push(value);

    expect(received).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('errors', () => {
  const broken = new Error('broken');

  test.for(['sync', 'async'] as const)(
    'what next() throws is an error of the source, after what it gave (%s)',
    async (kind) => {
      const calls: string[] = [];
      const iterator = {
        count: 0,
        next(): IteratorResult<number> {
          calls.push('next');
          if (++this.count === 3) throw broken;
          return { done: false, value: this.count };
        },
        return(): IteratorResult<number> {
          calls.push('return');
          return { done: true, value: undefined };
        },
      };
      const input = {
        sync: { [Symbol.iterator]: () => iterator },
        async: {
          [Symbol.asyncIterator]: () => ({
            next: async () => Promise.resolve(iterator.next()),
            return: async () => Promise.resolve(iterator.return()),
          }),
        },
      }[kind] as Iterable<number>;
      const { watched, end } = receiversOf<number>(
        of(source('s', input, { to: 'r' }), source('other', [9], { to: 'free' })).pipe(
          clockedDispatch(serialize(), { receivers: ['r', 'free'] }),
        ),
      );
      await settle();

      expect(data(watched.r!.items)).toEqual([1, 2]);
      expect(errorOf(watched.r!)).toBe(broken);
      expect(data(watched.free!.items)).toEqual([9]);
      expect(watched.free!.seen.at(-1)).toBe('|');
      expect(end()).toBe('|');
      // An iterator that has thrown has ended, so that there is nothing to return to, as in a `for of`.
      expect(calls).toEqual(['next', 'next', 'next']);
    },
  );

  test.for(['fails', 'fails over being cancelled'] as const)(
    'law 31: a ReadableStream that %s is not left locked',
    async (how) => {
      const broken = new Error('broken');
      const stream = new ReadableStream<number>({
        pull: (controller) => {
          if (how === 'fails') throw broken;
          controller.enqueue(1);
        },
        cancel: () => {
          throw broken;
        },
      });
      const result = of(source('s', stream, { to: 'r' }))
        .pipe(clockedDispatch(serialize(), { receivers: ['r'], bound: 1 }))
        .subscribe();
      await turn();
      result.unsubscribe();
      await turn();
      expect(stream.locked).toBe(false);
    },
  );

  test('an error of a ReadableStream is an error of the source', async () => {
    const stream = new ReadableStream<number>(
      {
        start: (controller) => {
          controller.enqueue(1);
        },
        pull: (controller) => {
          controller.error(broken);
        },
      },
      { highWaterMark: 2 },
    );
    const { watched } = receiversOf<number>(
      of(source('s', stream, { to: 'r' })).pipe(clockedDispatch(serialize(), TO_R)),
    );
    await settle();

    expect(errorOf(watched.r!)).toBe(broken);
  });

  test.for(KINDS)(
    'an item that the sender refuses is an error of the source, which is returned to (%s)',
    async (kind) => {
      const probe = new Probe<number>([1, null as unknown as number, 3]);
      const { watched, end } = receiversOf<number>(
        of(source('s', probe[kind], { to: 'r' })).pipe(clockedDispatch(serialize(), TO_R)),
      );
      await settle();

      expect(watched.r!.items).toEqual([[1, 1]]);
      expect(errorOf(watched.r!)).toMatchObject({ name: 'NullValueError', sender: 's' });
      expect(probe.calls).toEqual(['next', 'next', 'return']);
      expect(end()).toBe('|');
    },
  );

  test('a late item ends its source, which is returned to', async () => {
    const probe = new Probe<Clocked<string>>([
      ['a', 5],
      ['b', 3],
      ['c', 6],
    ]);
    const { watched, end } = receiversOf<string>(
      of(source('s', probe.sync, { to: 'r' })).pipe(clockedDispatch(watermark(), { receivers: ['r'] })),
    );
    await settle();

    expect(data(watched.r!.items)).toEqual(['a']);
    expect(errorOf(watched.r!)).toMatchObject({ name: 'LateMessageError', ts: 3, clock: 5 });
    expect(probe.calls).toEqual(['next', 'next', 'return']);
    expect(end()).toBe('|');
  });

  test('what return() throws or rejects with on teardown harms nobody', async () => {
    const failing = (fail: () => never): Iterator<number> => ({
      next: () => ({ done: false, value: 1 }),
      return: fail,
    });
    const inputs = [
      {
        [Symbol.iterator]: () =>
          failing(() => {
            throw broken;
          }),
      },
      { [Symbol.iterator]: () => failing(() => Promise.reject(broken) as never) },
      { [Symbol.iterator]: () => ({ next: () => ({ done: false as const, value: 1 }) }) },
    ];
    for (const input of inputs) {
      const { subscription } = receiversOf<number>(
        of(source('s', input, { to: 'r' })).pipe(clockedDispatch(serialize(), TO_R)),
        {
          unwatched: ['r'],
        },
      );
      await settle();

      expect(() => subscription.unsubscribe()).not.toThrow();
    }
    await settle();
  });

  test('what the promise of a next() in flight brings after teardown goes nowhere', async () => {
    for (const outcome of ['value', 'error'] as const) {
      let settleNext: { resolve: (item: IteratorResult<number>) => void; reject: (error: unknown) => void } | undefined;
      const input: AsyncIterable<number> = {
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise((resolve, reject) => (settleNext = { resolve, reject })),
        }),
      };
      const { watched, subscription } = receiversOf<number>(
        of(source('s', input, { to: 'r' })).pipe(clockedDispatch(serialize(), TO_R)),
      );

      subscription.unsubscribe();
      if (outcome === 'value') settleNext?.resolve({ done: false, value: 1 });
      else settleNext?.reject(broken);
      await settle();

      expect(watched.r!.seen).toEqual([]);
    }
  });

  test.for([undefined, null, 7, {}, { read: 7 }])(
    'a stream whose reader is none is an error of the source: %o',
    (reader) => {
      const input = { getReader: () => reader } as unknown as ReadableStream<number>;
      const { watched, end } = receiversOf<number>(
        of(source('s', input, { to: 'r' })).pipe(clockedDispatch(serialize(), TO_R)),
      );
      expect(errorOf(watched.r!)).toMatchObject({ name: 'InvalidSourceError', source: 's' });
      expect(end()).toBe('|');
    },
  );

  test('an input that is locked, or none at all, is an error of the source', () => {
    const locked = new ReadableStream<number>();
    locked.getReader();
    for (const input of [locked, 7 as unknown as number[], null as unknown as number[]]) {
      const { watched, end } = receiversOf<number>(
        of(source('s', input, { to: 'r' })).pipe(clockedDispatch(serialize(), TO_R)),
      );

      expect(errorOf(watched.r!)).toMatchObject({ name: 'InvalidSourceError', source: 's' });
      expect(end()).toBe('|');
    }
  });
});

describe('what counts as an input', () => {
  test.for([
    ['an array', () => [1, 2]],
    ['a set', () => new Set([1, 2])],
    ['an array-like', () => ({ length: 2, 0: 1, 1: 2 })],
    ['an Observable', () => of(1, 2)],
    ['an interoperable Observable', () => ({ [observable]: () => of(1, 2) })],
  ] as const)('%s', async ([, input]) => {
    const { watched } = receiversOf<number>(
      of(source('s', input() as number[], { to: 'r' })).pipe(clockedDispatch(serialize(), TO_R)),
    );
    await settle();

    expect(watched.r!.seen).toEqual([[1, 1], [2, 2], '|']);
  });

  test('a string is an iterable of characters', () => {
    const { watched } = receiversOf<string>(
      of(source('s', 'añ😀', { to: 'r' })).pipe(clockedDispatch(serialize(), TO_R)),
    );

    expect(data(watched.r!.items)).toEqual(['a', 'ñ', '😀']);
  });

  test('a promise brings one item', async () => {
    const { watched } = receiversOf<number>(
      of(source('s', Promise.resolve(1), { to: 'r' })).pipe(clockedDispatch(serialize(), TO_R)),
    );
    expect(watched.r!.seen).toEqual([]);
    await settle();

    expect(watched.r!.seen).toEqual([[1, 1], '|']);
  });

  test('a promise that is rejected is an error of the source', async () => {
    const broken = new Error('broken');
    const { watched } = receiversOf<number>(
      of(source('s', Promise.reject(broken), { to: 'r' })).pipe(clockedDispatch(serialize(), TO_R)),
    );
    await settle();

    expect(errorOf(watched.r!)).toBe(broken);
  });

  test('Observables do not wait: without room the overflow policy decides', () => {
    const subject = new Subject<number>();
    for (const [overflow, kept] of [
      ['drop-oldest', [3, 4]],
      ['drop-newest', [1, 2]],
    ] as const) {
      const { receivers, subscription } = receiversOf<number>(
        of(source('s', subject, { to: 'r' })).pipe(
          clockedDispatch(serialize(), { receivers: ['r'], bound: 2, overflow }),
        ),
        { unwatched: ['r'] },
      );
      for (const n of [1, 2, 3, 4]) subject.next(n);

      expect(data(pullAll(receivers.r!))).toEqual(kept);
      subscription.unsubscribe();
    }
    expect(subject.observed).toBe(false);
  });

  test('an Observable that the sender refuses an item of is unsubscribed', () => {
    const subject = new Subject<number>();
    const { watched, end } = receiversOf<number>(
      of(source('s', subject, { to: 'r' })).pipe(clockedDispatch(serialize(), TO_R)),
    );
    subject.next(1);
    subject.next(null as unknown as number);

    expect(errorOf(watched.r!)).toMatchObject({ name: 'NullValueError' });
    expect([subject.observed, end()]).toEqual([false, '|']);
  });

  test('an Observable that goes on after that is not heard any more', () => {
    const broken = new Error('broken');
    const ends: ((subscriber: Subscriber<number>) => void)[] = [
      (subscriber) => subscriber.next(2),
      (subscriber) => subscriber.error(broken),
      (subscriber) => subscriber.complete(),
    ];
    for (const end of ends) {
      const input = new Observable<number>((subscriber) => {
        subscriber.next(1);
        subscriber.next(null as unknown as number);
        end(subscriber);
      });
      const { watched } = receiversOf<number>(
        of(source('s', input, { to: 'r' })).pipe(clockedDispatch(serialize(), TO_R)),
      );

      expect(watched.r!.items).toEqual([[1, 1]]);
      expect(errorOf(watched.r!)).toMatchObject({ name: 'NullValueError' });
    }
  });

  test('a late message of an Observable unsubscribes it', () => {
    const subject = new Subject<Clocked<string>>();
    const { watched, end } = receiversOf<string>(
      of(source('s', subject, { to: 'r' })).pipe(clockedDispatch(watermark(), { receivers: ['r'] })),
    );
    subject.next(['a', 5]);
    subject.next(['b', 4]);

    expect(errorOf(watched.r!)).toMatchObject({ name: 'LateMessageError' });
    expect([subject.observed, end()]).toEqual([false, '|']);
  });

  test('a receiver is an Observable: subscribed, it does not wait, and its strictness is known', () => {
    const upper = createDispatcher<string>(serialize());
    const [sender, receiver] = upper.channel('s', 'r');
    const { receivers } = receiversOf<string>(
      of(source('up', receiver, { to: 'r' })).pipe(clockedDispatch(watermark(), { receivers: ['r'] })),
      { unwatched: ['r'] },
    );
    sender.next('a');

    expect(receivers.r?.strict).toBe(true);
    expect(pullAll(receivers.r!)).toEqual([['a', 1]]);
  });

  test('a receiver that is iterated is pulled, so that its own senders wait', async () => {
    const upper = createDispatcher<string>(serialize(), { bound: 1 });
    const [sender, receiver] = upper.channel('s', 'r');
    const { receivers } = receiversOf<string>(
      of(source('up', receiver.iterate(), { to: 'r', strict: true })).pipe(
        clockedDispatch(watermark(), { receivers: ['r'], bound: 1 }),
      ),
      { unwatched: ['r'] },
    );
    const sent = ['a', 'b', 'c'].map((value) => sender.send(value));
    await settle();

    expect(await isPending(sent[2]!)).toBe(true);
    expect(await receivers.r?.receive()).toEqual(['a', 1]);
    expect(await sent[2]).toBe(3);
  });

  test('a pulled receiver loses nothing when the dispatcher below is torn down', async () => {
    const upper = createDispatcher<string>(serialize());
    const [sender, receiver] = upper.channel('s', 'r');
    const { subscription } = receiversOf<string>(
      of(source('up', receiver.iterate(), { to: 'r', strict: true })).pipe(
        clockedDispatch(watermark(), { receivers: ['r'] }),
      ),
    );
    await settle();

    subscription.unsubscribe();
    sender.next('a');

    expect(pullAll(receiver)).toEqual([['a', 1]]);
  });
});

test.for(['unsubscribed', 'left by its sender', 'left by its receiver'])(
  'what pulled receivers brought is below, what waited goes back, and nothing is in both places, when all is %s',
  async (how) => {
    for (const bound of [1, 2]) {
      const upper = createDispatcher<string>(serialize());
      const channels = ['a', 'b'].map((name) => upper.channel(name, `upper ${name}`));
      for (let n = 1; n <= 8; n++) channels[n % 2]?.[0].next(`m${n}`);
      const drops: unknown[] = [];
      const sources = channels.map(([, receiver]) => source(receiver.name, receiver.iterate(), { to: 'r' }));
      const { receivers, stop } = receiversOf<Clocked<string>>(
        from(sources).pipe(
          clockedDispatch(serialize(), {
            receivers: ['r'],
            bound,
            onDrop: ({ value }) => drops.push(value),
          }),
        ),
        { unwatched: ['r'] },
      );
      await settle();
      const below: unknown[] = [];
      for (let i = 0; i < 2; i++) {
        below.push(...data(pullAll(receivers.r!)));
        if (how === 'left by its sender') for (const [sender] of channels) sender.complete();
        if (i === 0) await settle();
      }
      if (how === 'left by its receiver') receivers.r?.close();
      else stop();
      await settle();

      const text = (value: unknown): unknown => (Array.isArray(value) ? (value as unknown[])[0] : value);
      const above = channels.flatMap(([, receiver]) => data(pullAll(receiver)));
      expect([...below, ...drops, ...above].map(text).sort()).toEqual(Array.from({ length: 8 }, (_, i) => `m${i + 1}`));
    }
  },
);

test('each subscription iterates anew', () => {
  const dispatched = of(source('s', [1, 2], { to: 'r' })).pipe(clockedDispatch(serialize(), TO_R), mergeAll());

  for (let i = 0; i < 2; i++) {
    const seen: unknown[] = [];
    dispatched.subscribe((item) => seen.push(item));
    expect(seen).toEqual([
      [1, 1],
      [2, 2],
    ]);
  }
});

test('outer sources that come later are pulled as well', async () => {
  const outer = new Subject<ReturnType<typeof late>>();
  const late = (name: string) => source(name, from([1, 2]), { to: 'r' });
  const { watched } = receiversOf<number>(outer.pipe(clockedDispatch(serialize(), TO_R)));
  outer.next(late('a'));
  outer.next(source('b', [3], { to: 'r' }));
  outer.complete();
  await settle();

  expect(watched.r!.seen).toEqual([[1, 1], [2, 2], [3, 3], '|']);
});
