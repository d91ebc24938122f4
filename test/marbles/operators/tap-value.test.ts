import { tapValue } from 'rxjs-clocked-dispatch';
import { clocked } from 'rxjs-clocked-dispatch/testing';
import { describe, expect, test } from 'vitest';
import { marbles } from '../support.js';

describe('tapValue', () => {
  test('shows each value and its timestamp to the effect, and lets everything pass', () => {
    const seen: unknown[] = [];
    marbles((m) => {
      const source = m.hot(...clocked('  a1 - _2 b3 |'));
      const expected = '                 a1 - _2 b3 |';

      m.expect(source.pipe(tapValue((value, ts) => seen.push([value, ts])))).toBeObservable(...clocked(expected));
      m.expect(source).toHaveSubscriptions('^---!');
    })();
    expect(seen).toEqual([
      ['a', 1],
      ['b', 3],
    ]);
  });

  test(
    'errors with what the effect throws, before the value',
    marbles((m) => {
      const source = m.hot(...clocked('  _1 a2'));

      const result = source.pipe(
        tapValue(() => {
          throw new RangeError('seen');
        }),
      );
      m.expect(result).toBeObservable(...clocked('_1 #', undefined, new RangeError('seen')));
    }),
  );
});
