import { of } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { stamp } from 'rxjs-clocked-dispatch';
import { clocked, explain } from 'rxjs-clocked-dispatch/testing';
import assert from 'node:assert/strict';
import { describe, expect, test } from 'vitest';
import { marbles } from '../marbles/support.js';

function messageOf(run: () => void): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it did not fail');
}

describe('explain', () => {
  const failing = marbles((m) => {
    const actual = m.cold(...clocked('a1 - - _4 |'));
    m.expect(actual).toBeObservable(...clocked('a1 - - b4 |'));
  });

  test('begins a failure with the first difference and both rows, under each other', () => {
    expect(messageOf(failing)).toMatch(
      [
        'expected b4 at 3 ms, got _4 at 3 ms',
        'expected a1 - - b4 |',
        'actual   a1 - - _4 |', //
      ].join('\n'),
    );
  });

  test('gives the framework lines to compare that show virtual time, timestamp and value', () => {
    expect(failing).toThrow(
      expect.objectContaining({
        actual: [['0ms value at 1', 'a'], ['3ms tick at 4'], ['4ms complete']],
        expected: [['0ms value at 1', 'a'], ['3ms value at 4', 'b'], ['4ms complete']],
      }),
    );
  });

  test('shows the same in the stack, which some frameworks print', () => {
    expect(failing).toThrow(
      expect.objectContaining({ stack: expect.stringContaining('expected b4 at 3 ms, got _4 at 3 ms') as string }),
    );
  });

  test('shows what is missing, what is too much, and what comes at another time', () => {
    const compare = (actual: string, expected: string): string =>
      messageOf(marbles((m) => m.expect(m.cold(...clocked(actual))).toBeObservable(...clocked(expected))));
    expect(compare('a1 -  -', 'a1 -  |')).toMatch('expected | at 2 ms, got nothing more');
    expect(compare('a1 _2  ', 'a1     ')).toMatch('expected nothing more, got _2 at 1 ms');
    expect(compare('-  a1  ', 'a1     ')).toMatch('expected a1 at 0 ms, got a1 at 1 ms\nexpected a1 -\nactual   -  a1');
    expect(compare('a1     ', 'a2     ')).toMatch('expected a2 at 0 ms, got a1 at 0 ms');
  });

  test('draws no rows that could not be told apart', () => {
    const different = marbles((m) =>
      m.expect(m.cold<unknown>('a', { a: Symbol('same') })).toBeObservable('a', { a: Symbol('same') }),
    );
    expect(messageOf(different)).toMatch(/^expected A\nactual {3}A\n {9}A = Symbol\(same\)\n/);
  });

  test('compares values without a timestamp, errors and completion as they are', () => {
    const run = marbles((m) => {
      m.expect(m.cold('a-#', { a: 1 }, new RangeError('gone'))).toBeObservable('a-|', { a: 1 });
    });
    expect(run).toThrow(
      expect.objectContaining({
        actual: [
          ['0ms next', 1],
          ['2ms error', { name: 'RangeError', message: 'gone' }],
        ],
        expected: [['0ms next', 1], ['2ms complete']],
      }),
    );
  });

  test('compares subscription logs as they are', () => {
    const run = marbles((m) => {
      const source = m.hot('--|');
      m.expect(source).toBeObservable('--|');
      m.expect(source).toHaveSubscriptions('^!');
    });
    expect(messageOf(run)).not.toContain('expected nothing');
  });

  test('compares lists of anything, as they are', () => {
    const compare = explain(assert.deepStrictEqual);
    for (const list of [[1, 2], [null], [undefined], [{ notification: 1 }], ['notification']]) {
      expect(() => compare(list, [...list])).not.toThrow();
      expect(() => compare(list, [])).toThrow(assert.AssertionError);
    }
  });

  test('gives equal values one letter, though they are not the same object', () => {
    class Opaque {
      readonly #hidden = 1;
      equals = undefined;
      get hidden(): number {
        return this.#hidden;
      }
    }
    const failing = marbles((m) =>
      m.expect(m.cold('a-', { a: new Opaque() })).toBeObservable('-a', { a: new Opaque() }),
    );
    expect(messageOf(failing)).toMatch('expected A at 1 ms, got A at 0 ms');
  });

  test('works with node:assert', () => {
    const scheduler = new TestScheduler(explain(assert.deepStrictEqual));
    const good = (): void =>
      scheduler.run(({ expectObservable }) => {
        expectObservable(of('a').pipe(stamp())).toBe(...clocked('(a1 |)'));
      });
    const bad = (): void =>
      scheduler.run(({ expectObservable }) => {
        expectObservable(of('a').pipe(stamp())).toBe(...clocked('(a2 |)'));
      });
    expect(good).not.toThrow();
    expect(messageOf(bad)).toMatch(/^expected a2 at 0 ms, got a1 at 0 ms\n/);
  });

  test('lets through whatever else is thrown', () => {
    const assertion = explain(() => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- a framework may
      throw 'not an error';
    });
    expect(() => assertion([], [])).toThrow('not an error');
    const unstacked = explain(() => {
      throw Object.assign(new Error('no stack'), { stack: undefined });
    });
    expect(messageOf(() => unstacked([], []))).toBe('expected\nactual\n\nno stack');
  });
});
