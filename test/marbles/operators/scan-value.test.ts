import { firstValueFrom, lastValueFrom, of } from 'rxjs';
import { NullValueError, scanValue, stamp, values } from 'rxjs-clocked-dispatch';
import { clocked } from 'rxjs-clocked-dispatch/testing';
import { describe, expect, test } from 'vitest';
import { marbles } from '../support.js';

const append = (state: string, value: string): string => state + value;

describe('scanValue', () => {
  test(
    'emits each state at the timestamp of the value that made it',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 _2 - b3  c3   _4 |'));
      const expected = '                 a1 _2 - ab3 abc3 _4 |';

      m.expect(source.pipe(scanValue(append, ''))).toBeObservable(...clocked(expected));
    }),
  );

  test('starts from the seed for each subscription', async () => {
    const joined = of('a', 'b').pipe(stamp(), scanValue(append, ''), values());
    await expect(lastValueFrom(joined)).resolves.toBe('ab');
    await expect(lastValueFrom(joined)).resolves.toBe('ab');
  });

  test('tells the timestamp', async () => {
    const sum = of('a').pipe(
      stamp({ seed: 6 }),
      scanValue((state: number, _: string, ts) => state + ts, 10),
      values(),
    );
    await expect(firstValueFrom(sum)).resolves.toBe(17);
  });

  test(
    'errors with what the function throws, and refuses null',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 b2 c3'));

      const throwing = scanValue((state: string, value: string) => {
        if (value === 'b') throw new RangeError('no b');
        return state + value;
      }, '');
      m.expect(source.pipe(throwing)).toBeObservable(...clocked('a1 #', undefined, new RangeError('no b')));

      const forgetful = scanValue(
        (state: string, value: string) => (value === 'b' ? (null as never) : state + value),
        '',
      );
      m.expect(source.pipe(forgetful)).toBeObservable(
        ...clocked('a1 #', undefined, new NullValueError('scanValue', 2)),
      );
    }),
  );
});
