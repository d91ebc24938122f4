import { sequence, serialize, watermark } from 'rxjs-clocked-dispatch';
import { describe, test } from 'vitest';
import { piped } from '../rows.js';

describe('clockedDispatch', () => {
  test(
    'numbers the messages of its sources',
    piped(
      serialize(),
      `
      web > orders     a  -  c  |
      web heard        ^  -  -  !
      desk > alerts    -  b  -  -  |
      desk heard       ^  -  -  -  !
      orders           a1 _2 c3 |
      alerts           _1 b2 _3 -  |
      result           -  -  -  -  |
      `,
    ),
  );

  test(
    'reorders by watermark',
    piped(
      watermark(),
      `
      left > view      a2 -  _4 |
      right > view     -  b1 _2 _3 |
      view             -  b1 a2 _3 |
      result           -  -  -  -  |
      `,
    ),
  );

  test(
    'reorders by sequence',
    piped(
      sequence(),
      `
      left > view      b2 -  -  -  -  |
      right > view     -  a1 |
      view             -  (  a1 b2 )  |
      result           -  -  -  -  -  |
      `,
    ),
  );

  test(
    'takes sources that the outer Observable brings later',
    piped(
      serialize(),
      `
      web > orders     a  |
      desk > orders    -  -  -  -  b  |
      desk joins       -  -  -  ^
      desk heard       -  -  -  ^  -  !
      orders           a1 -  -  -  b2 |
      result           -  -  -  -  -  |
      `,
    ),
  );

  test(
    'waits for a source that joins, from its joining',
    piped(
      watermark(),
      `
      left > view      a1 -  -  b2 -  |
      late > view      -  -  -  -  _2 -  |
      late joins       -  ^
      view             a1 -  -  -  b2 -  |
      `,
    ),
  );

  test(
    'fails only the receivers of a source that fails, after its data',
    piped(
      serialize(),
      `
      web > orders     a  #
      desk > alerts    -  -  b  |
      orders           a1 #
      alerts           _1 -  b2 |
      result           -  -  -  |
      `,
    ),
  );

  test(
    'tells a late subscriber the clock',
    piped(
      serialize(),
      `
      web > orders     a  b  -  c  |
      orders           a1 b2 -  c3 |
      orders reads     -  -  ^
      orders           -  -  _2 c3 |
      `,
    ),
  );

  test(
    'tears every source down when it is unsubscribed, and emits nothing more',
    piped(
      serialize(),
      `
      web > orders     a  -  c  -  d  |
      web heard        ^  -  -  !
      desk > alerts    -  b  -  -  -  |
      desk heard       ^  -  -  !
      late > alerts    -  -  -  -  -  |
      late joins       -  -  -  -  ^
      orders           a1 _2 c3
      alerts           _1 b2 _3
      result reads     ^  -  -  !
      result           -  -  -  -
      `,
    ),
  );

  test(
    'goes on for others when a subscriber of one receiver leaves',
    piped(
      serialize(),
      `
      web > *          a  b  c  |
      web heard        ^  -  -  !
      orders reads     ^  !
      orders           a1
      alerts           a1 b2 c3 |
      `,
    ),
  );
});
