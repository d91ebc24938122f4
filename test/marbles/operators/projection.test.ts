import { delay, NEVER, Observable, of, Subject, take } from 'rxjs';
import {
  alignLatest,
  type Clocked,
  createDispatcher,
  holdUntil,
  InvalidArgumentError,
  InvalidMessageError,
  InvalidOptionError,
  mapValue,
  NullValueError,
  projection,
  type Projection,
  serialize,
  UnknownOptionError,
  whenClock,
} from 'rxjs-clocked-dispatch';
import { clocked } from 'rxjs-clocked-dispatch/testing';
import { describe, expect, test } from 'vitest';
import { marbles } from '../support.js';

const append = (state: string, value: string): string => state + value;

function joined(receiver: Observable<Clocked<string>>): Projection<string> {
  return projection(receiver, { initial: '', apply: append });
}

/** What a stream brings, with `'|'` or the error at the end. */
function record(stream: Observable<unknown>): unknown[] {
  const seen: unknown[] = [];
  stream.subscribe({
    next: (item) => seen.push(item),
    error: (error: unknown) => seen.push(error),
    complete: () => seen.push('|'),
  });
  return seen;
}

describe('projection', () => {
  test(
    'is what the messages add up to, and ticks where only time passed',
    marbles((m) => {
      const receiver = m.hot(...clocked('  _1 a2 - _3 b4  |'));
      const expected = '                   _1 a2 - _3 ab4 |';

      m.expect(joined(receiver)).toBeObservable(...clocked(expected));
      m.expect(receiver).toHaveSubscriptions('^----!');
    }),
  );

  test(
    'tells a late subscriber the state as it stands, whoever is there, until it is closed',
    marbles((m) => {
      const receiver = m.hot(...clocked('  a1 b2  _3  -   c4   -    -    d5    '));
      const first = '                      ^  -   !';
      const told = '                       a1 ab2  ';
      const late = '                       -  -   -   ^   -    -    -';
      const toldLate = '                   -  -   -   ab3 abc4 -    |';

      const state = joined(receiver);
      m.scheduler.schedule(() => state.close(), 6);
      m.expect(state, first).toBeObservable(...clocked(told));
      m.expect(state, late).toBeObservable(...clocked(toldLate));
      m.expect(receiver).toHaveSubscriptions('^-----!');
    }),
  );

  test(
    'ends as the receiver does, and tells who comes later the state and the end',
    marbles((m) => {
      const completing = joined(m.hot(...clocked('a1 | ')));
      m.expect(completing).toBeObservable(...clocked('    a1 | '));
      m.expect(completing, '---^').toBeObservable(...clocked('---(a1 |)'));

      const failing = joined(m.hot(...clocked('a1 # ')));
      m.expect(failing).toBeObservable(...clocked('    a1 # '));
      m.expect(failing, '---^').toBeObservable(...clocked('---(a1 #)'));
    }),
  );

  test('reads from the first subscriber on, or when it is asked to', () => {
    const receiver = new Subject<Clocked<string>>();
    const state = joined(receiver);
    receiver.next(['lost', 1]);
    expect([receiver.observed, state.value, state.clock, state.closed]).toEqual([false, '', -Infinity, false]);

    state.connect();
    state.connect();
    receiver.next(['a', 2]);
    expect([state.value, state.clock, state.settled]).toEqual(['a', 2, 1]);

    state.close();
    state.connect();
    receiver.next(['b', 3]);
    expect([receiver.observed, state.value, state.closed]).toEqual([false, 'a', true]);
    expect(record(state)).toEqual([['a', 2], '|']);
  });

  test('begins with what waited in its receiver, and leaves it open', () => {
    const [send, receiver] = createDispatcher<string>(serialize()).channel('web', 'view');
    send.next('a');
    send.next('b');
    const state = joined(receiver);
    expect(record(state.pipe(take(1)))).toEqual([['a', 1], '|']);
    expect([state.value, state.clock, state.settled]).toEqual(['ab', 2, 2]);
    state.close();
    expect(receiver.closed).toBe(false);
  });

  test('tells its initial state to who comes late only, and has it in `value` from the beginning', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [send] = dispatcher.channel('web', 'view');
    const state = joined(dispatcher.receiver('other'));
    const early = record(state);
    expect([state.value, early]).toEqual(['', []]);
    send.next('a');
    const late = record(state);
    send.next('b');
    expect(early).toEqual([
      [null, 1],
      [null, 2],
    ]);
    expect(late).toEqual([
      ['', 1],
      [null, 2],
    ]);
  });

  test('tells a late subscriber what it brings about as it is told the state', () => {
    const [send, receiver] = createDispatcher<string>(serialize()).channel('web', 'view');
    const state = joined(receiver);
    const first = record(state);
    send.next('a');
    const late: unknown[] = [];
    state.subscribe((item) => {
      if (late.push(item) === 1) send.next('b');
    });
    expect(late).toEqual([
      ['a', 1],
      ['ab', 2],
    ]);
    expect(first).toEqual(late);
  });

  test('keeps its state when `apply` throws, and errors', () => {
    const receiver = new Subject<Clocked<string>>();
    const state = projection(receiver, {
      initial: '',
      apply: (before: string, value: string) => {
        if (value === 'b') throw new RangeError('no b');
        return value === 'n' ? (null as never) : before + value;
      },
    });
    const seen = record(state);
    receiver.next(['a', 1]);
    receiver.next(['b', 2]);
    receiver.next(['c', 3]);
    expect(seen).toEqual([['a', 1], new RangeError('no b')]);
    expect([state.value, state.clock, state.closed, receiver.observed]).toEqual(['a', 1, true, false]);

    const none = projection(of<Clocked<string>>(['n', 1]), { initial: '', apply: () => null as unknown as string });
    expect(record(none)).toEqual([new NullValueError('projection', 1)]);
    expect(record(joined(of('a') as unknown as Observable<Clocked<string>>))).toEqual([
      new InvalidMessageError('projection', 'a'),
    ]);
  });

  test('tells everybody each message before the next one, also what one of them brings about', () => {
    const receiver = new Subject<Clocked<string>>();
    const state = joined(receiver);
    const seen: unknown[] = [];
    state.subscribe(([value, ts]) => {
      seen.push(`first ${String(value)}${ts}`);
      if (ts === 1) {
        receiver.next(['b', 2]);
        // eslint-disable-next-line rxjs-x/no-nested-subscribe -- that is what is tested
        state.subscribe(([late, at]) => seen.push(`late ${String(late)}${at}`));
        receiver.complete();
      }
    });
    state.subscribe(([value, ts]) => seen.push(`second ${String(value)}${ts}`));
    receiver.next(['a', 1]);
    expect(seen).toEqual(['first a1', 'late a1', 'second a1', 'first ab2', 'second ab2', 'late ab2']);
  });

  test('needs no stack for a long chain of such', () => {
    const receiver = new Subject<Clocked<number>>();
    const sum = projection(receiver, { initial: 0, apply: (before: number, value: number) => before + value });
    sum.subscribe(([, ts]) => {
      if (ts < 100_000) receiver.next([1, ts + 1]);
    });
    receiver.next([1, 1]);
    expect(sum.value).toBe(100_000);
  });

  describe('carries the clock of its receiver', () => {
    test('whenClock waits for it', async () => {
      const [send, receiver] = createDispatcher<string>(serialize()).channel('web', 'view');
      const state = joined(receiver);
      const visible = whenClock(send.send('a'), state);
      state.connect();
      await expect(visible).resolves.toBe(1);
      await expect(whenClock(2, [state], { timeout: 0 })).rejects.toThrow("'view' is at 1");
      state.close();
      await expect(whenClock(1, state)).resolves.toBe(1);
      await expect(whenClock(2, state)).rejects.toThrow("'view' completed at 1");
    });

    test('a failure settles nothing: of the messages at its timestamp some may be missing', async () => {
      const receiver = new Subject<Clocked<string>>();
      const state = projection(receiver, {
        initial: '',
        apply: (before: string, value: string) => {
          if (value === 'b') throw new RangeError('no b');
          return before + value;
        },
      });
      const seen = record(state);
      const visible = whenClock(5, state);
      receiver.next(['a', 5]);
      receiver.next(['b', 5]);
      expect(seen).toEqual([['a', 5], new RangeError('no b')]);
      expect([state.clock, state.settled]).toEqual([5, 4]);
      await expect(visible).rejects.toThrow("'projection' failed at 5");
      await expect(whenClock(5, state)).rejects.toThrow("'projection' failed at 5");
      await expect(whenClock(4, state)).resolves.toBe(4);
    });

    test('alignLatest and holdUntil take it, also through operators', () => {
      const dispatcher = createDispatcher<string>(serialize());
      const [left, a] = dispatcher.channel('left', 'a');
      const [, b] = dispatcher.channel('right', 'b');
      const state = joined(a);
      const aligned = record(alignLatest({ state: state.pipe(mapValue((value) => value.length)), b: joined(b) }));
      const held = record(of<Clocked<string>>(['x', 1]).pipe(holdUntil(state)));
      left.next('aa');
      expect(held).toEqual([['x', 1], '|']);
      expect(aligned).toEqual([[null, 1]]);
      expect(record(alignLatest([state]))).toEqual([[['aa'], 1]]);
    });
  });

  describe('by for await', () => {
    test('tells the latest state each time', async () => {
      const receiver = new Subject<Clocked<string>>();
      const state = joined(receiver);
      const iterator = state[Symbol.asyncIterator]();
      const first = iterator.next();
      for (const item of [
        ['a', 1],
        ['b', 2],
        ['c', 3],
        [null, 4],
      ] as Clocked<string>[])
        receiver.next(item);
      await expect(first).resolves.toEqual({ done: false, value: ['a', 1] });
      await expect(iterator.next()).resolves.toEqual({ done: false, value: ['abc', 4] });
      const [tick, end] = [iterator.next(), iterator.next()];
      receiver.next([null, 5]);
      receiver.complete();
      await expect(tick).resolves.toEqual({ done: false, value: [null, 5] });
      await expect(end).resolves.toEqual({ done: true, value: undefined });
    });

    test('a state of undefined is a state', async () => {
      const receiver = new Subject<Clocked<string | undefined>>();
      const selected = projection(receiver, {
        initial: 'none',
        apply: (_: string | undefined, value: string | undefined) => value,
      });
      const iterator = selected[Symbol.asyncIterator]();
      const first = iterator.next();
      receiver.next(['a', 1]);
      await first;
      receiver.next(['b', 2]);
      receiver.next([undefined, 3]);
      receiver.next([null, 4]);
      expect((await iterator.next()).value).toEqual([undefined, 4]);
      const next = iterator.next();
      receiver.next([undefined, 5]);
      expect((await next).value).toEqual([undefined, 5]);
    });

    test('reads nothing when it is left before it begins', async () => {
      const receiver = new Subject<Clocked<string>>();
      const iterator = joined(receiver)[Symbol.asyncIterator]();
      await iterator.return?.();
      await expect(iterator.next()).resolves.toEqual({ done: true, value: undefined });
      expect(receiver.observed).toBe(false);
    });

    test('throws its error after the last state, and leaves when the loop does', async () => {
      const failing = joined(
        new Observable((subscriber) => {
          subscriber.next(['a', 1]);
          subscriber.error(new RangeError('gone'));
        }),
      );
      const seen: unknown[] = [];
      const loop = async (): Promise<void> => {
        for await (const item of failing) seen.push(item);
      };
      await expect(loop()).rejects.toThrow(new RangeError('gone'));
      expect(seen).toEqual([['a', 1]]);

      for await (const item of joined(of<Clocked<string>[]>(['a', 1], ['b', 2]).pipe(delay(1)))) {
        expect(item).toEqual(['a', 1]);
        break;
      }
    });
  });

  test('refuses what it can not read, and options that are none', () => {
    const options = { initial: '', apply: append };
    for (const receiver of [undefined, null, {}, 'a']) {
      expect(() => projection(receiver as never, options)).toThrow(InvalidArgumentError);
    }
    expect(() => projection(NEVER, undefined as never)).toThrow(InvalidOptionError);
    expect(() => projection(NEVER, { ...options, apply: 'x' } as never)).toThrow(InvalidOptionError);
    expect(() => projection(NEVER, { ...options, aply: append } as never)).toThrow(UnknownOptionError);
    expect(() => projection(NEVER, { initial: null as never, apply: append })).toThrow(NullValueError);
  });
});
