import { whenClock, type Clocked } from 'rxjs-clocked-dispatch';
import { jsonCodec, openDispatcher } from 'rxjs-clocked-dispatch/log';
import { describe, expect, test } from 'vitest';
import { rejection, turn } from '../../support/async.js';
import { CALM, FlakyLog } from './flaky-log.js';

/** A log that pushes, and how often it was followed. */
function pushingLog(): { log: FlakyLog; followed: number[] } {
  const log = new FlakyLog().pushing();
  const followed: number[] = [];
  const follow = log.follow!;
  log.follow = (after, options) => {
    followed.push(after);
    return follow(after, options);
  };
  return { log, followed };
}

function entry(value: number, to = ['a']) {
  return { messages: [{ value: `${value}`, to }], at: 0 };
}

function told<T>(receiver: { subscribe(next: (item: Clocked<T>) => void): unknown }): Clocked<T>[] {
  const items: Clocked<T>[] = [];
  receiver.subscribe((item) => items.push(item));
  return items;
}

describe('a log that pushes', () => {
  test('is followed once for all receivers, from the first of them on', async () => {
    const { log, followed } = pushingLog();
    const dispatcher = await openDispatcher<number>(log);
    const sender = dispatcher.sender('s', 'a');
    await sender.send(1);
    await turn();
    expect(followed).toEqual([]);

    const [a, b] = [dispatcher.receiver('a'), dispatcher.receiver('b')];
    const items = [told(a), told(b)];
    expect(followed).toEqual([1]);
    await whenClock(sender.send(2), [a, b]);
    expect(items).toEqual([[[2, 2]], [[null, 2]]]);
    expect(followed).toEqual([1]);
  });

  test('law 47: a receiver that fell back reads pages, and goes on behind what was pushed', async () => {
    const { log } = pushingLog();
    const dispatcher = await openDispatcher<number>(log, { bound: 2, page: 3 });
    const [fast, slow] = [dispatcher.receiver('a'), dispatcher.receiver('slow', { addressedTo: 'a' })];
    const items = told(fast);
    const sender = dispatcher.sender('s', 'a');
    await whenClock(
      Promise.all(Array.from({ length: 20 }, (_, i) => sender.send(i + 1))).then(() => 20),
      fast,
    );
    expect(items).toHaveLength(20);
    expect(log.reads).toBe(0);

    const read: number[] = [];
    for await (const [value] of slow) {
      if (value !== null) read.push(value);
      if (read.length === 20) break;
    }
    expect(read).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(log.reads).toBeGreaterThan(0);
  });

  test('what fails it is told to all receivers; the next one follows it anew', async () => {
    const { log, followed } = pushingLog();
    const dispatcher = await openDispatcher<number>(log);
    const follow = log.follow!;
    log.follow = () => ({
      [Symbol.asyncIterator]: () => ({ next: () => turn().then(() => Promise.reject(new Error('gone'))) }),
    });
    const errors = ['a', 'b'].map((name) =>
      rejection(new Promise((_, reject) => dispatcher.receiver(name).subscribe({ error: reject }))),
    );
    await expect(Promise.all(errors)).resolves.toMatchObject([{ message: 'gone' }, { message: 'gone' }]);

    log.follow = follow;
    const again = told(dispatcher.receiver('again', { addressedTo: 'a' }));
    await dispatcher.sender('s', 'a').send(1);
    await turn();
    expect([again, followed]).toEqual([[[1, 1]], [0]]);
  });

  test('where it ends, receivers do, too', async () => {
    const { log } = pushingLog();
    log.follow = () => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
    });
    const dispatcher = await openDispatcher<number>(log);
    const ended = rejection(new Promise((_, reject) => dispatcher.receiver('a').subscribe({ error: reject })));

    expect(await ended).toMatchObject({ name: 'LogClosedError' });
  });

  test('law 52: a position that is not known here yet is looked up, and refused where the log has it not', async () => {
    const { log } = pushingLog();
    const dispatcher = await openDispatcher<number>(log);
    // Of somebody else, who is faster.
    const others = Object.create(log, { last: { value: 0 } }) as FlakyLog;
    const dispatcherBehind = await openDispatcher<number>(others);
    await log.inner.append([entry(1), entry(2), entry(3)]);
    const items = told(dispatcherBehind.receiver('a', { from: 2 }));
    const beyond = dispatcher.receiver('b', { from: 4 });

    expect(await rejection(new Promise((_, reject) => beyond.subscribe({ error: reject })))).toMatchObject({
      name: 'LogPositionError',
      given: 4,
      last: 3,
    });
    await turn();
    expect(items).toEqual([[3, 3]]);
  });

  test('close tells what was stored here, then ends', async () => {
    const { log } = pushingLog();
    const dispatcher = await openDispatcher<number>(log);
    const items: unknown[] = [];
    dispatcher.receiver('a').subscribe({ next: (item) => items.push(item), complete: () => items.push('end') });
    const sent = dispatcher.sender('s', 'a').send(1);
    await dispatcher.close();

    await expect(sent).resolves.toBe(1);
    expect(items).toEqual([[1, 1], 'end']);
  });

  test('law 47: who joins while a codec takes its time is told what comes next, too', async () => {
    const log = new FlakyLog(CALM).pushing();
    const held: (() => void)[] = [];
    const json = jsonCodec<number>();
    const dispatcher = await openDispatcher<number>(log, {
      codec: {
        name: 'slow',
        encode: (value) => json.encode(value as number),
        decode: async (stored) => {
          await new Promise<void>((resolve) => held.push(resolve));
          return json.decode(stored as string);
        },
      },
    });
    const a = told(dispatcher.receiver('a'));
    await log.inner.append([entry(1), entry(2, ['b'])]);
    while (held.length === 0) await turn();
    const b = told(dispatcher.receiver('b'));
    for (let turns = 0; turns < 20; turns++) {
      held.splice(0).forEach((go) => go());
      await turn();
    }

    expect([a, b]).toEqual([
      [
        [1, 1],
        [null, 2],
      ],
      [[2, 2]],
    ]);
  });
});
