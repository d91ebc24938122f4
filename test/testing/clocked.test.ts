import { TestScheduler } from 'rxjs/testing';
import { clocked, MarbleRowError } from 'rxjs-clocked-dispatch/testing';
import { describe, expect, test } from 'vitest';

type TestMessages = ReturnType<typeof TestScheduler.parseMarbles>;

/** What RxJS makes of a row: the frame and the notification of each token. */
function played(...[marbles, values, error]: ReturnType<typeof clocked<unknown>>): unknown[] {
  const parse = (): TestMessages => TestScheduler.parseMarbles(marbles, values, error, false, true);
  return new TestScheduler(() => true)
    .run(parse)
    .map(({ frame, notification }) => [
      frame,
      notification.kind === 'N' ? (notification.value as unknown) : notification.kind,
    ]);
}

describe('clocked', () => {
  test('gives each token one frame, as RxJS does with each character, and spaces none', () => {
    expect(played(...clocked('a1 -- _3 b12|'))).toEqual([
      [0, ['a', 1]],
      [3, [null, 3]],
      [4, ['b', 12]],
      [5, 'C'],
    ]);
  });

  test('needs no spaces', () => {
    expect(clocked('-a1b2--_3|')).toEqual(clocked(' -  a1 b2 - - _3 |'));
  });

  test('gives a group as many frames as it has tokens, parentheses included, as RxJS does', () => {
    expect(played(...clocked('-(a1 _2 |)'))).toEqual([
      [1, ['a', 1]],
      [1, [null, 2]],
      [1, 'C'],
    ]);
    expect(played(...clocked('(a1 _2) b3'))).toEqual([
      [0, ['a', 1]],
      [0, [null, 2]],
      [4, ['b', 3]],
    ]);
  });

  test('takes the times of RxJS, also at the end of a row', () => {
    expect(played(...clocked('a1 9ms b2 1.5s c3 2m # 3ms'))).toEqual([
      [0, ['a', 1]],
      [10, ['b', 2]],
      [1511, ['c', 3]],
      [121_512, 'E'],
    ]);
  });

  test('takes the subscription point of a hot stream', () => {
    expect(played(...clocked('a1 ^ b2'))).toEqual([
      [-1, ['a', 1]],
      [1, ['b', 2]],
    ]);
  });

  test('looks values up, so that one value can come at several timestamps', () => {
    expect(played(...clocked('x1 x2 y3', { x: { id: 7 }, y: undefined }))).toEqual([
      [0, [{ id: 7 }, 1]],
      [1, [{ id: 7 }, 2]],
      [2, [undefined, 3]],
    ]);
  });

  test('passes the error on', () => {
    const error = new RangeError('gone');
    expect(clocked('#', undefined, error)[2]).toBe(error);
  });

  test('can tell thousands of tokens apart', () => {
    const row = Array.from({ length: 20_000 }, (_, i) => `a${i}`).join(' ');
    expect(played(...clocked(row)).at(-1)).toEqual([19_999, ['a', 19_999]]);
  });

  test.each([
    ['a1 b -', `'b' is neither a value such as a1 nor a tick such as _1, at column 4:\n  a1 b -\n     ^`],
    ['_ a1', `'_' is neither`],
    ['a1 !', `'!' is neither`],
    ['a1 7', `a number stands alone`],
    ['a1 10ms|', `a time such as 10ms has its unit behind it and spaces around, at column 4`],
    ['a110ms', `'ms' is neither`],
    ['10ms5', `a number stands alone`],
    ['a1 b-', `'b' is neither`],
    ['a1 (b2 - c3', 'a group begins and does not end, at column 4'],
    ['a1 b2) -', 'a group ends that has not begun, at column 6'],
    ['(a1 (b2) |)', 'a group begins within another one, at column 5'],
    ['a1 b9007199254740992', `9007199254740992 is no timestamp, at column 4`],
  ])('points at what it can not read: %s', (row, message) => {
    expect(() => clocked(row)).toThrow(message);
    expect(() => clocked(row)).toThrow(MarbleRowError);
  });

  test('refuses a name without a value where values are given', () => {
    expect(() => clocked('a1 b2', { a: 1 })).toThrow("no value is given for 'b', at column 4");
  });
});
