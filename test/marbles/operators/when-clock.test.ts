import { NEVER, Observable, of, Subject } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import {
  type Clocked,
  clockedDispatch,
  type ClockedReceiver,
  ClockNotReachedError,
  concatMapValue,
  createDispatcher,
  filterValue,
  holdUntil,
  InvalidArgumentError,
  InvalidMessageError,
  InvalidOptionError,
  InvalidTimestampError,
  mapValue,
  mergeClocked,
  NoClockError,
  reorder,
  scanValue,
  serialize,
  source,
  tapValue,
  UnknownOptionError,
  watermark,
  whenClock,
} from 'rxjs-clocked-dispatch';
import { describe, expect, test } from 'vitest';
import { CountingScheduler } from '../../support/counting-scheduler.js';
import { unhandledIn } from '../../support/unhandled.js';

/** What a promise has come to, once everything that is due has been done. */
async function outcome(promise: Promise<unknown>): Promise<unknown> {
  const pending = new Promise((resolve) => setTimeout(resolve, 0, 'pending'));
  return Promise.race([promise.catch((error: unknown) => error), pending]);
}

describe('whenClock', () => {
  describe('on receivers', () => {
    test('reads your own writes: resolves when all views are there', async () => {
      const dispatcher = createDispatcher<string>(serialize());
      const [send, orders] = dispatcher.channel('web', 'orders');
      const totals = dispatcher.receiver('totals');
      const shown: unknown[] = [];
      orders.subscribe((message) => shown.push(message));

      const visible = whenClock(send.send('a'), [orders, totals]);
      await expect(outcome(visible)).resolves.toBe('pending');

      totals.subscribe((message) => shown.push(message));
      await expect(visible).resolves.toBe(1);
      expect(shown).toEqual([
        ['a', 1],
        [null, 1],
      ]);
    });

    test('resolves at once where they are there already', async () => {
      const dispatcher = createDispatcher<string>(serialize());
      const [send, orders] = dispatcher.channel('web', 'orders');
      orders.subscribe();
      send.next('a');
      send.next('b');
      await expect(whenClock(1, orders)).resolves.toBe(1);
      await expect(whenClock(2, orders)).resolves.toBe(2);
    });

    test('takes nothing from a receiver, and waits for who reads it', async () => {
      const dispatcher = createDispatcher<string>(serialize());
      const [send, orders] = dispatcher.channel('web', 'orders');
      const visible = whenClock(await send.send('a'), orders);
      await expect(outcome(visible)).resolves.toBe('pending');
      await expect(orders.receive()).resolves.toEqual(['a', 1]);
      await expect(visible).resolves.toBe(1);
    });

    test('waits until nothing can follow at the timestamp, where timestamps can repeat', async () => {
      const dispatcher = createDispatcher<string>(watermark());
      const [source, view] = dispatcher.channel('source', 'view');
      view.subscribe();
      const visible = whenClock(5, view);

      source.next(['a', 5]);
      await expect(outcome(visible)).resolves.toBe('pending');
      source.next(['b', 5]);
      await expect(outcome(visible)).resolves.toBe('pending');
      source.next([null, 6]);
      await expect(visible).resolves.toBe(5);
    });

    test('a receiver that was told nothing is where its numbering begins, or nowhere', async () => {
      const dispatcher = createDispatcher<string>(serialize({ seed: 10 }));
      const [send, orders] = dispatcher.channel('web', 'orders');
      orders.subscribe();
      await expect(whenClock(10, orders)).resolves.toBe(10);
      const visible = whenClock(11, orders);
      await expect(outcome(visible)).resolves.toBe('pending');
      send.next('a');
      await expect(visible).resolves.toBe(11);

      const view = createDispatcher<string>(watermark()).receiver('view');
      await expect(whenClock(-5, view, { timeout: 0 })).rejects.toThrow("'view' never ticked");
    });

    test('names who ends before, and where', async () => {
      const dispatcher = createDispatcher<string>(serialize());
      const [send, orders] = dispatcher.channel('web', 'orders');
      const [, audit] = dispatcher.channel('log', 'audit');
      const totals = dispatcher.receiver('totals');
      orders.subscribe();
      audit.subscribe();
      send.next('a');
      const visible = whenClock(2, [orders, audit, totals]);
      audit.close();
      const error = await outcome(visible);
      expect(error).toBeInstanceOf(ClockNotReachedError);
      expect(error).toMatchObject({
        name: 'ClockNotReachedError',
        message: "timestamp 2 can no longer be reached: 'orders' is at 1, 'audit' completed at 1, 'totals' is at 0",
        ts: 2,
        behind: [
          { name: 'orders', clock: 1, state: 'behind' },
          { name: 'audit', clock: 1, state: 'completed' },
          { name: 'totals', clock: 0, state: 'behind' },
        ],
      });
    });

    test('names who fails before, and why', async () => {
      const dispatcher = createDispatcher<string>(serialize());
      const [send, orders] = dispatcher.channel('web', 'orders');
      orders.subscribe({ error: () => undefined });
      const visible = whenClock(1, { all: orders });
      send.error(new RangeError('gone'));
      const error = await outcome(visible);
      expect(error).toMatchObject({
        message: "timestamp 1 can no longer be reached: 'all' failed at 0",
        cause: new RangeError('gone'),
      });
    });

    test('resolves where a receiver ends at the timestamp', async () => {
      const dispatcher = createDispatcher<string>(watermark());
      const [source, view] = dispatcher.channel('source', 'view');
      view.subscribe();
      const visible = whenClock(5, view);
      source.next(['a', 5]);
      source.complete();
      await expect(visible).resolves.toBe(5);
      await expect(whenClock(5, view)).resolves.toBe(5);
      await expect(whenClock(6, view)).rejects.toThrow("timestamp 6 can no longer be reached: 'view' completed at 5");
    });
  });

  describe('on other streams', () => {
    test('refuses them, where nothing says when they are through with a timestamp', async () => {
      const stream = new Subject<Clocked<string>>();
      await expect(whenClock(2, stream)).rejects.toThrow(NoClockError);
      await expect(whenClock(2, { view: stream.pipe(mapValue((value) => value)) })).rejects.toThrow("'view'");
      expect(stream.observed).toBe(false);
    });

    test('subscribes them until they are there, where timestamps never repeat', async () => {
      const streams = { left: new Subject<Clocked<string>>(), right: new Subject<Clocked<string>>() };
      const visible = whenClock(2, streams, { strict: true });
      streams.left.next(['a', 2]);
      await expect(outcome(visible)).resolves.toBe('pending');
      streams.right.next([null, 5]);
      await expect(visible).resolves.toBe(2);
      expect(Object.values(streams).map(({ observed }) => observed)).toEqual([false, false]);
    });

    test('stops an endless synchronous one', async () => {
      let ts = 0;
      const endless = new Observable<Clocked<string>>((subscriber) => {
        while (!subscriber.closed) subscriber.next(['a', ++ts]);
      });
      await expect(whenClock(3, endless, { strict: true })).resolves.toBe(3);
      expect(ts).toBe(3);
    });

    test('refuses what they bring, where it is no message', async () => {
      await expect(whenClock(3, of('a' as unknown as Clocked<string>), { strict: true })).rejects.toThrow(
        InvalidMessageError,
      );
      await expect(whenClock(3, of(['a', '3'] as unknown as Clocked<string>), { strict: true })).rejects.toThrow(
        InvalidMessageError,
      );
    });

    test('listens before the timestamp is known', async () => {
      const stream = new Subject<Clocked<string>>();
      const write = new Subject<number>();
      const ts = new Promise<number>((resolve) => write.subscribe(resolve));
      const visible = whenClock(ts, [stream], { strict: true });
      stream.next(['a', 1]);
      write.next(1);
      await expect(visible).resolves.toBe(1);
    });

    test('names them by their place or key', async () => {
      const strict = { strict: true };
      await expect(whenClock(2, of<Clocked<string>>(['a', 1]), strict)).rejects.toThrow("'stream' completed at 1");
      await expect(whenClock(2, [of()], strict)).rejects.toThrow("'0' completed before it ticked");
      await expect(whenClock(2, { view: of() }, strict)).rejects.toThrow("'view' completed before it ticked");
    });
  });

  describe('gives up', () => {
    test('after the timeout, on the given scheduler, and leaves no timer', async () => {
      const scheduler = new TestScheduler(() => undefined);
      const stream = new Subject<Clocked<string>>();
      const visible = whenClock(7, { orders: stream, alerts: NEVER }, { timeout: 100, scheduler, strict: true });
      stream.next(['a', 5]);
      scheduler.flush();
      await expect(visible).rejects.toThrow(
        "timestamp 7 was not reached within 100 ms: 'orders' is at 5, 'alerts' never ticked",
      );
      expect(scheduler.now()).toBe(100);
      expect(stream.observed).toBe(false);

      const reached = whenClock(1, of<Clocked<string>>(['a', 2]), { timeout: 100, scheduler, strict: true });
      await expect(reached).resolves.toBe(1);
      expect(scheduler.actions.filter((action) => !action.closed)).toEqual([]);
    });

    test('after the timeout, naming only who is behind', async () => {
      const scheduler = new TestScheduler(() => undefined);
      const visible = whenClock(
        7,
        { orders: NEVER, alerts: of<Clocked<string>>([null, 8]) },
        { timeout: 50, scheduler, strict: true },
      );
      scheduler.flush();
      await expect(visible).rejects.toMatchObject({ behind: [{ name: 'orders', clock: undefined, state: 'behind' }] });
    });

    test('after the timeout, also on a write that was never accepted', async () => {
      const never = new Promise<number>(() => undefined);
      const visible = whenClock(never, { orders: NEVER }, { timeout: 1, strict: true });
      await expect(visible).rejects.toThrow(
        "timestamp (still to come) was not reached within 1 ms: 'orders' never ticked",
      );
      await expect(visible).rejects.toHaveProperty('ts', undefined);
    });

    test('with the reason of the signal', async () => {
      const abort = new AbortController();
      const stream = new Subject<Clocked<string>>();
      const visible = whenClock(1, stream, { signal: abort.signal, strict: true });
      abort.abort(new RangeError('left'));
      await expect(visible).rejects.toThrow(new RangeError('left'));
      expect(stream.observed).toBe(false);

      await expect(whenClock(1, stream, { signal: abort.signal, strict: true })).rejects.toThrow(
        new RangeError('left'),
      );
    });

    test('with the reason for which the write was refused', async () => {
      const stream = new Subject<Clocked<string>>();
      const visible = whenClock(Promise.reject(new RangeError('full')), stream, { strict: true });
      await expect(visible).rejects.toThrow(new RangeError('full'));
      expect(stream.observed).toBe(false);
    });

    test('does nothing more once it is settled', async () => {
      const abort = new AbortController();
      const stream = new Subject<Clocked<string>>();
      let write: (ts: number) => void = () => undefined;
      const ts = new Promise<number>((resolve) => (write = resolve));
      const visible = whenClock(ts, stream, { signal: abort.signal, strict: true });
      abort.abort(new RangeError('left'));
      write(1);
      await expect(visible).rejects.toThrow(new RangeError('left'));
    });
  });

  describe('refuses', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const receiver = dispatcher.receiver('receiver');

    test.each([NaN, 0.5, 2 ** 53, Infinity, '', '1', 1n, undefined, null, {}, [], Promise.resolve('1')])(
      'the timestamp %s',
      async (ts) => {
        await expect(whenClock(ts as number, receiver)).rejects.toThrow(InvalidTimestampError);
      },
    );

    test.each([undefined, null, '', 7, {}, [], [undefined], { view: 'view' }, [receiver, {}], () => receiver])(
      'the receivers %s',
      async (receivers) => {
        await expect(whenClock(1, receivers as never)).rejects.toThrow(InvalidArgumentError);
      },
    );

    test('a revoked Proxy for receivers', async () => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      await expect(whenClock(1, [proxy] as never)).rejects.toThrow(InvalidArgumentError);
      await expect(whenClock(1, proxy as never)).rejects.toThrow(InvalidArgumentError);
    });

    test.each([
      { timeout: NaN },
      { timeout: -1 },
      { timeout: '1' },
      { scheduler: {} },
      { signal: {} },
      { strict: 'yes' },
    ])('the options %o', async (options) => {
      await expect(whenClock(1, receiver, options as never)).rejects.toThrow(InvalidOptionError);
    });

    test('options that it does not have', async () => {
      await expect(whenClock(1, receiver, { timout: 1 } as never)).rejects.toThrow("did you mean 'timeout'?");
      await expect(whenClock(1, receiver, { timout: 1 } as never)).rejects.toThrow(UnknownOptionError);
    });
  });

  describe('a write that is refused is handled', () => {
    const refused = (): Promise<number> => Promise.reject(new RangeError('refused'));
    const dispatcher = createDispatcher<string>(serialize());
    const receiver = dispatcher.receiver('receiver');

    test('whatever is wrong with the rest', async () => {
      const unhandled = await unhandledIn(async () => {
        await whenClock(refused(), receiver, { signal: AbortSignal.abort(new Error('gone')) }).catch(() => undefined);
        await whenClock(refused(), receiver, { timeout: -1 }).catch(() => undefined);
        await whenClock(refused(), [] as never).catch(() => undefined);
        await whenClock(refused(), NEVER).catch(() => undefined);
        await whenClock(new Promise<number>((_, reject) => setTimeout(reject, 2)), receiver, { timeout: 0 }).catch(
          () => undefined,
        );
        await new Promise((resolve) => setTimeout(resolve, 5));
      });
      expect(unhandled).toEqual([]);
    });
  });

  describe('through operators', () => {
    test('a receiver keeps its clock where each message makes one', async () => {
      const dispatcher = createDispatcher<string>(serialize());
      const [send, orders] = dispatcher.channel('web', 'orders');
      const view = orders.pipe(
        mapValue((value) => value.length),
        filterValue((length) => length > 1),
        scanValue((sum: number, length) => sum + length, 0),
        tapValue(() => undefined),
      );
      const visible = whenClock(2, view);
      view.subscribe();
      send.next('a');
      await expect(outcome(visible)).resolves.toBe('pending');
      send.next('bb');
      await expect(visible).resolves.toBe(2);
      await expect(whenClock(9, { view }, { timeout: 0 })).rejects.toThrow("'view' is at 2");
      await expect(whenClock(9, view, { timeout: 0 })).rejects.toThrow("'orders' is at 2");
    });

    test('one that holds, delays or repeats has as many clocks as readers, and is refused', async () => {
      const [, orders] = createDispatcher<string>(serialize()).channel('web', 'orders');
      for (const operator of [
        concatMapValue((value: string) => [value]),
        holdUntil<string>(orders),
        reorder<string>({ disorder: 0 }),
        mergeClocked(orders),
      ]) {
        await expect(whenClock(1, orders.pipe(operator))).rejects.toThrow(NoClockError);
      }
    });
  });

  describe('settles', () => {
    test('at zero and below', async () => {
      const stream = new Subject<Clocked<string>>();
      const visible = [-2, -1, 0].map((ts) => whenClock(ts, stream, { strict: true }));
      for (const ts of [-3, -2, 0]) stream.next([null, ts]);
      await expect(Promise.all(visible)).resolves.toEqual([-2, -1, 0]);
    });

    test.each(['subscribe', 'tryReceive'] as const)('when the receiver ends, however it is read: %s', async (how) => {
      const dispatcher = createDispatcher<string>(serialize());
      const [send, view] = dispatcher.channel('web', 'view');
      const [other] = dispatcher.channel('other', 'elsewhere');
      other.next('a tick for view');
      const [reached, beyond] = [whenClock(1, view), whenClock(5, view)];
      send.complete();
      if (how === 'subscribe') view.subscribe();
      else view.tryReceive();
      await expect(reached).resolves.toBe(1);
      await expect(beyond).rejects.toThrow("'view' completed");
      await expect(whenClock(1, view)).resolves.toBe(1);
    });

    test('when the result of the operator is unsubscribed', async () => {
      const input = new Subject<string>();
      let view!: ClockedReceiver<string>;
      const running = of(source('web', input, { to: 'view' }))
        .pipe(clockedDispatch(serialize(), { receivers: ['view'] }))
        .subscribe((receiver) => {
          view = receiver;
        });
      view.subscribe();
      input.next('a');
      const before = whenClock(5, view);
      running.unsubscribe();
      await expect(before).rejects.toThrow(ClockNotReachedError);
      await expect(whenClock(5, view)).rejects.toThrow(ClockNotReachedError);
      await expect(whenClock(1, view)).resolves.toBe(1);
    });

    test('and leaves neither listener nor timer nor waiter behind', async () => {
      const scheduler = new CountingScheduler();
      let listeners = 0;
      const signal = {
        aborted: false,
        addEventListener: () => {
          listeners++;
        },
        removeEventListener: () => {
          listeners--;
        },
      };
      const [send, view] = createDispatcher<string>(serialize()).channel('web', 'view');
      view.subscribe();
      for (let ts = 1; ts <= 5; ts++) {
        const waits = [ts, ts + 1].map((wanted) => whenClock(wanted, view, { signal, scheduler, timeout: 10 }));
        send.next('a');
        await waits[0];
        scheduler.pass(10);
        await expect(waits[1]).rejects.toThrow(ClockNotReachedError);
      }
      expect([listeners, scheduler.pending]).toEqual([0, 0]);
    });

    test('only after its time, which may be longer than any timer', async () => {
      const scheduler = new CountingScheduler();
      const view = createDispatcher<string>(serialize()).receiver('view');
      const month = 40 * 24 * 60 * 60 * 1000;
      const wait = whenClock(1, view, { timeout: month, scheduler });
      expect(scheduler.longest).toBeLessThan(2 ** 31);
      scheduler.pass(month - 1);
      await expect(outcome(wait)).resolves.toBe('pending');
      scheduler.pass(1);
      await expect(wait).rejects.toThrow(ClockNotReachedError);
      expect(scheduler.pending).toBe(0);
    });
  });

  test('a handler that waits for a later timestamp of its own receiver waits for itself, until the timeout', async () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [send, orders] = dispatcher.channel('web', 'orders');
    send.next('a');
    const handler = async (): Promise<void> => {
      for await (const [value] of orders) {
        if (value === 'a') await whenClock(send.send('b'), orders, { timeout: 5 });
      }
    };
    await expect(handler()).rejects.toThrow("timestamp 2 was not reached within 5 ms: 'orders' is at 1");
  });
});
