import { firstValueFrom, of, toArray } from 'rxjs';
import {
  ClockExhaustedError,
  InvalidOptionError,
  NullValueError,
  stamp,
  UnknownOptionError,
} from 'rxjs-clocked-dispatch';
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

  test('takes any safe integer for a seed, and errors when none is left', () => {
    const seen: unknown[] = [];
    of('a', 'b', 'c')
      .pipe(stamp({ seed: -2 }))
      .subscribe((item) => seen.push(item));
    of('a', 'b')
      .pipe(stamp({ seed: Number.MAX_SAFE_INTEGER - 1 }))
      .subscribe({ next: (item) => seen.push(item), error: (error: unknown) => seen.push(error) });
    expect(seen).toEqual([
      ['a', -1],
      ['b', 0],
      ['c', 1],
      ['a', Number.MAX_SAFE_INTEGER],
      new ClockExhaustedError('stamp', Number.MAX_SAFE_INTEGER),
    ]);
  });

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

  test.each([0.5, NaN, Infinity, 2 ** 53, '1' as unknown as number])('refuses %s for a seed', (seed) => {
    expect(() => stamp({ seed })).toThrow(InvalidOptionError);
  });

  test('refuses an option that it does not have', () => {
    expect(() => stamp({ sed: 1 } as object)).toThrow(UnknownOptionError);
  });
});
