import { clock } from 'rxjs-clocked-dispatch';
import { clocked } from 'rxjs-clocked-dispatch/testing';
import { describe, test } from 'vitest';
import { marbles } from '../support.js';

describe('clock', () => {
  test(
    'emits each timestamp once, whether of a value or of a tick',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 - _2 b3 c3 _4 _4 d4 |'));
      const expected = '                 1  - 2  3  -  4  -  -  |';

      m.expect(source.pipe(clock())).toBeObservable(expected, { 1: 1, 2: 2, 3: 3, 4: 4 });
      m.expect(source).toHaveSubscriptions('^-------!');
    }),
  );

  test(
    'never goes back',
    marbles((m) => {
      const source = m.hot(...clocked('  a2 b1 c3 |'));
      const expected = '                 2  -  3  |';

      m.expect(source.pipe(clock())).toBeObservable(expected, { 2: 2, 3: 3 });
    }),
  );
});
