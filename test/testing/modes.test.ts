import { of } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import {
  ALL,
  clockedDispatch,
  createDispatcher,
  sequence,
  serialize,
  source,
  watermark,
  type ClockedReceiver,
} from 'rxjs-clocked-dispatch';
import { clocked, explain, marblesOf } from 'rxjs-clocked-dispatch/testing';
import { describe, expect, test } from 'vitest';
import { marbles } from '../marbles/support.js';

describe('serialize: the dispatcher assigns the timestamps', () => {
  test(
    'every receiver learns of every message when it is sent',
    marbles((m) => {
      const web = m.hot('    a  -  -  c  -  |   ');
      const desk = m.hot('   -  b  -  -  d  -  |');
      const orders = '       a1 _2 -  c3 _4 |   ';
      const alerts = '       _1 b2 -  _3 d4 -  |';

      const dispatcher = createDispatcher<string>(serialize());
      const [toOrders, ordersReceiver] = dispatcher.channel('web', 'orders');
      const [toAlerts, alertsReceiver] = dispatcher.channel('desk', 'alerts');
      web.subscribe(toOrders);
      desk.subscribe(toAlerts);

      m.expect(ordersReceiver).toBeObservable(...clocked(orders));
      m.expect(alertsReceiver).toBeObservable(...clocked(alerts));
    }),
  );

  test(
    'one tick stands for many where a scheduler coalesces them',
    marbles((m) => {
      const web = m.hot('    a  b  c  -  -  d');
      const log = '          -  -  -  _3 -  -  -  -  _4';

      const every3ms = { now: () => m.scheduler.now(), schedule: (work: () => void) => m.scheduler.schedule(work, 3) };
      const dispatcher = createDispatcher<string>(serialize(), { ticks: every3ms });
      const [toOrders] = dispatcher.channel('web', 'orders');
      const [, logReceiver] = dispatcher.channel('log', 'log');
      web.subscribe(toOrders);

      m.expect(logReceiver).toBeObservable(...clocked<never>(log));
    }),
  );
});

describe('watermark: messages leave by timestamp, once every source has reached theirs', () => {
  test(
    'a source that lags holds the others',
    marbles((m) => {
      const left = m.hot(...clocked('    a1 -  d4 -  -  |            '));
      const right = m.hot(...clocked('   -  b2 -  _3 -  _5 -  -  -  |'));
      const view = '                     -  a1 b2 _3 -  ( d4 _5 )   |';

      const dispatcher = createDispatcher<string>(watermark());
      const receiver = dispatcher.receiver('view');
      left.subscribe(dispatcher.sender('left', 'view'));
      right.subscribe(dispatcher.sender('right', 'view'));

      m.expect(receiver).toBeObservable(...clocked(view));
    }),
  );

  test(
    'a source that stays silent is no longer waited for',
    marbles((m) => {
      const left = m.hot(...clocked('    a1 -  -  -  -  b2'));
      const silent = m.hot(...clocked('  -  -  -  -  -  - '));
      const view = '                     -  -  -  -  a1 b2';

      const dispatcher = createDispatcher<string>(watermark({ idleAfter: 4, scheduler: m.scheduler }));
      const receiver = dispatcher.receiver('view');
      left.subscribe(dispatcher.sender('left', 'view'));
      silent.subscribe(dispatcher.sender('silent', 'view'));

      m.expect(receiver, '^-----!').toBeObservable(...clocked(view));
    }),
  );
});

describe('sequence: consecutive timestamps over all sources together', () => {
  test(
    'a message waits for those that are missing before it',
    marbles((m) => {
      const left = m.hot(...clocked('    a1 -  d4 -  b2'));
      const right = m.hot(...clocked('   -  c3 -  -  - '));
      const view = '                     a1 -  -  -  (b2 c3 d4)';

      const dispatcher = createDispatcher<string>(sequence());
      const receiver = dispatcher.receiver('view');
      left.subscribe(dispatcher.sender('left', 'view'));
      right.subscribe(dispatcher.sender('right', 'view'));

      m.expect(receiver).toBeObservable(...clocked(view));
    }),
  );
});

describe('the operator, recorded', () => {
  test('rows of all receivers, to be pasted into a bug report', () => {
    const scheduler = new TestScheduler(explain((actual, expected) => expect(actual).toStrictEqual(expected)));
    const report = scheduler.run(({ hot, flush }) => {
      const web = hot('         a  -  -  c  |');
      const admin = hot('       -  -  b  -  -  |');
      const receivers: Record<string, ClockedReceiver<string>> = {};
      of(source('web', web, { to: 'orders' }), source('admin', admin, { to: ALL }))
        .pipe(clockedDispatch(serialize(), { receivers: ['orders', 'alerts'] }))
        .subscribe((receiver) => {
          receivers[receiver.name] = receiver;
        });
      const run = marblesOf(receivers);
      flush();
      return String(run);
    });
    expect(report).toBe(
      [
        'orders a1 - b2 c3 - |', //
        'alerts _1 - b2 _3 - |',
      ].join('\n'),
    );
  });
});
