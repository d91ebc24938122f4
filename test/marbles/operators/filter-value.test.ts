import { filterValue } from 'rxjs-clocked-dispatch';
import { clocked } from 'rxjs-clocked-dispatch/testing';
import { describe, test } from 'vitest';
import { marbles } from '../support.js';

const isLowerCase = (value: string): boolean => value === value.toLowerCase();

describe('filterValue', () => {
  test(
    'makes a tick of what it does not let through',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 - _2 B3 c4 |'));
      const expected = '                 a1 - _2 _3 c4 |';

      m.expect(source.pipe(filterValue(isLowerCase))).toBeObservable(...clocked(expected));
      m.expect(source).toHaveSubscriptions('^----!');
    }),
  );

  test(
    'repeats no timestamp by a tick',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 B1 C2 D2 e2 F2 _2 _3 |'));
      const expected = '                 a1 -  _2 -  e2 -  -  _3 |';

      m.expect(source.pipe(filterValue(isLowerCase))).toBeObservable(...clocked(expected));
    }),
  );

  test(
    'tells the predicate the timestamp, and does not ask it about ticks',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 _2 b3 |'));
      const expected = '                 _1 _2 b3 |';

      m.expect(source.pipe(filterValue((_, ts) => ts > 2))).toBeObservable(...clocked(expected));
    }),
  );

  test(
    'errors with what the predicate throws',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 b2 |'));
      const expected = '                 #';

      const result = source.pipe(
        filterValue(() => {
          throw new RangeError('odd');
        }),
      );
      m.expect(result).toBeObservable(...clocked(expected, undefined, new RangeError('odd')));
      m.expect(source).toHaveSubscriptions('(^!)');
    }),
  );
});
