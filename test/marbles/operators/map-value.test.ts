import { mapValue, NullValueError } from 'rxjs-clocked-dispatch';
import { clocked } from 'rxjs-clocked-dispatch/testing';
import { describe, test } from 'vitest';
import { marbles } from '../support.js';

describe('mapValue', () => {
  test(
    'projects values and leaves ticks and timestamps as they are',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 - _2 b3 _4 |'));
      const expected = '                 A1 - _2 B3 _4 |';

      m.expect(source.pipe(mapValue((value) => value.toUpperCase()))).toBeObservable(...clocked(expected));
      m.expect(source).toHaveSubscriptions('^----!');
    }),
  );

  test(
    'tells the projection the timestamp',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 _2 b7 |'));
      const expected = '                 x1 _2 y7 |';

      const result = source.pipe(mapValue((value, ts) => `${value}@${ts}`));
      m.expect(result).toBeObservable(...clocked(expected, { x: 'a@1', y: 'b@7' }));
    }),
  );

  test(
    'errors with what the projection throws',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 _2 b3 c4 |'));
      const expected = '                 a1 _2 #';

      const result = source.pipe(
        mapValue((value) => {
          if (value === 'b') throw new RangeError('no b');
          return value;
        }),
      );
      m.expect(result).toBeObservable(...clocked(expected, undefined, new RangeError('no b')));
      m.expect(source).toHaveSubscriptions('^-!');
    }),
  );

  test(
    'refuses null, which would read as a tick; undefined is a value',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 b2'));
      const expected = '                 u1 #';

      const result = source.pipe(mapValue((value) => (value === 'a' ? undefined : (null as unknown as undefined))));
      m.expect(result).toBeObservable(...clocked(expected, { u: undefined }, new NullValueError('mapValue', 2)));
    }),
  );

  test(
    'passes the error of the source on',
    marbles((m) => {
      m.expect(m.cold(...clocked('a1 #')).pipe(mapValue((value) => value))).toBeObservable(...clocked('a1 #'));
    }),
  );
});
