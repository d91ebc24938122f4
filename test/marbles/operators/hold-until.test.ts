import { NEVER, of, Subject } from 'rxjs';
import {
  LateMessageError,
  OverflowError,
  createDispatcher,
  holdUntil,
  serialize,
  type Clocked,
} from 'rxjs-clocked-dispatch';
import { clocked } from 'rxjs-clocked-dispatch/testing';
import { describe, expect, test } from 'vitest';
import { marbles } from '../support.js';

describe('holdUntil', () => {
  test(
    'holds each message until the peer has seen its timestamp',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 -  b2 -  _4 -  |'));
      const peer = m.hot(...clocked('    -  _1 -  x3 -  -  -'));
      const expected = '                 -  a1 -  b2 _3 -  |';

      m.expect(source.pipe(holdUntil(peer))).toBeObservable(...clocked(expected));
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
      m.expect(completing.pipe(holdUntil(peer))).toBeObservable(...clocked('-  a1 -  (b2|)'));

      const failing = m.hot(...clocked('   a1 b2 #'));
      m.expect(failing.pipe(holdUntil(peer))).toBeObservable(...clocked('   -  a1 -  (b2#)'));

      const behind = m.hot(...clocked('    a1 _9 |'));
      m.expect(behind.pipe(holdUntil(peer))).toBeObservable(...clocked('    -  a1 |'));
    }),
  );

  test(
    'holds nothing any longer when the peer has completed',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 b2 -  -  c3 |'));
      const peer = m.hot(...clocked('    -  -  |        '));
      const expected = '                 -  -  (a1 b2) ';

      m.expect(source.pipe(holdUntil(peer)), '^--!').toBeObservable(...clocked(expected));
      m.expect(source.pipe(holdUntil(of())), '^').toBeObservable(...clocked('a1 b2 -  -  c3 |'));
    }),
  );

  test(
    'passes the error of the peer on at once',
    marbles((m) => {
      const source = m.hot(...clocked('  a1 b2'));
      const peer = m.hot(...clocked('    -  -  #'));

      m.expect(source.pipe(holdUntil(peer))).toBeObservable(...clocked('-  -  #'));
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
});
