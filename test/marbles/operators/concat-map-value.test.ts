import { concatWith, EMPTY, from, lastValueFrom, NEVER, of, range, Subject, toArray } from 'rxjs';
import {
  concatMapValue,
  InvalidOptionError,
  NullValueError,
  OverflowError,
  stamp,
  type Clocked,
} from 'rxjs-clocked-dispatch';
import { clocked } from 'rxjs-clocked-dispatch/testing';
import { describe, expect, test } from 'vitest';
import { marbles } from '../support.js';

describe('concatMapValue', () => {
  test(
    'maps one value after the other, all results at its timestamp',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 b2 _3 -  -  -  |  '));
      const a = m.cold('                 -  x  y  |           ');
      const b = m.cold('                          -  z  |     ');
      const subscribedA = '              ^  -  -  !           ';
      const subscribedB = '              -  -  -  ^  -  !     ';
      const expected = '                 -  x1 y1 -  z2 _3 |  ';

      const result = source.pipe(concatMapValue((value) => (value === 'a' ? a : b)));
      m.expect(result).toBeObservable(...clocked(expected));
      m.expect(a).toHaveSubscriptions(subscribedA);
      m.expect(b).toHaveSubscriptions(subscribedB);
    }),
  );

  test(
    'passes ticks on at once while nothing is going on',
    marbles((m) => {
      const source = m.hot(...clocked('  _1 a2 -  _3 -  _4 |'));
      const a = m.cold('                    x  |            ');
      const expected = '                 _1 x2 -  _3 -  _4 |';

      m.expect(source.pipe(concatMapValue(() => a))).toBeObservable(...clocked(expected));
      m.expect(source).toHaveSubscriptions('^-----!');
    }),
  );

  test(
    'lets one tick stand for many that waited behind the same value',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 _2 _3 b4 _5 _6 -  -  |'));
      const a = m.cold('                 -  -  -  x  |            ');
      const b = m.cold('                             -  -  y  |   ');
      const expected = '                 -  -  -  x1 _3 -  y4 _6 |';

      m.expect(source.pipe(concatMapValue((value) => (value === 'a' ? a : b)))).toBeObservable(...clocked(expected));
    }),
  );

  test(
    'leaves a tick where there was no result, and none where there was',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 b2 c2 |'));
      const expected = '                 _1 b2 -  |';

      const result = source.pipe(concatMapValue((value) => (value === 'b' ? of(value) : EMPTY)));
      m.expect(result).toBeObservable(...clocked(expected));
    }),
  );

  test(
    'completes after the work that was accepted, and so it errors',
    marbles((m) => {
      const work = m.cold('             -  -  -  (x|)');
      m.expect(m.hot(...clocked('      a1 _2 |')).pipe(concatMapValue(() => work))).toBeObservable(
        ...clocked('                   -  -  -  (x1 _2 |)'),
      );
      m.expect(m.hot(...clocked('      a1 _2 #')).pipe(concatMapValue(() => work))).toBeObservable(
        ...clocked('                   -  -  -  (x1 _2 #)'),
      );
    }),
  );

  test(
    'passes the error of an input on at once',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 b2 _3 |'));
      const work = m.cold('              -  -  #');
      const expected = '                 -  -  #';

      m.expect(source.pipe(concatMapValue(() => work))).toBeObservable(...clocked(expected));
      m.expect(source).toHaveSubscriptions('^-!');
    }),
  );

  test(
    'takes at most `bound` values that wait; ticks take no room',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 _2 b3 _4 c5 _6 d7 |'));
      const expected = '                 -  -  -  -  -  -  #';

      const result = source.pipe(concatMapValue(() => NEVER, { bound: 2 }));
      m.expect(result).toBeObservable(
        ...clocked<never>(expected, undefined, new OverflowError('concatMapValue', 2, 7)),
      );
    }),
  );

  test(
    'with bound 0 takes a value only when it is idle',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 -  b2 _2 c3'));
      const work = m.cold('              x  |          ');
      const expected = '                 x1 -  x2 -  # ';

      const result = source.pipe(
        concatMapValue((value) => (value === 'a' ? work : of('x').pipe(concatWith(NEVER))), { bound: 0 }),
      );
      m.expect(result).toBeObservable(...clocked(expected, undefined, new OverflowError('concatMapValue', 0, 3)));
    }),
  );

  test(
    'errors with what the projection throws, at once or later',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 b2 |'));
      const work = m.cold('              -  -  -  (x|)');
      const project = (value: string): typeof work => {
        if (value === 'b') throw new RangeError('no b');
        return work;
      };
      m.expect(source.pipe(concatMapValue(project))).toBeObservable(
        ...clocked('                     -  -  -  (x1 #)', undefined, new RangeError('no b')),
      );
    }),
  );

  test(
    'refuses null for a result',
    marbles((m) => {
      const result = m
        .hot(...clocked('a1 b2'))
        .pipe(concatMapValue((value) => of(value === 'b' ? (null as never) : value)));
      m.expect(result).toBeObservable(...clocked('a1 #', undefined, new NullValueError('concatMapValue', 2)));
    }),
  );

  test('takes promises and iterables, and tells the timestamp', async () => {
    const result = of('a', 'b').pipe(
      stamp(),
      concatMapValue((value, ts) => (ts === 1 ? Promise.resolve(value) : [value, ts])),
      toArray(),
    );
    await expect(lastValueFrom(result)).resolves.toEqual([
      ['a', 1],
      ['b', 2],
      [2, 2],
    ]);
  });

  test('needs no stack for a long queue of inputs that complete at once', async () => {
    const gate = new Subject<number>();
    const result = range(0, 100_000).pipe(
      stamp(),
      concatMapValue((value) => (value === 0 ? gate : of(value)), { bound: Infinity }),
      toArray(),
    );
    const all = lastValueFrom(result);
    gate.complete();
    await expect(all).resolves.toHaveLength(100_000);
  });

  test('delivers what a consumer brings about after what it is being told', () => {
    const source = new Subject<Clocked<string>>();
    const seen: Clocked<string>[] = [];
    source.pipe(concatMapValue((value) => from([value, value.toUpperCase()]))).subscribe((message) => {
      seen.push(message);
      if (message[0] === 'a') {
        source.next(['b', 2]);
        source.next([null, 3]);
        source.complete();
      }
    });
    source.next(['a', 1]);
    expect(seen).toEqual([
      ['a', 1],
      ['A', 1],
      ['b', 2],
      ['B', 2],
      [null, 3],
    ]);
  });

  test('takes on what comes while it tells a tick', () => {
    const source = new Subject<Clocked<string>>();
    const seen: (Clocked<string> | string)[] = [];
    source.pipe(concatMapValue((value) => (value === 'a' ? EMPTY : of(value)), { bound: 0 })).subscribe({
      next: (message) => {
        seen.push(message);
        if (message[0] === null && message[1] === 1) {
          source.next(['b', 2]);
          source.complete();
        }
      },
      complete: () => seen.push('complete'),
    });
    source.next(['a', 1]);
    expect(seen).toEqual([[null, 1], ['b', 2], 'complete']);
  });

  test('lets go of everything when it is unsubscribed', () => {
    const source = new Subject<Clocked<string>>();
    const work = new Subject<string>();
    const subscription = source.pipe(concatMapValue(() => work)).subscribe();
    source.next(['a', 1]);
    source.next(['b', 2]);
    expect([source.observed, work.observed]).toEqual([true, true]);
    subscription.unsubscribe();
    expect([source.observed, work.observed]).toEqual([false, false]);
  });

  test.each([-1, 1.5, NaN])('refuses %d for a bound', (bound) => {
    expect(() => concatMapValue(() => NEVER, { bound })).toThrow(InvalidOptionError);
  });
});
