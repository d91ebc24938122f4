import { values } from 'rxjs-clocked-dispatch';
import { clocked } from 'rxjs-clocked-dispatch/testing';
import { describe, test } from 'vitest';
import { marbles } from '../support.js';

describe('values', () => {
  test(
    'drops ticks and unwraps values, undefined included',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 - _2 u3 |', { a: 'a', u: undefined }));
      const expected = '                 a  - -  u  |';

      m.expect(source.pipe(values())).toBeObservable(expected, { a: 'a', u: undefined });
      m.expect(source).toHaveSubscriptions('^---!');
    }),
  );

  test(
    'passes the error on',
    marbles((m) => {
      m.expect(m.cold(...clocked('a1 #')).pipe(values())).toBeObservable('a#');
    }),
  );
});
