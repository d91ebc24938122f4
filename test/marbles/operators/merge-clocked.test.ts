import { lastValueFrom, NEVER, of, Subject, toArray } from 'rxjs';
import {
  type Clocked,
  InvalidArgumentError,
  InvalidTimestampError,
  LateMessageError,
  mergeClocked,
  OverflowError,
  UnknownOptionError,
} from 'rxjs-clocked-dispatch';
import { clocked } from 'rxjs-clocked-dispatch/testing';
import { describe, expect, test } from 'vitest';
import { CountingScheduler } from '../../support/counting-scheduler.js';
import { marbles } from '../support.js';

describe('mergeClocked', () => {
  test(
    'lets a message go once every input has reached its timestamp',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 -  c3 -  _5 | -    '));
      const other = m.hot(...clocked('   -  b2 -  _4 -  - |    '));
      const expected = '                 -  a1 b2 c3 _4 - (_5 |)';

      m.expect(source.pipe(mergeClocked(other))).toBeObservable(...clocked(expected));
      m.expect(source).toHaveSubscriptions('^----!');
      m.expect(other).toHaveSubscriptions('^-----!');
    }),
  );

  test(
    'breaks ties by the order of the inputs, then by arrival',
    marbles((m) => {
      const source = m.hot(...clocked('  -  -  -  a1 d1'));
      const first = m.hot(...clocked('   -  b1 e1 -  -  '));
      const second = m.hot(...clocked('  c1 -  -  -  -  '));
      const expected = '                 -  -  -  (a1 b1 e1 c1)';

      m.expect(source.pipe(mergeClocked(first, second)), '^---!').toBeObservable(...clocked(expected));
    }),
  );

  test(
    'tells how far all inputs are, coalesced',
    marbles((m) => {
      const source = m.hot(...clocked('  _1 -  _7 -  -  _9'));
      const other = m.hot(...clocked('   -  _3 -  _5 _5 - '));
      const expected = '                 -  _1 _3 _5 -  - ';

      m.expect(source.pipe(mergeClocked(other))).toBeObservable(...clocked(expected));
    }),
  );

  test(
    'lets ties go one by one where every input is there already',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 -  c1 -  d2'));
      const other = m.hot(...clocked('   -  _1 -  e1 - '));
      const expected = '                 -  a1 c1 e1 - ';

      m.expect(source.pipe(mergeClocked(other))).toBeObservable(...clocked(expected));
    }),
  );

  test(
    'emits nothing before every input has spoken or completed',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 b2 -  -    -  c5 |    '));
      const other = m.hot(...clocked('   -  -  |              '));
      const silent = m.hot(...clocked('  -  -  -  -    |      '));
      const expected = '                 -  -  -  -    (a1 b2)';

      m.expect(source.pipe(mergeClocked(other, silent)), '^---!').toBeObservable(...clocked('----'));
      m.expect(source.pipe(mergeClocked(other, silent)), '^----!').toBeObservable(...clocked(expected));
      m.expect(source.pipe(mergeClocked(NEVER))).toBeObservable('------');
    }),
  );

  test('does not let an input run ahead that emits in subscribe', async () => {
    const source = of<Clocked<string>[]>(['a', 1], ['c', 3], ['e', 5]);
    const other = of<Clocked<string>[]>(['b', 2], ['d', 4]);
    await expect(lastValueFrom(source.pipe(mergeClocked(other), toArray()))).resolves.toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
      ['d', 4],
      ['e', 5],
    ]);
  });

  test(
    'lets the error of an input wait for what that input brought before',
    marbles((m) => {
      const source = m.hot(...clocked('  -  a3 #  -  -     '));
      const other = m.hot(...clocked('   _1 -  -  _2 b3    '));
      const expected = '                 -  _1 -  _2 (a3b3#)';

      m.expect(source.pipe(mergeClocked(other))).toBeObservable(...clocked(expected));
      m.expect(other).toHaveSubscriptions('^---!');
    }),
  );

  test(
    'passes an error on at once where its input has nothing left, and lets nothing beyond go',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 -  #'));
      const other = m.hot(...clocked('   _1 b5 -'));
      const expected = '                 a1 -  #';

      m.expect(source.pipe(mergeClocked(other))).toBeObservable(...clocked(expected));
      m.expect(m.cold(...clocked('#')).pipe(mergeClocked(other))).toBeObservable('#');
    }),
  );

  test(
    'errors when more than `bound` messages would wait, all inputs together',
    marbles((m) => {
      const source = m.hot(...clocked('  -  a3 -  c4 -'));
      const other = m.hot(...clocked('   _1 -  b5 - '));
      const silent = m.hot(...clocked('  _1 -  -  - '));
      const expected = '                 -  _1 -  # ';

      const result = source.pipe(mergeClocked([other, silent], { bound: 2 }));
      m.expect(result).toBeObservable(...clocked(expected, undefined, new OverflowError('mergeClocked', 2, 4)));
    }),
  );

  test(
    'takes a list of inputs without options',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 -  |  '));
      const other = m.hot(...clocked('   -  _2 -  |    '));
      const expected = '                 -  a1 _2 |    ';

      m.expect(source.pipe(mergeClocked([other]))).toBeObservable(...clocked(expected));
    }),
  );

  test(
    'puts into order what an input brings backwards, but errors below what was released',
    marbles((m) => {
      const source = m.hot(...clocked('  _3 -  -  _5 -  -  -  -  _7'));
      const other = m.hot(...clocked('   -  c5 b4 -  -  -  -  -  -  a3'));
      const expected = '                 -  _3 -  (b4 c5)     -   ';

      m.expect(source.pipe(mergeClocked(other))).toBeObservable(
        ...clocked(`${expected} - #`, undefined, new LateMessageError('mergeClocked[1]', 3, 5)),
      );
    }),
  );

  test('errors with a timestamp that is none', () => {
    const source = new Subject<Clocked<string>>();
    const errors: unknown[] = [];
    source.pipe(mergeClocked(NEVER)).subscribe({ error: (error: unknown) => errors.push(error) });
    source.next(['a', 0.5]);
    expect(errors).toEqual([new InvalidTimestampError('mergeClocked[0]', 0.5)]);
  });

  test('delivers what a consumer brings about after what it is being told', () => {
    const source = new Subject<Clocked<string>>();
    const other = new Subject<Clocked<string>>();
    const seen: (Clocked<string> | string)[] = [];
    source.pipe(mergeClocked(other)).subscribe({
      next: (message) => {
        seen.push(message);
        if (message[0] === 'a') {
          other.next(['c', 3]);
          source.next(['d', 3]);
          source.complete();
          other.complete();
          seen.push('told');
        }
      },
      complete: () => seen.push('complete'),
    });
    other.next(['b', 2]);
    source.next(['a', 1]);
    expect(seen).toEqual([['a', 1], 'told', ['b', 2], ['d', 3], ['c', 3], 'complete']);
  });

  test('needs no stack for a long chain of such', () => {
    const source = new Subject<Clocked<number>>();
    let last = 0;
    source.pipe(mergeClocked(of())).subscribe(([, ts]) => {
      last = ts;
      if (ts < 100_000) source.next([ts, ts + 1]);
    });
    source.next([0, 1]);
    expect(last).toBe(100_000);
  });

  test('subscribes no further input once it has ended', () => {
    const other = new Subject<Clocked<string>>();
    const late = of<Clocked<string>>(['x', NaN]);
    late.pipe(mergeClocked(other)).subscribe({ error: () => undefined });
    expect(other.observed).toBe(false);
  });

  describe('an input that falls silent', () => {
    test(
      'is no longer waited for, until it speaks again',
      marbles((m) => {
        const source = m.hot(...clocked('  a1 -  c3 -  -  -  d4 f7 - '));
        const other = m.hot(...clocked('   -  b2 -  -  -  -  -  -  e7'));
        const expected = '                 -  a1 b2 -  -  c3 d4 f7 e7';

        const result = source.pipe(mergeClocked([other], { idleAfter: 4, scheduler: m.scheduler }));
        m.expect(result, '^--------!').toBeObservable(...clocked(expected));
      }),
    );

    test('also one that never spoke; what it brings below what was released is late', () => {
      const scheduler = new CountingScheduler();
      const [source, other] = [new Subject<Clocked<string>>(), new Subject<Clocked<string>>()];
      const seen: unknown[] = [];
      const late: unknown[] = [];
      source
        .pipe(mergeClocked([other], { idleAfter: 10, scheduler, late: ({ value }) => late.push(value) }))
        .subscribe((item) => seen.push(item));
      source.next(['a', 5]);
      scheduler.pass(9);
      expect(seen).toEqual([]);
      scheduler.pass(1);
      expect(seen).toEqual([['a', 5]]);
      other.next(['late', 4]);
      other.next(['b', 6]);
      expect(late).toEqual(['late']);
      scheduler.pass(10);
      expect(seen).toEqual([
        ['a', 5],
        ['b', 6],
      ]);
      expect(scheduler.pending).toBe(0);
    });

    test('is not one that is itself held back', () => {
      const scheduler = new CountingScheduler();
      const [source, other] = [new Subject<Clocked<string>>(), new Subject<Clocked<string>>()];
      const seen: unknown[] = [];
      source.pipe(mergeClocked([other], { idleAfter: 10, scheduler })).subscribe((item) => seen.push(item));
      source.next(['a', 5]);
      for (let ts = 1; ts <= 4; ts++) {
        scheduler.pass(9);
        other.next([null, ts]);
      }
      other.next(['b', 9]);
      source.next(['c', 6]);
      expect(seen).toEqual([
        [null, 1],
        [null, 2],
        [null, 3],
        [null, 4],
        ['a', 5],
        ['c', 6],
      ]);
    });
  });

  test('refuses what are no streams, and options that it does not have', () => {
    expect(() => mergeClocked({} as never)).toThrow(InvalidArgumentError);
    expect(() => mergeClocked([NEVER], { idle: 1 } as never)).toThrow(UnknownOptionError);
  });
});
