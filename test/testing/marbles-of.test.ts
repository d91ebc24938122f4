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

  test('keeps nothing of those that are forgotten: neither their names nor what they looked like', () => {
    const source = new Subject<Clocked<object>>();
    const run = marblesOf(source, { columns: 'order', limit: 2 });
    for (let id = 1; id <= 1000; id++) source.next([{ id }, id]);
    expect(String(run)).toBe(['A999 B1000', 'A = {id: 999}', 'B = {id: 1000}'].join('\n'));
  });

  test('names values by themselves where nothing that it can show sets them apart', () => {
    class Secret {
      readonly #code: number;
      constructor(code: number) {
        this.#code = code;
      }
      get isRight(): boolean {
        return this.#code === 1;
      }
    }
    const twice = new Secret(1);
    for (const [one, other] of [
      [twice, new Secret(2)],
      [{}, {}],
      [new ArrayBuffer(3), new ArrayBuffer(4)],
      [Symbol('s'), Symbol('s')],
      [{ a: { b: { c: { d: 1 } } } }, { a: { b: { c: { d: 2 } } } }],
      [Array.from({ length: 1e5 }, () => 0), Array.from({ length: 1e5 + 1 }, () => 0)],
      [`${'x'.repeat(1e5)}a`, `${'x'.repeat(1e5)}b`],
      [
        {
          get x(): number {
            throw new Error('secret');
          },
        },
        {
          get x(): number {
            throw new Error('other');
          },
        },
      ],
    ]) {
      const run = marblesOf(of(one, other, one).pipe(stamp()), { columns: 'order' });
      expect(String(run).split('\n')[0]).toBe('A1 B2 A3 |');
    }
    expect(String(marblesOf(of([-0, 0]).pipe(stamp()))).split('\n')[1]).toBe('A = [-0, 0]');
  });

  test('shows what can not be read, and cuts off what is long', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const bare = Object.create(Object.create(null) as object) as object;
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    const odd = [
      proxy,
      bare,
      { constructor: undefined, a: 1 },
      cyclic,
      new Date(NaN),
      "it's\nnew",
      new Uint8Array(1e6),
    ];
    const source = new Subject<Clocked<unknown>>();
    const run = marblesOf(source, { columns: 'order' });
    for (const [i, value] of odd.entries()) source.next([value, i]);
    source.next([
      {
        get x(): number {
          throw new Error('getter');
        },
      },
      7,
    ]);
    source.error(new TypeError('gone'));

    const [row, ...legend] = String(run).split('\n');
    expect(row).toBe('A0 B1 C2 D3 E4 F5 G6 H7 #');
    expect(legend.map((line) => line.slice(4))).toEqual([
      '[unreadable]',
      '{}',
      '{constructor: undefined, a: 1}',
      '{self: {self: {self: ...}}}',
      'Date(invalid)',
      "'it\\'s\\nnew'",
      expect.stringMatching(/^Uint8Array\{0: 0, .*\.\.\.\}$/),
      '{x: [unreadable]}',
      "TypeError('gone')",
    ]);
    expect(String(run).length).toBeLessThan(1000);
  });

  test('shows a value as it was when it came', () => {
    const source = new Subject<Clocked<unknown>>();
    const run = marblesOf(source, { columns: 'order' });
    const order = { id: 1 };
    source.next([order, 1]);
    order.id = 2;
    source.next([order, 2]);
    expect(String(run)).toBe('A1 B2\nA = {id: 1}\nB = {id: 2}');
  });

  test('draws any timestamp, as `clocked` reads it', () => {
    const row = 'a-3 _-2 b0 c9007199254740991 |';
    expect(recorded(row)).toBe(row);
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
