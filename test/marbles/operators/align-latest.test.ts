import { combineLatest, lastValueFrom, NEVER, of, Subject, toArray } from 'rxjs';
import {
  alignLatest,
  type Clocked,
  createDispatcher,
  InvalidArgumentError,
  InvalidOptionError,
  LateMessageError,
  mapValue,
  OverflowError,
  scanValue,
  serialize,
  stamp,
  UnknownOptionError,
  values,
  watermark,
} from 'rxjs-clocked-dispatch';
import { clocked } from 'rxjs-clocked-dispatch/testing';
import { describe, expect, test } from 'vitest';
import { marbles } from '../support.js';

const EARLY = { early: true };
const STRICT = { strict: true };

describe('alignLatest, whole', () => {
  test(
    'emits a timestamp once, when every input is beyond it',
    marbles((m) => {
      const a = m.hot(...clocked('  a1 -  -  c5 -      e5 -  _6 -       |'));
      const b = m.hot(...clocked('  -  b1 _2 -  d5     -  f5 -  _6 |     '));
      const expected = '            -  -  -  x1 _4     -  -  -  y5 (_6 |)';
      const states: Record<string, [string, string]> = { x: ['a', 'b'], y: ['e', 'f'] };

      m.expect(alignLatest([a, b])).toBeObservable(...clocked<[string, string]>(expected, states));
    }),
  );

  test(
    'or has reached it, where timestamps never repeat',
    marbles((m) => {
      const a = m.hot(...clocked('  a1 -  _2 -  c4 |'));
      const b = m.hot(...clocked('  -  b1 -  d2 _4 |'));
      const expected = '            -  x1 -  y2 z4 |';
      const states: Record<string, [string, string]> = { x: ['a', 'b'], y: ['a', 'd'], z: ['c', 'd'] };

      m.expect(alignLatest([a, b], STRICT)).toBeObservable(...clocked<[string, string]>(expected, states));
    }),
  );

  test(
    'completion is being through, and so is an error with what came before',
    marbles((m) => {
      const a = m.hot(...clocked('  a1 c3 |                    '));
      const b = m.hot(...clocked('  b1 -  -  d3 - - - d3 |     '));
      const expected = '            -  -  -  (x1 _2) - (y3 |)';
      const states: Record<string, [string, string]> = { x: ['a', 'b'], y: ['c', 'd'] };
      m.expect(alignLatest([a, b])).toBeObservable(...clocked<[string, string]>(expected, states));
    }),
  );

  test(
    'of the messages of one input at one timestamp only the last takes room',
    marbles((m) => {
      const a = m.hot(...clocked('  a1 b1 c1 d1 -  '));
      const b = m.hot(...clocked('  -  -  -  -  b1 '));
      m.expect(alignLatest([a, b], { bound: 2 })).toBeObservable(...clocked<never>('-'));
      m.expect(alignLatest([a, b], { bound: 1 })).toBeObservable(
        ...clocked<never>('            -  -  -  -  # ', undefined, new OverflowError('alignLatest', 1, 1)),
      );
    }),
  );

  test(
    'what comes at a timestamp that is over is an error',
    marbles((m) => {
      const a = m.hot(...clocked('  a1 -  a1'));
      const b = m.hot(...clocked('  -  b1 - '));
      m.expect(alignLatest([a, b], STRICT)).toBeObservable(
        ...clocked<[string, string]>('-  x1 # ', { x: ['a', 'b'] }, new LateMessageError('alignLatest[0]', 1, 1)),
      );
    }),
  );

  test('knows of receivers, also through operators, when they are through', () => {
    const dispatcher = createDispatcher<number>(watermark());
    const [left, a] = dispatcher.channel('left', 'a');
    const [right, b] = dispatcher.channel('right', 'b');
    const sum = scanValue((total: number, amount: number) => total + amount, 0);
    const totals: string[] = [];
    alignLatest([a.pipe(sum), b.pipe(sum)]).subscribe(([value, ts]) => {
      if (value !== null) totals.push(`${value[0] + value[1]}@${ts}`);
    });
    left.next([100, 1]);
    right.next([0, 1]);
    for (const [sender, amount] of [
      [left, -10],
      [right, 10],
      [left, -20],
      [right, 20],
    ] as const) {
      sender.next([amount, 5]);
    }
    left.next([null, 6]);
    right.next([null, 6]);
    expect(totals).toEqual(['100@1', '100@5']);
  });

  test('makes one emission of a message to two of two thousand receivers, and of one to all of them', () => {
    const dispatcher = createDispatcher<number>(serialize());
    const receivers = Array.from({ length: 2000 }, (_, i) => dispatcher.receiver(`r${i}`));
    const all = dispatcher.broadcaster('all');
    const two = dispatcher.sender('two', ['r7', 'r900']);
    const seen: number[] = [];
    alignLatest(receivers).subscribe(([value, ts]) => {
      seen.push(value === null ? -ts : value.reduce((sum, n) => sum + n, 0));
    });
    all.next(1);
    two.next(5);
    two.next(9);
    expect(seen).toEqual([2000, 2008, 2016]);
  });

  test('refuses what are no streams, and options that it does not have', () => {
    for (const inputs of [undefined, null, 'a', 7, of(), [undefined], { a: 1 }]) {
      expect(() => alignLatest(inputs as never)).toThrow(InvalidArgumentError);
    }
    expect(() => alignLatest([NEVER], { earlier: true } as never)).toThrow(UnknownOptionError);
    expect(() => alignLatest([NEVER], { early: 1 } as never)).toThrow(InvalidOptionError);
  });
});

