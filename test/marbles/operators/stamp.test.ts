import { firstValueFrom, of, toArray } from 'rxjs';
import { InvalidOptionError, NullValueError, stamp } from 'rxjs-clocked-dispatch';
import { clocked } from 'rxjs-clocked-dispatch/testing';
import { describe, expect, test } from 'vitest';
import { marbles } from '../support.js';

describe('stamp', () => {
  test(
    'gives each value the next timestamp',
    marbles((m) => {
      const source = m.hot('  a  b  -  a  |');
      const expected = '      a1 b2 -  a3 |';

      m.expect(source.pipe(stamp())).toBeObservable(...clocked(expected));
      m.expect(source).toHaveSubscriptions('^---!');
    }),
  );

  test(
    'goes on after the seed',
    marbles((m) => {
      const source = m.hot('  a    b    |');
      const expected = '      a101 b102 |';

      m.expect(source.pipe(stamp({ seed: 100 }))).toBeObservable(...clocked(expected));
    }),
  );

  test(
    'passes the error on',
    marbles((m) => {
      m.expect(m.cold('a  #').pipe(stamp())).toBeObservable(...clocked('a1 #'));
    }),
  );

  test('counts anew for each subscription', async () => {
    const stamped = of('a', 'b').pipe(stamp(), toArray());
    await expect(firstValueFrom(stamped)).resolves.toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    await expect(firstValueFrom(stamped)).resolves.toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });

  test(
    'takes undefined for a value, and null for an error',
    marbles((m) => {
      const source = m.cold('  u  n', { u: undefined, n: null as unknown as undefined });
      const expected = '       u1 #';

      m.expect(source.pipe(stamp())).toBeObservable(
        ...clocked(expected, { u: undefined }, new NullValueError('stamp')),
      );
    }),
  );

  test.each([-1, 0.5, NaN, Infinity])('refuses %d for a seed', (seed) => {
    expect(() => stamp({ seed })).toThrow(InvalidOptionError);
  });
});
