import { NEVER, of, Subject } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import {
  ClockNotReachedError,
  InvalidOptionError,
  InvalidTimestampError,
  createDispatcher,
  serialize,
  watermark,
  whenClock,
  type Clocked,
} from 'rxjs-clocked-dispatch';
import { describe, expect, test } from 'vitest';

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

    test('a receiver that never ticked has reached nothing, not even the seed', async () => {
      const dispatcher = createDispatcher<string>(serialize({ seed: 10 }));
      const [send, orders] = dispatcher.channel('web', 'orders');
      orders.subscribe();
      const visible = whenClock(10, orders);
      await expect(outcome(visible)).resolves.toBe('pending');
      send.next('a');
      await expect(visible).resolves.toBe(10);
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
        message:
          "timestamp 2 can no longer be reached: 'orders' is at 1, 'audit' completed at 1, 'totals' never ticked",
        ts: 2,
        behind: [
          { name: 'orders', clock: 1, state: 'behind' },
          { name: 'audit', clock: 1, state: 'completed' },
          { name: 'totals', clock: undefined, state: 'behind' },
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
        message: "timestamp 1 can no longer be reached: 'all' failed before it ticked",
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
    test('subscribes them while it waits, and waits until they are beyond', async () => {
      const stream = new Subject<Clocked<string>>();
      const visible = whenClock(2, stream);
      stream.next(['a', 2]);
      await expect(outcome(visible)).resolves.toBe('pending');
      expect(stream.observed).toBe(true);
      stream.next([null, 3]);
      await expect(visible).resolves.toBe(2);
      expect(stream.observed).toBe(false);
    });

    test('or until they are there, where timestamps never repeat', async () => {
      const streams = { left: new Subject<Clocked<string>>(), right: new Subject<Clocked<string>>() };
      const visible = whenClock(2, streams, { strict: true });
      streams.left.next(['a', 2]);
      await expect(outcome(visible)).resolves.toBe('pending');
      streams.right.next([null, 5]);
      await expect(visible).resolves.toBe(2);
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
      await expect(whenClock(2, of<Clocked<string>>(['a', 1]))).rejects.toThrow("'stream' completed at 1");
      await expect(whenClock(2, [of()])).rejects.toThrow("'0' completed before it ticked");
      await expect(whenClock(2, { view: of() })).rejects.toThrow("'view' completed before it ticked");
    });

    test('waits for nobody where there is nobody', async () => {
      await expect(whenClock(7, [])).resolves.toBe(7);
    });
  });

  describe('gives up', () => {
    test('after the timeout, on the given scheduler, and leaves no timer', async () => {
      const scheduler = new TestScheduler(() => undefined);
      const stream = new Subject<Clocked<string>>();
      const visible = whenClock(7, { orders: stream, alerts: NEVER }, { timeout: 100, scheduler });
      stream.next(['a', 5]);
      scheduler.flush();
      await expect(visible).rejects.toThrow(
        "timestamp 7 was not reached within 100 ms: 'orders' is at 5, 'alerts' never ticked",
      );
      expect(scheduler.now()).toBe(100);
      expect(stream.observed).toBe(false);

      const reached = whenClock(1, of<Clocked<string>>(['a', 2]), { timeout: 100, scheduler });
      await expect(reached).resolves.toBe(1);
      expect(scheduler.actions.filter((action) => !action.closed)).toEqual([]);
    });

    test('after the timeout, naming only who is behind', async () => {
      const scheduler = new TestScheduler(() => undefined);
      const visible = whenClock(
        7,
        { orders: NEVER, alerts: of<Clocked<string>>([null, 8]) },
        { timeout: 50, scheduler },
      );
      scheduler.flush();
      await expect(visible).rejects.toMatchObject({ behind: [{ name: 'orders', clock: undefined, state: 'behind' }] });
    });

    test('after the timeout, also on a write that was never accepted', async () => {
      const never = new Promise<number>(() => undefined);
      const visible = whenClock(never, { orders: NEVER }, { timeout: 1 });
      await expect(visible).rejects.toThrow(
        "timestamp (still to come) was not reached within 1 ms: 'orders' never ticked",
      );
      await expect(visible).rejects.toHaveProperty('ts', undefined);
    });

    test('with the reason of the signal', async () => {
      const abort = new AbortController();
      const stream = new Subject<Clocked<string>>();
      const visible = whenClock(1, stream, { signal: abort.signal });
      abort.abort(new RangeError('left'));
      await expect(visible).rejects.toThrow(new RangeError('left'));
      expect(stream.observed).toBe(false);

      await expect(whenClock(1, stream, { signal: abort.signal })).rejects.toThrow(new RangeError('left'));
    });

    test('with the reason for which the write was refused', async () => {
      const stream = new Subject<Clocked<string>>();
      const visible = whenClock(Promise.reject(new RangeError('full')), stream);
      await expect(visible).rejects.toThrow(new RangeError('full'));
      expect(stream.observed).toBe(false);
    });

    test('does nothing more once it is settled', async () => {
      const abort = new AbortController();
      const stream = new Subject<Clocked<string>>();
      let write: (ts: number) => void = () => undefined;
      const ts = new Promise<number>((resolve) => (write = resolve));
      const visible = whenClock(ts, stream, { signal: abort.signal });
      abort.abort(new RangeError('left'));
      write(1);
      await expect(visible).rejects.toThrow(new RangeError('left'));
    });
  });

  test.each([NaN, -1, 0.5])('refuses the timestamp %d', async (ts) => {
    await expect(whenClock(ts, NEVER)).rejects.toThrow(InvalidTimestampError);
  });

  test('refuses a timeout that is no time', async () => {
    await expect(whenClock(1, NEVER, { timeout: NaN })).rejects.toThrow(InvalidOptionError);
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
