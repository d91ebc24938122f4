import { LateMessageError, createDispatcher, watermark } from 'rxjs-clocked-dispatch';
import { describe, test } from 'vitest';
import { coalesced, dispatched, run } from '../rows.js';
import { marbles } from '../support.js';

describe('watermark: order and ticks', () => {
  test(
    'lets a message go when every source has reached its timestamp',
    dispatched(
      watermark(),
      `
      left > arrivals      a1 -  d4 -  -  -
      right > departures   -  b2 -  _3 -  _5
      arrivals             -  a1 _2 _3 -  d4
      departures           -  _1 b2 _3 -  _4
      `,
    ),
  );

  test(
    'gives a tie to whom joined first, values before the tick',
    dispatched(
      watermark(),
      `
      left > view      -  -  a1 -  -  -  _2
      right > view     x1 -  -  -  -  -  -  _2
      view             -  -  (  a1 x1 )  -  _2
      log              -  -  _1 -  -  -  -  _2
      `,
    ),
  );

  test(
    'lets one tick stand for many',
    dispatched(
      (m) => [watermark(), coalesced(m)],
      `
      web > orders     a1 b5 c7 -  -  d9
      orders           a1 b5 c7 -  -  d9
      log              -  -  -  _7 -  -  -  -  _9
      `,
    ),
  );

  test(
    'takes what runs backwards within the declared disorder',
    dispatched(
      watermark(),
      `
      left > view      b3 a1 c4 |
      view             _1 a1 _2 (b3 c4 |)
      `,
      { senders: { left: { disorder: 2 } } },
    ),
  );

  test(
    'lets a receiver wait only for its own sources where asked to',
    dispatched(
      watermark({ frontier: 'receiver' }),
      `
      fast > ahead     a1 b2 -  |
      slow > behind    -  -  -  x1 -  |
      ahead            a1 b2 -  |
      behind           -  -  -  x1 -  |
      `,
    ),
  );

  test(
    'delivers what a handler sends after the message at hand',
    marbles((m) => {
      const dispatcher = createDispatcher<string>(watermark());
      const receivers = run(
        m,
        dispatcher,
        `
      web > orders     a1 -  -  -  b2
      log > alerts     _1 -  -  -  _2
      orders           a1 -  -  -  b2
      alerts           (  _1 A1 )  (_2 B2)
      `,
      );
      receivers.get('orders')?.subscribe(([value, ts]) => {
        if (value !== null && value !== 'z') {
          const echo = dispatcher.sender(`echo ${ts}`, 'alerts');
          echo.next([value.toUpperCase(), ts]);
          echo.complete();
        }
      });
    }),
  );
});

describe('watermark: joins, leaves and silence', () => {
  test(
    'waits no longer for who leaves, and from its joining for who joins',
    dispatched(
      watermark(),
      `
      left > view      a1 -  b3 -  -  c5 -  -  |
      right > view     -  |
      late > view      -  -  -  -  -  -  -  _6 -  |
      late joins       -  -  -  ^
      view             -  a1 b3 -  -  -  -  c5 _6 |
      log              -  _1 _3 -  -  -  -  _5 _6
      `,
    ),
  );

  test(
    'waits no longer for a silent source, until it speaks again',
    dispatched(
      ({ scheduler }) => watermark({ idleAfter: 4, scheduler }),
      `
      left > view      a1 -  -  -  -  b2 -  -  -  -  -  |
      silent > view    -  -  -  -  -  -  -  c3 -  -  -  |
      view             -  -  -  -  a1 b2 -  -  -  c3 -  |
      `,
    ),
  );

  test(
    'tells a late subscriber the clock',
    dispatched(
      watermark(),
      `
      web > *          a4 -  -  b7 |
      orders           a4 -  -  b7 |
      orders reads     -  ^
      orders           -  _4 -  b7 |
      log joins        -  -  ^
      log              -  -  _4 b7 |
      `,
    ),
  );
});

describe('watermark: errors, lateness and overflow', () => {
  test(
    'fails a receiver after what is still held for it; others go on',
    dispatched(
      watermark(),
      `
      left > view      a1 b5 #
      right > log      _1 -  -  -  x5 -  -  -  |
      view             a1 -  -  -  (b5 #)
      log              _1 -  -  -  x5 -  -  -  |
      `,
    ),
  );

  test(
    'fails the source that is late, and no other',
    dispatched(
      watermark(),
      `
      left > view      b5 -  a2 c6
      right > log      _5 -  -  -  x7 |
      view             b5 -  #
      log              _5 -  -  -  x7 |
      `,
      { error: new LateMessageError('left', 2, 5) },
    ),
  );

  test(
    'drops what is late where asked to',
    dispatched(
      watermark({ late: 'drop' }),
      `
      left > view      b5 -  a2 c6 |
      view             b5 -  -  c6 |
      `,
    ),
  );

  test(
    'diverts what is late where asked to',
    marbles((m) => {
      const dispatcher = createDispatcher<string>(watermark({ late: 'divert' }));
      const late = { source: 'left', value: 'a', ts: 2, clock: 5, receivers: ['view'] };
      run(
        m,
        dispatcher,
        `
      left > view      b5 -  a2 c6 |
      view             b5 -  -  c6 |
      `,
      );
      m.expect(dispatcher.late$).toBeObservable('      -  -  a', { a: late });
    }),
  );

  test(
    'drops what finds no room behind held messages',
    dispatched(
      [watermark(), { bound: 2, overflow: 'drop-newest' }],
      `
      left > view      a1 b2 c3
      right > view     -  -  -  _9
      view             -  -  -  (a1 b2 _3)
      `,
    ),
  );
});
