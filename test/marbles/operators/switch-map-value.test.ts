import { EMPTY, from, NEVER, of, Subject, take } from 'rxjs';
import { type Clocked, InvalidArgumentError, NullValueError, switchMapValue } from 'rxjs-clocked-dispatch';
import { clocked } from 'rxjs-clocked-dispatch/testing';
import { describe, expect, test } from 'vitest';
import { marbles } from '../support.js';

describe('switchMapValue', () => {
  test(
    'drops what a former input would still bring',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 -  b2 _3 -  -  -  |'));
      const a = m.cold('                 -  x  -  y  |         ');
      const b = m.cold('                       -  -  z  -  |   ');
      const subscribedA = '              ^  -  !               ';
      const subscribedB = '              -  -  ^  -  -  -  !   ';
      const expected = '                 -  x1 -  -  z2 -  _3 |';

      const result = source.pipe(switchMapValue((value) => (value === 'a' ? a : b)));
      m.expect(result).toBeObservable(...clocked(expected));
      m.expect(a).toHaveSubscriptions(subscribedA);
      m.expect(b).toHaveSubscriptions(subscribedB);
    }),
  );

  test(
    'leaves a tick of an input without results, also where it was dropped',
    marbles((m) => {
      const source = m.hot(...clocked('  _1 a2 _3 b4 c5      -  -  - |'));
      const expected = '                 _1 -  -  _3 (_4 c5)       |';

      const result = source.pipe(switchMapValue((value) => (value === 'c' ? of(value) : NEVER)));
      m.expect(result).toBeObservable(...clocked(expected));
    }),
  );

  test(
    'completes after the last input, and so it errors; an error of an input comes at once',
    marbles((m) => {
      const work = m.cold('            -  -  (x|)     ');
      m.expect(m.hot(...clocked('      a1 _2 |        ')).pipe(switchMapValue(() => work))).toBeObservable(
        ...clocked('                   -  -  (x1 _2 |)'),
      );
      m.expect(m.hot(...clocked('      a1 _2 #        ')).pipe(switchMapValue(() => work))).toBeObservable(
        ...clocked('                   -  -  (x1 _2 #)'),
      );
      m.expect(m.hot(...clocked('      a1 -  -        ')).pipe(switchMapValue(() => m.cold('-#')))).toBeObservable(
        ...clocked('                   -  #           '),
      );
    }),
  );

  test('errors with what the projection throws, and refuses null', () => {
    const seen: unknown[] = [];
    const throwing = switchMapValue((): never => {
      throw new RangeError('no');
    });
    of<Clocked<string>>(['a', 1])
      .pipe(throwing)
      .subscribe({ error: (error: unknown) => seen.push(error) });
    of<Clocked<string>>(['a', 1])
      .pipe(switchMapValue(() => of(null as unknown as string)))
      .subscribe({ error: (error: unknown) => seen.push(error) });
    expect(seen).toEqual([new RangeError('no'), new NullValueError('switchMapValue', 1)]);
    expect(() => switchMapValue({} as never)).toThrow(InvalidArgumentError);
  });

  test('takes promises: the newest request wins, whoever answers first', async () => {
    const source = new Subject<Clocked<number>>();
    const seen: unknown[] = [];
    source
      .pipe(switchMapValue((ms) => new Promise<string>((resolve) => setTimeout(resolve, ms, `after ${ms}`))))
      .subscribe((item) => seen.push(item));
    source.next([9, 1]);
    source.next([3, 2]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen).toEqual([
      [null, 1],
      ['after 3', 2],
    ]);
  });

  test('what a consumer brings about begins after what it is being told', () => {
    const source = new Subject<Clocked<string>>();
    const seen: (Clocked<string> | string)[] = [];
    source.pipe(switchMapValue((value) => from([value, value.toUpperCase()]))).subscribe({
      next: (message) => {
        seen.push(message);
        if (message[0] === 'a') {
          source.next(['b', 2]);
          source.next([null, 3]);
          source.complete();
          seen.push('told');
        }
      },
      complete: () => seen.push('|'),
    });
    source.next(['a', 1]);
    expect(seen).toEqual([['a', 1], 'told', ['b', 2], ['B', 2], [null, 3], '|']);
  });

  test('needs no stack for a long chain, lets go of everything, and stops at take(n)', () => {
    const source = new Subject<Clocked<number>>();
    let last = 0;
    source.pipe(switchMapValue((value) => (value % 2 === 0 ? of(value) : EMPTY))).subscribe(([, ts]) => {
      last = ts;
      if (ts < 100_000) source.next([ts, ts + 1]);
    });
    source.next([0, 1]);
    expect(last).toBe(100_000);

    const work = new Subject<string>();
    const other = new Subject<Clocked<string>>();
    const subscription = other.pipe(switchMapValue(() => work)).subscribe();
    other.next(['a', 1]);
    expect([other.observed, work.observed]).toEqual([true, true]);
    subscription.unsubscribe();
    expect([other.observed, work.observed]).toEqual([false, false]);

    other
      .pipe(
        switchMapValue((value) => of(value)),
        take(1),
      )
      .subscribe();
    other.next(['a', 1]);
    expect(other.observed).toBe(false);
  });
});
