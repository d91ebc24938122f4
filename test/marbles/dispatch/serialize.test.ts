import { OverflowError, createDispatcher, serialize } from 'rxjs-clocked-dispatch';
import { describe, test } from 'vitest';
import { coalesced, dispatched, run } from '../rows.js';
import { marbles } from '../support.js';

describe('serialize: order and ticks', () => {
  test(
    'numbers messages as they come, and tells everybody of each',
    dispatched(
      serialize(),
      `
      web > orders     a  -  -  c  -  |
      desk > alerts    -  b  -  -  d  -  |
      orders           a1 _2 -  c3 _4 |
      alerts           _1 b2 -  _3 d4 -  |
      `,
    ),
  );

  test(
    'gives a tie to whom comes first',
    dispatched(
      serialize(),
      `
      left > view      a  -  -  -  b
      right > view     x  -  -  -  y
      view             (  a1 x2 )  (b3 y4)
      log              (  _1 _2 )  (_3 _4)
      `,
    ),
  );

  test(
    'gives one message to several receivers at one timestamp',
    dispatched(
      serialize(),
      `
      web > orders+log     a  -  b  |
      orders               a1 -  b2 |
      log                  a1 -  b2 |
      alerts               _1 -  _2
      `,
    ),
  );

  test(
    'lets one tick stand for many',
    dispatched(
      (m) => [serialize(), coalesced(m)],
      `
      web > orders     a  b  c  -  -  d
      orders           a1 b2 c3 -  -  d4
      log              -  -  -  _3 -  -  -  -  _4
      `,
    ),
  );

  test(
    'delivers what a handler sends after the message at hand, to everybody',
    marbles((m) => {
      const dispatcher = createDispatcher<string>(serialize());
      dispatcher.receiver('log');
      const receivers = run(
        m,
        dispatcher,
        `
      web > orders     a  -  -  -  b
      orders           (  a1 _2 )  (b3 _4)
      alerts           (  _1 A2 )  (_3 B4)
      `,
      );
      const echo = dispatcher.sender('echo', 'alerts');
      receivers.get('orders')?.subscribe(([value]) => {
        if (value !== null && value !== 'z') echo.next(value.toUpperCase());
      });
    }),
  );
});

describe('serialize: joins and leaves', () => {
  test(
    'goes on with the sources that are left, and completes with the last',
    dispatched(
      serialize(),
      `
      web > orders     a  -  -  |
      desk > orders    -  -  -  -  b  |
      desk joins       -  ^
      orders           a1 -  -  -  b2 |
      `,
    ),
  );

  test(
    'tells a receiver that joins how far time is',
    dispatched(
      serialize(),
      `
      web > *          a  -  b  -  c  |
      orders           a1 -  b2 -  c3 |
      log joins        -  ^
      log              -  _1 b2 -  c3 |
      `,
    ),
  );

  test(
    'gives the first subscriber what waits, and later ones the clock',
    dispatched(
      serialize(),
      `
      web > orders     a  b  -  -  -  -  c  |
      orders reads     -  -  ^
      orders           -  -  (  a1 b2 )  c3 |
      orders reads     -  -  -  -  -  ^
      orders           -  -  -  -  -  _2 c3 |
      log reads        -  -  -  -  -  ^  -  !
      log              -  -  -  -  -  _2 _3
      `,
    ),
  );

  test(
    'gives to a next subscriber what came after the last one left',
    dispatched(
      serialize(),
      `
      web > orders     a  b  c  -  d  -  -  -  -  -  e  |
      orders reads     ^  !
      orders           a1
      orders reads     -  -  -  -  -  ^
      orders           -  -  -  -  -  (  b2 c3 d4 )  e5 |
      `,
    ),
  );
});

describe('serialize: errors and overflow', () => {
  test(
    'fails the receiver of a source that fails, after its data; others go on',
    dispatched(
      serialize(),
      `
      web > orders     a  #
      desk > alerts    -  -  b  |
      orders           a1 #
      alerts           _1 -  b2 |
      `,
    ),
  );

  test(
    'keeps an error behind what waits',
    dispatched(
      serialize(),
      `
      web > orders     a  b  #
      orders reads     -  -  -  ^
      orders           -  -  -  (a1 b2 #)
      `,
    ),
  );

  test(
    'takes an error for completion where asked to',
    dispatched(
      [serialize(), { sourceError: 'complete' }],
      `
      web > orders     a  #
      desk > orders    -  -  b  |
      orders           a1 -  b2 |
      `,
    ),
  );

  test(
    'drops the oldest, the newest, or fails, where a slow reader leaves no room',
    dispatched(
      [serialize(), { bound: 2 }],
      `
      web > *          a  b  c  -  -  -  d
      oldest pulls     -  -  -  p  p  p  p
      oldest           -  -  -  b2 c3 -  d4
      newest pulls     -  -  -  p  p  p  p
      newest           -  -  -  a1 b2 _3 d4
      failing pulls    -  -  -  p  p  p
      failing          -  -  -  a1 b2 #
      `,
      {
        receivers: { oldest: { overflow: 'drop-oldest' }, newest: { overflow: 'drop-newest' } },
        error: new OverflowError('failing', 2, 3),
      },
    ),
  );
});
