import { NEVER, of, Subject } from 'rxjs';
import {
  type Clocked,
  createDispatcher,
  holdUntil,
  InvalidArgumentError,
  LateMessageError,
  mapValue,
  OverflowError,
  serialize,
  UnknownOptionError,
  watermark,
} from 'rxjs-clocked-dispatch';
import { clocked } from 'rxjs-clocked-dispatch/testing';
import { describe, expect, test } from 'vitest';
import { marbles } from '../support.js';

const STRICT = { strict: true };

describe('holdUntil', () => {
  test(
    'waits until a peer that may repeat a timestamp is beyond it',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 b2 -  _4 -  -  |'));
      const peer = m.hot(...clocked('    -  x2 x2 -  _3 x9 -'));
      const expected = '                 -  a1 -  -  b2 _4 |';

      m.expect(source.pipe(holdUntil(peer))).toBeObservable(...clocked(expected));
    }),
  );

  test(
    'holds each message until the peer is through with its timestamp',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 -  b2 -  _4 -  |'));
      const peer = m.hot(...clocked('    -  _1 -  x3 -  -  -'));
      const expected = '                 -  a1 -  b2 _3 -  |';

      m.expect(source.pipe(holdUntil(peer, STRICT))).toBeObservable(...clocked(expected));
      m.expect(source).toHaveSubscriptions('^-----!');
      m.expect(peer).toHaveSubscriptions('  ^-----!');
    }),
  );

  test(
    'lets everything pass that the peer is beyond',
    marbles((m) => {
      const source = m.hot(...clocked('  -  a1 b2 b2 _3 c4 |'));
      const peer = m.hot(...clocked('    _9                '));
      const expected = '                 -  a1 b2 b2 _3 c4 |';

      m.expect(source.pipe(holdUntil(peer, { bound: 0 }))).toBeObservable(...clocked(expected));
    }),
  );

  test(
    'completes after what is held, and so it errors',
    marbles((m) => {
      const peer = m.hot(...clocked('-  _1 -  _2 _5   '));

      const completing = m.hot(...clocked('a1 b2 |'));
      m.expect(completing.pipe(holdUntil(peer, STRICT))).toBeObservable(...clocked('-  a1 -  (b2|)'));

      const failing = m.hot(...clocked('   a1 b2 #'));
      m.expect(failing.pipe(holdUntil(peer, STRICT))).toBeObservable(...clocked('   -  a1 -  (b2#)'));

      const behind = m.hot(...clocked('    a1 _9 |'));
      m.expect(behind.pipe(holdUntil(peer, STRICT))).toBeObservable(...clocked('    -  a1 |'));
    }),
  );

  test(
    'holds nothing any longer when the peer has completed',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 b2 -  -  c3 |'));
      const peer = m.hot(...clocked('    -  -  |        '));
      const expected = '                 -  -  (a1 b2) ';

      m.expect(source.pipe(holdUntil(peer, STRICT)), '^--!').toBeObservable(...clocked(expected));
      m.expect(source.pipe(holdUntil(of())), '^').toBeObservable(...clocked('a1 b2 -  -  c3 |'));
    }),
  );

  test(
    'passes the error of the peer on at once',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 b2'));
      const peer = m.hot(...clocked('    -  -  #'));

      m.expect(source.pipe(holdUntil(peer, STRICT))).toBeObservable(...clocked('-  -  #'));
    }),
  );

  test(
    'errors when more than `bound` messages would be held, and when the source runs back',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 _2 b3'));
      m.expect(source.pipe(holdUntil(NEVER, { bound: 1 }))).toBeObservable(
        ...clocked('                     -  -  # ', undefined, new OverflowError('holdUntil', 1, 3)),
      );

      const back = m.hot(...clocked('    _5 a4'));
      m.expect(back.pipe(holdUntil(of<Clocked<string>>([null, 9])))).toBeObservable(
        ...clocked('                     _5 # ', undefined, new LateMessageError('holdUntil', 4, 5)),
      );
    }),
  );

  test(
    'what a peer has not got past when it fails is not released by that',
    marbles((m) => {
      const source = m.hot(...clocked('  a5 -  -'));
      const peer = m.hot(...clocked('    -  x5 #'));
      const expected = '                 -  _4 #';

      m.expect(source.pipe(holdUntil(peer))).toBeObservable(...clocked(expected));
    }),
  );

  test('only watches a peer that is a receiver', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [send, view] = dispatcher.channel('sender', 'view');
    const source = new Subject<Clocked<string>>();
    const seen: unknown[] = [];
    source.pipe(holdUntil(view)).subscribe((message) => seen.push(message));

    send.next('x');
    source.next(['a', 1]);
    expect(seen).toEqual([]);

    expect(view.tryReceive()).toEqual(['x', 1]);
    expect(seen).toEqual([['a', 1]]);
  });

  test('waits until a receiver is through, also where its timestamps repeat', () => {
    const dispatcher = createDispatcher<string>(watermark());
    const [send, view] = dispatcher.channel('sender', 'view');
    view.subscribe();
    const source = new Subject<Clocked<string>>();
    const seen: unknown[] = [];
    source.pipe(holdUntil(view.pipe(mapValue((value) => value)))).subscribe((message) => seen.push(message));
    source.next(['a', 5]);
    send.next(['x', 5]);
    send.next(['y', 5]);
    expect(seen).toEqual([[null, 4]]);
    send.next([null, 7]);
    expect(seen).toEqual([
      [null, 4],
      ['a', 5],
    ]);
  });

  test('waits at a receiver only while it holds something, and learns of its end at any time', () => {
    const [send, view] = createDispatcher<string>(serialize()).channel('sender', 'view');
    view.subscribe({ error: () => undefined });
    const seen: unknown[] = [];
    const source = new Subject<Clocked<string>>();
    source
      .pipe(holdUntil(view))
      .subscribe({ next: (item) => seen.push(item), error: (error: unknown) => seen.push(error) });
    source.next(['a', 2]);
    for (const value of 'xyz') send.next(value);
    expect(seen).toEqual([
      [null, 1],
      ['a', 2],
    ]);
    send.error(new RangeError('gone'));
    expect(seen.at(-1)).toEqual(new RangeError('gone'));
    expect(source.observed).toBe(false);
  });

  test('takes what comes meanwhile in its turn, and needs no stack for a long chain of such', () => {
    const source = new Subject<Clocked<number>>();
    let last = 0;
    source.pipe(holdUntil(of<Clocked<string>>([null, 1e9]))).subscribe(([, ts]) => {
      last = ts;
      if (ts < 100_000) source.next([ts, ts + 1]);
    });
    source.next([0, 1]);
    expect(last).toBe(100_000);
  });

  test('refuses a peer that is no stream, and options that it does not have', () => {
    expect(() => holdUntil({} as never)).toThrow(InvalidArgumentError);
    expect(() => holdUntil(NEVER, { bond: 1 } as never)).toThrow(UnknownOptionError);
  });
});
