import { Subject } from 'rxjs';
import {
  type Clocked,
  InvalidOptionError,
  InvalidTimestampError,
  type Late,
  LateMessageError,
  OverflowError,
  reorder,
} from 'rxjs-clocked-dispatch';
import { clocked } from 'rxjs-clocked-dispatch/testing';
import { describe, expect, test } from 'vitest';
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
      expect(late).toEqual([{ source: 'reorder', value: 'b', ts: 2, clock: 4 }]);
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

  test.each([1.5, -1, NaN, Infinity])('errors with the timestamp %d', (ts) => {
    const source = new Subject<Clocked<string>>();
    const errors: unknown[] = [];
    source.pipe(reorder({ disorder: 1 })).subscribe({ error: (error: unknown) => errors.push(error) });
    source.next(['a', ts]);
    expect(errors).toEqual([new InvalidTimestampError('reorder', ts)]);
    expect(source.observed).toBe(false);
  });

  test.each([{ disorder: -1 }, { disorder: NaN }, { disorder: Infinity }, { disorder: 1, late: 'divert' as 'drop' }])(
    'refuses the options %o',
    (options) => {
      expect(() => reorder(options)).toThrow(InvalidOptionError);
    },
  );
});
