import { config, defer, EMPTY, NEVER, Observable, of, type OperatorFunction, Subject, take } from 'rxjs';
import {
  alignLatest,
  type Clocked,
  clock,
  concatMapValue,
  filterValue,
  holdUntil,
  InvalidOptionError,
  mapValue,
  mergeClocked,
  reorder,
  scanValue,
  stamp,
  tapValue,
  values,
} from 'rxjs-clocked-dispatch';
import { afterEach, describe, expect, test } from 'vitest';

const far: Clocked<string> = [null, 1_000_000_000];

/** Each of them emits something for each message that it is given. */
const operators: Record<string, OperatorFunction<Clocked<string>, unknown>> = {
  stamp: (source) => source.pipe(values(), stamp()),
  mapValue: mapValue((value) => value),
  filterValue: filterValue(() => true),
  scanValue: scanValue((state: string, value) => state.slice(1) + value, ''),
  tapValue: tapValue(() => undefined),
  concatMapValue: concatMapValue((value) => of(value)),
  values: values(),
  clock: clock(),
  reorder: reorder({ disorder: 0 }),
  mergeClocked: (source) => EMPTY.pipe(mergeClocked(source)),
  alignLatest: (source) => alignLatest([of<Clocked<string>[]>(['a', 1], far), source], { strict: true }),
  holdUntil: holdUntil(of(far)),
};

/** Operators that call a function of the user with each value. */
const withFunctions: Record<string, (f: () => never) => OperatorFunction<Clocked<string>, unknown>> = {
  mapValue,
  filterValue,
  scanValue: (f) => scanValue<string, string>(f, ''),
  tapValue,
  concatMapValue,
  reorder: (f) => (source) => source.pipe(reorder({ disorder: 0, late: f })),
};

describe.each(Object.entries(operators))('%s keeps the contract of RxJS', (_, operator) => {
  test('is lazy, and subscribes anew for each subscription', () => {
    let subscriptions = 0;
    const result = operator(
      defer(() => {
        subscriptions++;
        return NEVER;
      }),
    );
    expect(subscriptions).toBe(0);
    result.subscribe();
    result.subscribe();
    expect(subscriptions).toBe(2);
  });

  test('lets take(n) stop an endless synchronous source', () => {
    let emitted = 0;
    const endless = new Observable<Clocked<string>>((subscriber) => {
      while (!subscriber.closed) subscriber.next(['a', ++emitted]);
    });
    let received = 0;
    endless.pipe(operator, take(3)).subscribe(() => received++);
    expect([emitted, received]).toEqual([3, 3]);
  });

  test('tears down the source once, on completion, error and unsubscription, and emits nothing afterwards', () => {
    for (const end of ['complete', 'error', 'unsubscribe'] as const) {
      const source = new Subject<Clocked<string>>();
      let teardowns = 0;
      const seen: unknown[] = [];
      const counted = new Observable<Clocked<string>>((subscriber) => {
        source.subscribe(subscriber);
        return () => teardowns++;
      });
      const subscription = operator(counted).subscribe({
        next: () => seen.push('next'),
        error: () => seen.push('error'),
        complete: () => seen.push('complete'),
      });
      source.next(['a', 1]);
      if (end === 'complete') source.complete();
      else if (end === 'error') source.error(new RangeError('gone'));
      else subscription.unsubscribe();
      source.next(['b', 2]);
      expect({ end, teardowns, seen: seen.at(-1) }).toEqual({
        end,
        teardowns: 1,
        seen: end === 'unsubscribe' ? 'next' : end,
      });
      expect(source.observed).toBe(false);
    }
  });
});

describe.each(Object.entries(withFunctions))('%s', (_, operatorOf) => {
  test('makes an error of what a function of the user throws, and leaves the source', () => {
    const source = new Subject<Clocked<string>>();
    const seen: unknown[] = [];
    const operator = operatorOf(() => {
      throw new RangeError('thrown');
    });
    source
      .pipe(operator)
      .subscribe({ error: (error: unknown) => seen.push(error), complete: () => seen.push('complete') });
    source.next([null, 2]);
    source.next(['a', 1]);
    expect(seen).toEqual([new RangeError('thrown')]);
    expect(source.observed).toBe(false);
  });
});

test.each([-1, 0.5, NaN])('a bound of %d is refused at once', (bound) => {
  expect(() => reorder({ disorder: 0, bound })).toThrow(InvalidOptionError);
  expect(() => mergeClocked([NEVER], { bound })).toThrow(InvalidOptionError);
  expect(() => alignLatest([NEVER], { bound })).toThrow(InvalidOptionError);
  expect(() => holdUntil(NEVER, { bound })).toThrow(InvalidOptionError);
  expect(() => concatMapValue(() => NEVER, { bound })).toThrow(InvalidOptionError);
});

describe('a consumer that throws', () => {
  afterEach(() => {
    config.onUnhandledError = null;
  });

  test.each(Object.entries(operators))('is reported, and %s goes on', async (_, operator) => {
    const reported = new Promise((resolve) => (config.onUnhandledError = resolve));
    const source = new Subject<Clocked<string>>();
    let received = 0;
    source.pipe(operator).subscribe(() => {
      if (++received === 1) throw new RangeError('thrown');
    });
    source.next(['a', 1]);
    source.next(['b', 2]);
    expect(received).toBe(2);
    await expect(reported).resolves.toEqual(new RangeError('thrown'));
  });
});
