import { GapError, createDispatcher, sequence, type Late } from 'rxjs-clocked-dispatch';
import { describe, test } from 'vitest';
import { coalesced, dispatched, run } from '../rows.js';
import { marbles } from '../support.js';

describe('sequence: order and ticks', () => {
  test(
    'lets a message wait for those that are missing before it',
    dispatched(
      sequence(),
      `
      left > odd       a1 -  c5 -  -  b3
      right > even     -  x2 -  y4 -  -
      odd              a1 _2 -  -  -  (b3 _4 c5)
      even             _1 x2 -  -  -  (_3 y4 _5)
      `,
    ),
  );

  test(
    'gives a tie to whom comes first, and refuses the other',
    dispatched(
      sequence(),
      `
      left > view      a1 -  b2 |
      right > view     x1 y2 -  |
      view             a1 y2 -  |
      `,
    ),
  );

  test(
    'lets one tick stand for many',
    dispatched(
      (m) => [sequence(), coalesced(m)],
      `
      web > orders     b2 a1 -  -  -  -  c3
      orders           -  (  a1 b2 )  -  c3
      log              -  -  -  -  _2 -  -  -  -  _3
      `,
    ),
  );

  test(
    'delivers what a handler sends after the message at hand, to everybody',
    marbles((m) => {
      const dispatcher = createDispatcher<string>(sequence());
      const receivers = run(
        m,
        dispatcher,
        `
      web > orders     a1 -  -  -  b3
      orders           (  a1 _2 )  (b3 _4)
      alerts           (  _1 A2 )  (_3 B4)
      `,
      );
      const echo = dispatcher.sender('echo', 'alerts');
      receivers.get('orders')?.subscribe(([value, ts]) => {
        if (value !== null && value !== 'z') echo.next([value.toUpperCase(), ts + 1]);
      });
    }),
  );
});

describe('sequence: joins, leaves and errors', () => {
  test(
    'waits for the next number, whoever brings it',
    dispatched(
      sequence(),
      `
      left > view      b2 -  -  -  |
      late > view      -  -  -  a1 -  -  -  |
      late joins       -  -  ^
      view             -  -  -  (  a1 b2 )  |
      `,
    ),
  );

  test(
    'tells a late subscriber the clock',
    dispatched(
      sequence(),
      `
      web > *          a1 b2 -  c3 |
      orders           a1 b2 -  c3 |
      orders reads     -  -  ^
      orders           -  -  _2 c3 |
      `,
    ),
  );

  test(
    'fails a receiver after what is still held for it; others go on',
    dispatched(
      sequence(),
      `
      left > view      b2 #
      right > log      -  -  -  x1 -  -  -  y3 |
      view             -  -  -  (_1 b2 #)
      log              -  -  -  (  x1 _2 )  y3 |
      `,
    ),
  );
});

describe('sequence: gaps and overflow', () => {
  test(
    'gives up what is missing for too long, and diverts it when it comes after all',
    marbles((m) => {
      const dispatcher = createDispatcher<string>(
        sequence({ gap: { skipAfter: 4 }, late: 'divert', scheduler: m.scheduler }),
      );
      const late: Late<string> = { source: 'left', value: 'b', ts: 2, clock: 4, receivers: ['view'] };
      run(
        m,
        dispatcher,
        `
      left > view      a1 -  d4 -  -  -  -  -  -  -  -  b2 e5 |
      view             a1 -  -  -  -  -  d4 -  -  -  -  -  e5 |
      `,
      );
      m.expect(dispatcher.gaps$).toBeObservable('      -  -  -  -  -  -  g  -  -  -  -  -', {
        g: { from: 2, to: 3 },
      });
      m.expect(dispatcher.late$).toBeObservable('      -  -  -  -  -  -  -  -  -  -  -  b', { b: late });
    }),
  );

  test(
    'keeps waiting no longer than for the gap: what comes in time stops the timer',
    dispatched(
      ({ scheduler }) => sequence({ gap: { skipAfter: 4 }, scheduler }),
      `
      left > view      b2 -  -  a1 -  -  -  c3 |
      view             -  -  -  (  a1 b2 )  c3 |
      `,
    ),
  );

  test(
    'fails the receivers when nobody is left to bridge a gap',
    dispatched(
      sequence({ gap: 'error' }),
      `
      left > view      a1 c3 |
      view             a1 -  #
      `,
      { error: new GapError(2, 2) },
    ),
  );

  test(
    'drops what a slow reader leaves no room for, and tells its timestamp',
    dispatched(
      [sequence(), { bound: 2, overflow: 'drop-newest' }],
      `
      left > view      a1 b2 c3 -  -  -  d4
      view pulls       -  -  -  p  p  p  p
      view             -  -  -  a1 b2 _3 d4
      `,
    ),
  );
});