describe('alignLatest, early', () => {
  test(
    'emits once for each timestamp, when every input has reached it',
    marbles((m) => {
      const a = m.hot(...clocked('  a1 -  _2 -  c4 |'));
      const b = m.hot(...clocked('  -  b1 -  d2 _4 |'));
      const expected = '            -  x1 -  y2 z4 |';
      const states: Record<string, [string, string]> = { x: ['a', 'b'], y: ['a', 'd'], z: ['c', 'd'] };

      m.expect(alignLatest([a, b], EARLY)).toBeObservable(...clocked<[string, string]>(expected, states));
      m.expect(a).toHaveSubscriptions('^----!');
      m.expect(b).toHaveSubscriptions('^----!');
    }),
  );

  test(
    'emits records for a record',
    marbles((m) => {
      const a = m.hot(...clocked('  a1 _2 |'));
      const b = m.hot(...clocked('  b1 c2 |'));
      const expected = '            x1 y2 |';
      const states = { x: { a: 'a', b: 'b' }, y: { a: 'a', b: 'c' } };

      m.expect(alignLatest({ a, b }, EARLY)).toBeObservable(...clocked(expected, states));
    }),
  );

  test(
    'emits each timestamp in turn when an input catches up by one tick',
    marbles((m) => {
      const a = m.hot(...clocked('  a1 c3 _4 d6 _7 -  -  -  -  -  -'));
      const b = m.hot(...clocked('  b1 -  -  -  -  _9'));
      const expected = '            x1 -  -  -  -  (y3 z6 _7)';
      const states: Record<string, [string, string]> = { x: ['a', 'b'], y: ['c', 'b'], z: ['d', 'b'] };

      m.expect(alignLatest([a, b], EARLY)).toBeObservable(...clocked<[string, string]>(expected, states));
    }),
  );

  test(
    'tells the time where nothing is new, and before every input has had a value',
    marbles((m) => {
      const a = m.hot(...clocked('  a1 -  _2 _3 -  -  _5 -'));
      const b = m.hot(...clocked('  -  _1 _2 -  b3 _5 -  -'));
      const expected = '            -  _1 _2 -  x3 -  _5 -';

      m.expect(alignLatest([a, b], EARLY)).toBeObservable(...clocked<[string, string]>(expected, { x: ['a', 'b'] }));
    }),
  );

  test(
    'emits again at the same timestamp when a value comes there later',
    marbles((m) => {
      const a = m.hot(...clocked('  a1 -  c1 -  _2'));
      const b = m.hot(...clocked('  -  b1 -  d1 _2'));
      const expected = '            -  x1 y1 z1 _2';
      const states: Record<string, [string, string]> = { x: ['a', 'b'], y: ['c', 'b'], z: ['c', 'd'] };

      m.expect(alignLatest([a, b], EARLY)).toBeObservable(...clocked<[string, string]>(expected, states));
    }),
  );

  test(
    'takes values that have waited at one timestamp for one',
    marbles((m) => {
      const a = m.hot(...clocked('  a1 c1 -  e2 f2 -'));
      const b = m.hot(...clocked('  -  -  b1 -  -  _2'));
      const expected = '            -  -  x1 -  -  y2';

      m.expect(alignLatest([a, b], EARLY)).toBeObservable(
        ...clocked<[string, string]>(expected, { x: ['c', 'b'], y: ['f', 'b'] }),
      );
    }),
  );

  test(
    'does not repeat a tick where a value comes at its timestamp, but not the last missing one',
    marbles((m) => {
      const a = m.hot(...clocked('  a1 -  c1 -  _2'));
      const b = m.hot(...clocked('  -  _1 -  b1 _2'));
      const expected = '            -  _1 -  x1 _2';

      m.expect(alignLatest([a, b], EARLY)).toBeObservable(...clocked<[string, string]>(expected, { x: ['c', 'b'] }));
    }),
  );

  test(
    'keeps the last value of an input that has completed, and no longer waits for it',
    marbles((m) => {
      const a = m.hot(...clocked('  a1 |              '));
      const b = m.hot(...clocked('  b1 -  c3 -  _4 |  '));
      const expected = '            x1 -  y3 -  _4 |  ';

      m.expect(alignLatest([a, b], EARLY)).toBeObservable(
        ...clocked<[string, string]>(expected, { x: ['a', 'b'], y: ['a', 'c'] }),
      );
    }),
  );

  test(
    'completes when an input has completed without a value',
    marbles((m) => {
      const a = m.hot(...clocked('  a1 -  _2 -'));
      const b = m.hot(...clocked('  _1 -  -  |'));
      const expected = '            _1 -  -  |';

      m.expect(alignLatest([a, b], EARLY)).toBeObservable(...clocked<[string, string]>(expected));
      m.expect(a).toHaveSubscriptions('^--!');
    }),
  );

  test(
    'does not complete while the only value of an input waits',
    marbles((m) => {
      const a = m.hot(...clocked('  -  -  _2 a4 |'));
      const b = m.hot(...clocked('  b2 |         '));
      const expected = '            -  -  _2 x4 |';

      m.expect(alignLatest([a, b], EARLY)).toBeObservable(...clocked<[string, string]>(expected, { x: ['a', 'b'] }));
    }),
  );

  test(
    'lets the error of an input wait for the states of what it brought, and goes no further',
    marbles((m) => {
      const a = m.hot(...clocked('  a1 c3 #              '));
      const b = m.hot(...clocked('  b1 -  -  d2 e3 -  -  '));
      const expected = '            x1 -  -  y2 (z3 #)   ';
      const states: Record<string, [string, string]> = { x: ['a', 'b'], y: ['a', 'd'], z: ['c', 'e'] };
      m.expect(alignLatest([a, b], EARLY)).toBeObservable(...clocked<[string, string]>(expected, states));

      const ahead = m.hot(...clocked('  b1 _5 f6'));
      const failing = m.hot(...clocked('a1 -  - #'));
      const nothing = '                     x1 -  - #';
      m.expect(alignLatest([failing, ahead], EARLY)).toBeObservable(
        ...clocked<[string, string]>(nothing, { x: ['a', 'b'] }),
      );
    }),
  );

  test(
    'errors when more than `bound` messages would wait, and when an input runs back',
    marbles((m) => {
      const a = m.hot(...clocked('  a1 b2 _3 c4'));
      const slow = m.hot(...clocked('_1'));
      m.expect(alignLatest([a, slow], { bound: 1, early: true })).toBeObservable(
        ...clocked<never>('                _1 -  -  #', undefined, new OverflowError('alignLatest', 1, 4)),
      );

      const back = m.hot(...clocked('b3 -  a2'));
      const wait = m.hot(...clocked('_4 -  - '));
      m.expect(alignLatest({ wait, back }, EARLY)).toBeObservable(
        ...clocked<never>('                _3 -  # ', undefined, new LateMessageError('alignLatest[back]', 2, 3)),
      );
    }),
  );

  test('combines nothing to nothing', async () => {
    await expect(lastValueFrom(alignLatest([]).pipe(toArray()))).resolves.toEqual([]);
    await expect(lastValueFrom(alignLatest({}).pipe(toArray()))).resolves.toEqual([]);
  });

  test('takes undefined for a value', async () => {
    const input = of(undefined).pipe(stamp());
    await expect(lastValueFrom(alignLatest([input, input]).pipe(toArray()))).resolves.toEqual([
      [[undefined, undefined], 1],
    ]);
  });

  test('lets go of all inputs when it is unsubscribed', () => {
    const inputs = [new Subject<Clocked<string>>(), new Subject<Clocked<string>>()];
    const subscription = alignLatest([...inputs, NEVER]).subscribe();
    expect(inputs.map(({ observed }) => observed)).toEqual([true, true]);
    subscription.unsubscribe();
    expect(inputs.map(({ observed }) => observed)).toEqual([false, false]);
  });
});

