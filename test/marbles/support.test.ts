import { clocked } from 'rxjs-clocked-dispatch/testing';
import { describe, expect, test } from 'vitest';
import { marbles } from './support.js';

describe('a marble test', () => {
  test(
    'passes when values, order and virtual time agree',
    marbles((m) => {
      const source = m.hot('  --a--b--|');
      const subscription = '  ^------!';
      const expected = '      --a--b--';

      m.expect(source, subscription).toBeObservable(expected);
      m.expect(source).toHaveSubscriptions(subscription);
    }),
  );

  test('fails on a wrong order, and shows the virtual time of every notification', () => {
    const swapped = marbles((m) => {
      m.expect(m.cold(...clocked('a1 - b2 |'))).toBeObservable(...clocked('b2 - a1 |'));
    });

    expect(swapped).toThrow('expected b2 at 0 ms, got a1 at 0 ms\nexpected b2 - a1 |\nactual   a1 - b2 |');
    expect(swapped).toThrow(
      expect.objectContaining({
        actual: [['0ms value at 1', 'a'], ['2ms value at 2', 'b'], ['3ms complete']],
        expected: [['0ms value at 2', 'b'], ['2ms value at 1', 'a'], ['3ms complete']],
      }),
    );
  });

  test('fails on an error that comes too early, and shows when it came', () => {
    const early = marbles((m) => {
      const source = m.cold('a#', { a: 1 }, new RangeError('empty'));
      m.expect(source).toBeObservable('a--#', { a: 1 }, new RangeError('empty'));
    });

    expect(early).toThrow(/ at 3 ms, got .* at 1 ms\n/);
    expect(early).toThrow(
      expect.objectContaining({
        actual: [
          ['0ms next', 1],
          ['1ms error', { name: 'RangeError', message: 'empty' }],
        ],
      }),
    );
  });
});
