import { concatWith, of, Subject, throwError } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { type Clocked, stamp } from 'rxjs-clocked-dispatch';
import { clocked, marblesOf } from 'rxjs-clocked-dispatch/testing';
import { describe, expect, test } from 'vitest';
import { marbles } from '../marbles/support.js';

/** Records rows in virtual time, and draws them again. */
function recorded(rows: string | Record<string, string>): string {
  const scheduler = new TestScheduler(() => undefined);
  return scheduler.run(({ hot, flush }) => {
    const streamOf = (row: string) => hot(...clocked(row));
    const streams = typeof rows === 'string' ? streamOf(rows) : mapRecord(rows, streamOf);
    const run = marblesOf(streams);
    flush();
    return String(run);
  });
}

function mapRecord<A, B>(record: Record<string, A>, project: (a: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, project(value)]));
}

/** All in one frame. */
const still = { now: () => 0 };

describe('marblesOf', () => {
  test.each([
    'a1 _2 - b3 |',
    'a1 - - - - - b2 |',
    'a1 6ms b2 - #',
    '10ms a1 1234ms _2',
    '( a1 _2 b2 ) c3',
    '- ( a1 _2 | )',
    '_1 ( a2 # )',
    '',
  ])('draws what `clocked` reads: %s', (row) => {
    expect(recorded(row).split('\n')[0]).toBe(row);
  });

  test('puts the same frame of several streams into the same column', () => {
    expect(
      recorded({
        orders: ' a1 - _2   - 20ms b10 -   |',
        alerts: ' _1 - long2 - 20ms _10 |',
        silent: '',
      }),
    ).toBe(
      [
        'orders a1 - _2    20ms b10 - |', //
        'alerts _1 - long2 20ms _10 |',
        'silent -  - -     20ms -   - -',
      ]
        .join('\n')
        .replaceAll('20ms', '21ms'),
    );
  });

  test('draws the groups of several streams', () => {
    expect(recorded({ a: '- (a1 b1)  - |', b: '- - _1 - c2 -' })).toBe(
      ['a - ( a1 b1 )  - |', 'b - - _1 -  c2 - -'].join('\n'), //
    );
  });

  test('explains values that are no short words, and errors', () => {
    const source = new Subject<Clocked<unknown>>();
    const run = marblesOf({ view: source }, { scheduler: still });
    source.next([{ id: 7, tags: ['x'] }, 1]);
    source.next(['A', 2]);
    source.next([{ id: 7, tags: ['x'] }, 3]);
    source.next(['two words', 4]);
    source.error(new RangeError('gone'));
    expect(String(run)).toBe(
      [
        'view ( A1 B2 A3 C4 # )',
        "     A = {id: 7, tags: ['x']}",
        "     B = 'A'",
        "     C = 'two words'",
        "     # = RangeError('gone')",
      ].join('\n'),
    );
  });

  test('draws one column for each notification where that is asked for: how deliveries interleave', () => {
    const [left, right] = [new Subject<Clocked<string>>(), new Subject<Clocked<string>>()];
    const run = marblesOf({ left, right }, { columns: 'order' });
    left.next(['a', 1]);
    right.next([null, 1]);
    right.next(['b', 2]);
    left.next([null, 2]);
    left.complete();
    expect(String(run)).toBe(['left  a1 -  -  _2 |', 'right -  _1 b2 -  -'].join('\n'));
  });

  test('does so where more came at once than marbles can draw, and says it', () => {
    const scheduler = { time: 0, now: () => scheduler.time };
    const source = new Subject<Clocked<string>>();
    const run = marblesOf(source, { scheduler });
    source.next(['a', 1]);
    source.next(['b', 2]);
    scheduler.time = 3;
    source.next(['c', 3]);
    expect(String(run)).toBe('a1 b2 c3\n(one column for each notification: more came at once than marbles can draw)');
  });

  test('keeps the last notifications', () => {
    const run = marblesOf(of('a', 'b', 'c', 'd').pipe(stamp()), { columns: 'order', limit: 2 });
    expect(String(run)).toBe('d4 |');
  });

  test('records until it is unsubscribed', () => {
    const source = new Subject<Clocked<string>>();
    const run = marblesOf(source, { columns: 'order' });
    source.next(['a', 1]);
    run.unsubscribe();
    expect(source.observed).toBe(false);
    expect(String(run)).toBe('a1');
  });

  test('gives letters to as many values as there are', () => {
    const values = Array.from({ length: 30 }, (_, i) => i);
    const run = marblesOf(of(...values).pipe(stamp()), { columns: 'order' });
    const [row, ...legend] = String(run).split('\n');
    expect(row).toMatch(/^A1 .* Z26 AA27 AB28 AC29 AD30 \|$/);
    expect(legend.at(-1)).toBe('AD = 29');
  });

  test('shows every kind of value', () => {
    class Order {
      readonly id = 1;
    }
    const shown: [value: unknown, looks: string][] = [
      [undefined, 'undefined'],
      [12n, '12n'],
      [-0.5, '-0.5'],
      [true, 'true'],
      [Symbol('s'), 'Symbol(s)'],
      [function named() {}, '[function named]'],
      [new Error('e'), "Error('e')"],
      [new Date(0), 'Date(1970-01-01T00:00:00.000Z)'],
      [new Map([['a', 1]]), "Map(['a', 1])"],
      [new Set([1, null]), 'Set(1, null)'],
      [new Order(), 'Order{id: 1}'],
      [Object.create(null), '{}'],
      [{ a: { b: { c: { d: 1 } } } }, '{a: {b: {c: ...}}}'],
    ];
    const run = marblesOf(of(...shown.map(([value]) => value as object)).pipe(stamp()), { columns: 'order' });
    const [, ...legend] = String(run).split('\n');
    expect(legend.map((line) => line.slice(4))).toEqual(shown.map(([, looks]) => looks));
  });

  test('takes its time from asyncScheduler, which is virtual in a TestScheduler', () => {
    let row = '';
    marbles((m) => {
      const source = m.cold(...clocked('a1 9ms b2 |'));
      const run = marblesOf(source);
      m.flush();
      row = String(run);
    })();
    expect(row).toBe('a1 9ms b2 |');
  });

  test('records streams that end at once', () => {
    const failing = of('a').pipe(stamp(), concatWith(throwError(() => new RangeError('gone'))));
    expect(String(marblesOf(failing, { scheduler: still }))).toBe("( a1 # )\n# = RangeError('gone')");
  });
});
