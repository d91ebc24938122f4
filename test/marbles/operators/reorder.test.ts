import { of, Subject } from 'rxjs';
import {
  type Clocked,
  InvalidOptionError,
  InvalidTimestampError,
  type Late,
  LateMessageError,
  OverflowError,
  reorder,
  UnknownOptionError,
} from 'rxjs-clocked-dispatch';
import { clocked } from 'rxjs-clocked-dispatch/testing';
import { describe, expect, test } from 'vitest';
import { CountingScheduler } from '../../support/counting-scheduler.js';
import { marbles } from '../support.js';

describe('reorder', () => {
  test(
    'lets a message wait until the source is `disorder` beyond it',
    marbles((m) => {
      const source = m.hot(...clocked('  a2 b1 c3 d4 _5 - |    '));
      const expected = '                 _1 b1 a2 c3 d4 - (_5 |)';

      m.expect(source.pipe(reorder({ disorder: 1 }))).toBeObservable(...clocked(expected));
      m.expect(source).toHaveSubscriptions('^-----!');
    }),
  );

  test(
    'emits by timestamp, then by arrival',
    marbles((m) => {
      const source = m.hot(...clocked('  d4 b2 c2 a1 _8 - - - - - |    '));
      const expected = '                 _1 -  -  a1 (b2 c2 d4 _5) (_8 |)';

      m.expect(source.pipe(reorder({ disorder: 3 }))).toBeObservable(...clocked(expected));
    }),
  );

  test(
    'with no disorder passes everything on at once',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 _2 b2 c2 - d5 |'));
      const expected = '                 a1 _2 b2 c2 - d5 |';

      m.expect(source.pipe(reorder({ disorder: 0, bound: 0 }))).toBeObservable(...clocked(expected));
    }),
  );

  describe('a message below what was released', () => {
    test(
      'is an error by default',
      marbles((m) => {
        const source = m.hot(...clocked('  a1 d5 - - - b2'));
        const expected = '                 -  (a1 _4)  #';

        const result = source.pipe(reorder({ disorder: 1 }));
        m.expect(result).toBeObservable(...clocked(expected, undefined, new LateMessageError('reorder', 2, 4)));
      }),
    );

    test(
      'is dropped where that is asked for',
      marbles((m) => {
        const source = m.hot(...clocked('  a1 d5 - - - b2 e6 |   '));
        const expected = '                 -  (a1 _4)  -  d5 (e6|)';

        m.expect(source.pipe(reorder({ disorder: 1, late: 'drop' }))).toBeObservable(...clocked(expected));
      }),
    );

    test('is given to a function where there is one', () => {
      const late: Late<string>[] = [];
      marbles((m) => {
        const source = m.hot(...clocked('  a1 d5 - - - b2 e6 |   '));
        const expected = '                 -  (a1 _4)  -  d5 (e6|)';

        const result = source.pipe(reorder({ disorder: 1, late: (message) => late.push(message) }));
        m.expect(result).toBeObservable(...clocked(expected));
      })();
      expect(late).toEqual([{ source: 'reorder', value: 'b', ts: 2, clock: 4, receivers: [] }]);
    });

    test(
      'is an error where that function throws',
      marbles((m) => {
        const source = m.hot(...clocked('  a5 b2'));
        const expected = '                 a5 # ';

        const late = (): never => {
          throw new RangeError('too late');
        };
        const result = source.pipe(reorder({ disorder: 0, late }));
        m.expect(result).toBeObservable(...clocked(expected, undefined, new RangeError('too late')));
      }),
    );

    test(
      'is not one at what was released, nor a late tick',
      marbles((m) => {
        const source = m.hot(...clocked('  d5 c4 _2 |   '));
        const expected = '                 _4 c4 -  (d5|)';

        m.expect(source.pipe(reorder({ disorder: 1 }))).toBeObservable(...clocked(expected));
      }),
    );
  });

  test(
    'emits what waits before the error of the source, which itself tells no time',
    marbles((m) => {
      const held = m.hot(...clocked('a2 b3 #        '));
      const expected = '             -  _1 (a2 b3 #)';
      m.expect(held.pipe(reorder({ disorder: 2 }))).toBeObservable(...clocked(expected));

      const none = m.hot(...clocked('a2 _9 - - - - #'));
      m.expect(none.pipe(reorder({ disorder: 2 }))).toBeObservable(...clocked('- (a2 _7) - #'));
    }),
  );

  test(
    'errors when more than `bound` messages would wait',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 b2 _3 c4'));
      const expected = '                 -  -  -  # ';

      const result = source.pipe(reorder({ disorder: 10, bound: 2 }));
      m.expect(result).toBeObservable(...clocked(expected, undefined, new OverflowError('reorder', 2, 4)));
      m.expect(source).toHaveSubscriptions('^--!');
    }),
  );

  test.each([1.5, 2 ** 53, NaN, Infinity])('errors with the timestamp %d', (ts) => {
    const source = new Subject<Clocked<string>>();
    const errors: unknown[] = [];
    source.pipe(reorder({ disorder: 1 })).subscribe({ error: (error: unknown) => errors.push(error) });
    source.next(['a', ts]);
    expect(errors).toEqual([new InvalidTimestampError('reorder', ts)]);
    expect(source.observed).toBe(false);
  });

  test.each([
    { disorder: -1 },
    { disorder: NaN },
    { disorder: Infinity },
    { late: 'divert' as 'drop' },
    { idleAfter: -1 },
    { scheduler: {} as never },
  ])('refuses the options %o', (options) => {
    expect(() => reorder(options)).toThrow(InvalidOptionError);
  });

  test('refuses an option that it does not have', () => {
    expect(() => reorder({ disordr: 1 } as object)).toThrow(UnknownOptionError);
  });

  test('takes zero and negative timestamps', () => {
    const seen: unknown[] = [];
    of<Clocked<string>[]>(['a', -3], ['b', -5], ['c', 0], ['d', -1])
      .pipe(reorder({ disorder: 2 }))
      .subscribe((item) => seen.push(item));
    expect(seen).toEqual([
      ['b', -5],
      ['a', -3],
      [null, -2],
      ['d', -1],
      ['c', 0],
    ]);
  });

  describe('where the source falls silent', () => {
    test(
      'what waits goes out after that time, and what comes later below it is late',
      marbles((m) => {
        const source = m.hot(...clocked('  d4 b2 -  -  -       c3 e5 -  -  (f9 |)'));
        const expected = '                 -  -  -  -  (b2 d4) -  (e5 f9 |)';
        const options = { disorder: 9, idleAfter: 3, scheduler: m.scheduler, late: 'drop' as const };

        m.expect(source.pipe(reorder(options))).toBeObservable(...clocked(expected));
      }),
    );

    test('no timer is left, however it ends', () => {
      const scheduler = new CountingScheduler();
      for (const end of ['complete', 'error', 'unsubscribe'] as const) {
        const source = new Subject<Clocked<string>>();
        const subscription = source.pipe(reorder({ idleAfter: 5, scheduler })).subscribe({ error: () => undefined });
        source.next(['a', 1]);
        expect(scheduler.pending).toBe(1);
        if (end === 'complete') source.complete();
        else if (end === 'error') source.error(new RangeError('gone'));
        else subscription.unsubscribe();
        expect(scheduler.pending).toBe(0);
      }
    });
  });
});