describe('the diamond: two views of one order book, combined again', () => {
  interface State {
    readonly count: number;
    readonly total: number;
  }
  const orders = [10, 20, 30, 40];
  /** Each order is 10 dearer than the one before. */
  const isConsistent = ({ count, total }: State): boolean => total === 5 * count * (count + 1);

  /** Sends each order to both views as one message. */
  function diamond(
    combine: (count: View, total: View) => { subscribe: (next: (state: State) => void) => unknown },
  ): State[] {
    const dispatcher = createDispatcher<number>(serialize());
    const count = dispatcher.receiver('count');
    const total = dispatcher.receiver('total');
    const both = dispatcher.sender('orders', ['count', 'total']);
    let counted = 0;
    let summed = 0;
    const states: State[] = [];
    combine(count.pipe(mapValue(() => ++counted)), total.pipe(mapValue((price) => (summed += price)))).subscribe(
      (state) => states.push(state),
    );
    for (const price of orders) both.next(price);
    return states;
  }
  type View = ReturnType<ReturnType<typeof mapValue<number, number>>>;

  test('combineLatest emits an inconsistent state for every message but the first', () => {
    const states = diamond((count, total) =>
      combineLatest({ count: count.pipe(values()), total: total.pipe(values()) }),
    );
    expect(states.filter((state) => !isConsistent(state))).toEqual([
      { count: 2, total: 10 },
      { count: 3, total: 30 },
      { count: 4, total: 60 },
    ]);
    expect(states).toHaveLength(7);
  });

  test('alignLatest emits none, and one state for each message', () => {
    const states = diamond((count, total) => alignLatest({ count, total }).pipe(values()));
    expect(states.filter((state) => !isConsistent(state))).toEqual([]);
    expect(states.map(({ total }) => total)).toEqual([10, 30, 60, 100]);
  });

  test('nor where the views hang from dispatchers below', () => {
    const top = createDispatcher<number>(serialize());
    const views = [top.receiver('left'), top.receiver('right')];
    const both = top.sender('orders', ['left', 'right']);
    const below = views.map((view) => {
      const dispatcher = createDispatcher<number>(watermark());
      const [sender, receiver] = dispatcher.channel('above', 'view');
      view.subscribe(sender);
      return receiver;
    });
    const states: unknown[] = [];
    alignLatest(below).subscribe((state) => states.push(state));
    for (const price of orders) both.next(price);
    both.complete();
    expect(states).toEqual([
      [[10, 10], 1],
      [[20, 20], 2],
      [[30, 30], 3],
      [[40, 40], 4],
    ]);
  });
});
