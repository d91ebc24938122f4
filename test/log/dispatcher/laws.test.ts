import { ALL, whenClock, type Clocked } from 'rxjs-clocked-dispatch';
import { memoryLog, openDispatcher, type EventLog } from 'rxjs-clocked-dispatch/log';
import { describe, expect, test } from 'vitest';
import { rejection, turn } from '../../support/async.js';
import { CALM, FlakyLog, refusedOnce } from './flaky-log.js';

/** What a receiver is told. */
function told<T>(receiver: { subscribe(next: (item: Clocked<T>) => void): unknown }): Clocked<T>[] {
  const items: Clocked<T>[] = [];
  receiver.subscribe((item) => items.push(item));
  return items;
}

async function until(condition: () => boolean): Promise<void> {
  for (let turns = 0; !condition(); turns++) {
    if (turns > 5000) throw new Error('it never came to be');
    await turn();
  }
}

/** A log with the values 1 to n, addressed to `a`. */
async function filled(n: number, log: EventLog = memoryLog()): Promise<EventLog> {
  const dispatcher = await openDispatcher<number>(log);
  const sender = dispatcher.sender('s', 'a');
  await Promise.all(Array.from({ length: n }, (_, i) => sender.send(i + 1)));
  await dispatcher.close();
  return log;
}

describe('law 40: what send resolved with is in the log, at its position', () => {
  test('values, names, id, meta and time are stored', async () => {
    const log = memoryLog();
    const dispatcher = await openDispatcher<string>(log);
    const before = Date.now();
    const ts = await dispatcher.sender('s', ['a', 'b', 'a']).send('x', { id: 'i', meta: { schema: 2 } });

    const [[entry, at]] = (await log.read(0, 10)) as unknown as [[{ at: number }, number]];
    expect(at).toBe(ts);
    expect(entry).toEqual({
      messages: [{ value: '"x"', to: ['a', 'b'] }],
      id: 'i',
      meta: { schema: 2 },
      at: expect.any(Number) as number,
    });
    expect(entry.at).toBeGreaterThanOrEqual(before);
  });

  test('a dispatcher opened later goes on behind', async () => {
    const log = await filled(3);
    const dispatcher = await openDispatcher<number>(log);

    expect(dispatcher.clock).toBe(3);
    await expect(dispatcher.sender('s', 'a').send(4)).resolves.toBe(4);
  });
});

describe('law 41: a transaction is one entry at one position', () => {
  test('each receiver gets its own message of it, and all learn of the position once', async () => {
    const log = memoryLog();
    const dispatcher = await openDispatcher<string>(log);
    const [a, b] = [dispatcher.sender('sa', 'a'), dispatcher.sender('sb', 'b')];
    const items = ['a', 'b', 'c'].map((name) => told(dispatcher.receiver(name)));

    await expect(
      dispatcher.transact([
        [a, 'x'],
        [b, 'y'],
      ]),
    ).resolves.toBe(1);
    expect(items).toEqual([[['x', 1]], [['y', 1]], [[null, 1]]]);
    expect(log.last).toBe(1);
  });

  test('at most one message for each name, and from senders of this dispatcher only', async () => {
    const dispatcher = await openDispatcher<string>(memoryLog());
    const [a, all] = [dispatcher.sender('a', ['a', 'b']), dispatcher.broadcaster('all')];
    const stranger = (await openDispatcher<string>(memoryLog())).sender('a', 'a');

    await expect(
      dispatcher.transact([
        [a, 'x'],
        [a, 'y'],
      ]),
    ).rejects.toThrow(
      "given an array of 2 as 'messages': expected at most one message for each name, and 'a' has more",
    );
    await expect(
      dispatcher.transact([
        [a, 'x'],
        [all, 'y'],
      ]),
    ).rejects.toThrow('at most one message for each name');
    await expect(dispatcher.transact([[stranger, 'x']])).rejects.toThrow('a sender of this dispatcher');
    await expect(dispatcher.transact([])).rejects.toMatchObject({ name: 'InvalidArgumentError' });
    expect(dispatcher.clock).toBe(0);
  });
});

test('law 42: what is sent again with its id gets its first position, and is told once', async () => {
  const dispatcher = await openDispatcher<string>(memoryLog());
  const items = told(dispatcher.receiver('a'));
  const [one, other] = [dispatcher.sender('one', 'a'), dispatcher.sender('other', 'a')];

  await expect(one.send('x', { id: 'i' })).resolves.toBe(1);
  await expect(other.send('x', { id: 'i' })).resolves.toBe(1);
  await expect(one.send('y')).resolves.toBe(2);
  expect(items).toEqual([
    ['x', 1],
    ['y', 2],
  ]);
});

describe('law 43: what is missing is an error', () => {
  test.each([1, 3, 5])('a hole at %i fails who reads there', async (missing) => {
    const log = new FlakyLog(CALM, await filled(5));
    log.missing = missing;
    const dispatcher = await openDispatcher<number>(log);
    const receiver = dispatcher.receiver('a', { from: 0 });

    expect(await rejection(new Promise((_, reject) => receiver.subscribe({ error: reject })))).toMatchObject({
      name: 'LogDamagedError',
      from: missing,
      to: missing,
    });
  });
});

describe('law 46: stored, then told, then acknowledged', () => {
  test('nobody is told of what is not stored', async () => {
    const log = new FlakyLog();
    log.held = [];
    const dispatcher = await openDispatcher<number>(log);
    const items = told(dispatcher.receiver('a'));
    const sent = dispatcher.sender('s', 'a').send(1);
    await turn();
    expect(items).toEqual([]);
    expect(dispatcher.clock).toBe(0);
    expect(dispatcher.stats()).toMatchObject({ waiting: 1, stored: 0, head: 0 });

    log.held[0]?.();
    await sent;
    expect(items).toEqual([[1, 1]]);
    expect(dispatcher.stats()).toMatchObject({ waiting: 0, stored: 1, head: 1 });
  });

  test('after send resolves, whenClock at a live receiver resolves', async () => {
    const dispatcher = await openDispatcher<number>(memoryLog());
    const receivers = ['a', 'b', 'c'].map((name) => dispatcher.receiver(name));
    receivers.forEach((receiver) => receiver.subscribe());
    const sender = dispatcher.sender('s', 'a');
    for (let i = 1; i <= 3; i++) {
      const ts = await sender.send(i);
      expect(receivers.map(({ settled }) => settled)).toEqual([ts, ts, ts]);
      await expect(whenClock(ts, receivers, { timeout: 1000 })).resolves.toBe(ts);
    }
  });

  test('a handler that sends finds its message behind those that are stored with the one it is told', async () => {
    const dispatcher = await openDispatcher<number>(memoryLog());
    const sender = dispatcher.sender('s', 'a');
    const items: Clocked<number>[] = [];
    dispatcher.receiver('a').subscribe((item) => {
      items.push(item);
      if (item[0] === 1) void sender.send(100);
    });
    await Promise.all([1, 2, 3].map((value) => sender.send(value)));
    await dispatcher.flush();

    expect(items).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
      [100, 4],
    ]);
  });
});

describe('law 47: a receiver gets what comes after its position', () => {
  test.each([1, 2, 3, 100])('read in pages of %i, with the time of what is for others', async (page) => {
    const log = await filled(3);
    const dispatcher = await openDispatcher<number>(log, { page });
    const [all, some] = [told(dispatcher.receiver('a', { from: 0 })), told(dispatcher.receiver('x', { from: 1 }))];
    const rest = told(dispatcher.receiver('y', { from: 2, addressedTo: 'a' }));
    await until(() => all.length === 3 && (some.at(-1)?.[1] ?? 0) === 3 && rest.length === 1);

    expect(all).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(some.every(([value]) => value === null)).toBe(true);
    expect(rest).toEqual([[3, 3]]);
    expect(dispatcher.stats().receivers.map(({ live, lag }) => [live, lag])).toEqual([
      [true, 0],
      [true, 0],
      [true, 0],
    ]);
  });

  test('by default, from now on', async () => {
    const dispatcher = await openDispatcher<number>(await filled(3));
    const items = told(dispatcher.receiver('a'));
    await dispatcher.sender('s', 'a').send(4);

    expect(items).toEqual([[4, 4]]);
  });

  test('by several names: each message of a transaction, and through with it after the last', async () => {
    const dispatcher = await openDispatcher<string>(memoryLog());
    const [a, b, c] = ['a', 'b', 'c'].map((name) => dispatcher.sender(name, name)) as [
      ReturnType<typeof dispatcher.sender>,
      ReturnType<typeof dispatcher.sender>,
      ReturnType<typeof dispatcher.sender>,
    ];
    const receiver = dispatcher.receiver('ab', { addressedTo: ['a', 'b'], bound: 1 });
    const settled: number[] = [];
    const items: Clocked<string>[] = [];
    receiver.subscribe((item) => {
      items.push(item);
      settled.push(receiver.settled);
    });
    await dispatcher.transact([
      [a, 'x'],
      [b, 'y'],
      [c, 'z'],
    ]);
    await until(() => receiver.settled === 1);

    expect(items).toEqual([
      ['x', 1],
      ['y', 1],
    ]);
    expect(settled[0]).toBe(0);
    expect(receiver.strict).toBe(false);
    await expect(whenClock(1, receiver, { timeout: 1000 })).resolves.toBe(1);
  });

  test('by all names, and a broadcast comes once', async () => {
    const dispatcher = await openDispatcher<string>(memoryLog());
    const items = told(dispatcher.receiver('all', { addressedTo: ALL }));
    const [x, y] = [told(dispatcher.receiver('x', { addressedTo: ['x', 'y'] })), told(dispatcher.receiver('y'))];
    await dispatcher.broadcaster('to all').send('hello');
    await dispatcher.sender('s', ['x', 'y']).send('you');

    expect([items, x, y]).toEqual(
      Array(3).fill([
        ['hello', 1],
        ['you', 2],
      ]),
    );
  });

  test('entries of others come in their turn, before and between its own', async () => {
    const log = new FlakyLog();
    const [here, there] = [
      await openDispatcher<string>(log),
      await openDispatcher<string>(new FlakyLog({ ...CALM, delay: () => 2 }, log.inner)),
    ];
    const [one, other] = [told(here.receiver('a')), told(there.receiver('a'))];
    const [mine, theirs] = [here.sender('s', 'a'), there.sender('s', 'a')];
    for (let i = 0; i < 10; i++) await Promise.all([mine.send(`m${i}`), theirs.send(`t${i}`), theirs.send(`u${i}`)]);
    await until(() => one.length === 30 && other.length === 30);

    const stored = (await log.contents()).map(([{ messages }, ts]) => [
      JSON.parse(messages[0]!.value as string) as string,
      ts,
    ]);
    expect(one).toEqual(stored);
    expect(other).toEqual(stored);
    expect(here.clock).toBe(30);
  });
});

describe('law 48: a full receiver makes nobody wait', () => {
  test('it holds its bound and one page, and gets the rest when there is room', async () => {
    const log = new FlakyLog();
    const dispatcher = await openDispatcher<number>(log, { page: 4 });
    const receiver = dispatcher.receiver('slow', { addressedTo: 'a', bound: 2 });
    const fast = told(dispatcher.receiver('fast', { addressedTo: 'a' }));
    const sender = dispatcher.sender('s', 'a');
    for (let i = 1; i <= 50; i++) await sender.send(i);
    expect(fast.length).toBe(50);

    const values: number[] = [];
    for await (const [value, ts] of receiver) {
      const { queued, held, live } = dispatcher.stats().receivers[0]!;
      expect(queued).toBeLessThanOrEqual(2);
      expect(held).toBeLessThanOrEqual(4);
      if (ts < 40) expect(live).toBe(false);
      if (value !== null) values.push(value);
      if (ts === 50) break;
    }
    expect(values).toEqual(fast.map(([value]) => value));
  });

  test('bound 0 is a hand-off', async () => {
    const dispatcher = await openDispatcher<number>(await filled(3));
    const receiver = dispatcher.receiver('a', { from: 0, bound: 0 });
    await turn();
    expect(dispatcher.stats().receivers[0]).toMatchObject({ queued: 0, held: 3 });
    const items: Clocked<number>[] = [];
    for await (const item of receiver) {
      items.push(item);
      if (item[1] === 3) break;
    }
    expect(items.filter(([value]) => value !== null)).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });

  test('one that is read again after a while is live again', async () => {
    const dispatcher = await openDispatcher<number>(memoryLog());
    const receiver = dispatcher.receiver('a', { bound: 1 });
    const sender = dispatcher.sender('s', 'a');
    for (let i = 1; i <= 5; i++) await sender.send(i);
    expect(dispatcher.stats().receivers[0]).toMatchObject({ live: false, lag: 5 });
    const items = told(receiver);
    await until(() => items.length === 5);
    await turn();

    expect(dispatcher.stats().receivers[0]).toMatchObject({ live: true, lag: 0 });
    await sender.send(6);
    expect(items.at(-1)).toEqual([6, 6]);
  });
});

describe('law 49: a failed append', () => {
  test('moves no clock, and every waiting call is told why', async () => {
    const log = new FlakyLog({ delay: () => 1, fails: () => 'refused' });
    const dispatcher = await openDispatcher<number>(log);
    const items = told(dispatcher.receiver('a'));
    const sender = dispatcher.sender('s', 'a');
    const errors = await Promise.all([1, 2].map((value) => rejection(sender.send(value))));

    expect(errors).toMatchObject([{ message: 'refused' }, { message: 'refused' }]);
    expect([dispatcher.clock, items, log.last]).toEqual([0, [], 0]);
    expect(dispatcher.stats()).toMatchObject({ offered: 2, accepted: 0, refused: 2 });
    log.weather = CALM;
    await expect(sender.send(3)).resolves.toBe(1);
  });
});

test('what a sender that has left is given counts as refused, as in memory', async () => {
  const dispatcher = await openDispatcher<number>(memoryLog());
  const sender = dispatcher.sender('s', 'a');
  await sender.send(1);
  sender.complete();
  sender.next(2);
  await rejection(sender.send(3));
  await rejection(dispatcher.transact([[sender, 4]]));

  expect(dispatcher.stats()).toMatchObject({ offered: 4, accepted: 1, refused: 3 });
});

describe('law 50: behind a next that could not be stored its sender stores nothing', () => {
  test('what waits and what comes later', async () => {
    const log = new FlakyLog(refusedOnce());
    const failures: unknown[] = [];
    const dispatcher = await openDispatcher<number>(log, {
      batch: 1,
      onSenderFailure: (failure) => failures.push(failure),
    });
    const [sender, other] = [dispatcher.sender('s', 'a'), dispatcher.sender('other', 'a')];
    sender.next(1);
    sender.next(2);
    const behind = rejection(sender.send(3));
    await expect(other.send(4)).resolves.toBe(1);
    await behind;
    sender.next(5);
    await dispatcher.flush();

    const stored = (await log.contents()).map(([{ messages }]) => messages[0]?.value);
    expect(stored).toEqual(['4']);
    expect(sender.closed).toBe(true);
    expect(sender.failure).toMatchObject({ message: 'refused' });
    expect(failures).toMatchObject([{ sender: 's', error: { message: 'refused' } }]);
    await expect(sender.send(6)).rejects.toThrow('refused');
  });

  test('beyond maxWaiting, next fails its sender; what came before is stored', async () => {
    const log = new FlakyLog();
    const dispatcher = await openDispatcher<number>(log, { maxWaiting: 2 });
    const sender = dispatcher.sender('s', 'a');
    for (let i = 1; i <= 5; i++) sender.next(i);
    await dispatcher.flush();
    sender.next(6);
    await dispatcher.flush();

    expect((await log.contents()).map(([{ messages }]) => messages[0]?.value)).toEqual(['1', '2']);
    expect(sender.failure).toMatchObject({ name: 'LogBusyError' });
  });

  test('a send that is refused does not end its sender', async () => {
    const dispatcher = await openDispatcher<unknown>(memoryLog());
    const sender = dispatcher.sender('s', 'a');
    await expect(sender.send(new Date())).rejects.toMatchObject({ name: 'UnstorableValueError' });
    await expect(sender.send(null)).rejects.toMatchObject({ name: 'NullValueError' });
    await expect(sender.send(1)).resolves.toBe(1);
    expect(() => sender.next(undefined)).toThrow('undefined');
    await expect(sender.send(2)).rejects.toMatchObject({ name: 'UnstorableValueError' });
  });
});

describe('law 52: a position that this log has not is refused with both values', () => {
  test('of another log, beyond the end, before what was trimmed', async () => {
    const log = await filled(5);
    await log.trim(2);
    const dispatcher = await openDispatcher<number>(log);

    expect(() => dispatcher.receiver('a', { from: { log: 'another', ts: 3 } })).toThrow("the log 'another'");
    expect(() => dispatcher.receiver('a', { from: 6 })).toThrow('ends at 5');
    expect(() => dispatcher.receiver('a', { from: 1 })).toThrow('trimmed up to 2');
    expect(() => dispatcher.receiver('a', { from: -1 })).toThrow('an integer from 0 on');
    expect(() => dispatcher.receiver('a', { from: {} as never })).toThrow('{ log, ts }');
    expect(dispatcher.stats().receivers).toEqual([]);
    const items = told(dispatcher.receiver('a', { from: { log: log.id, ts: 2 } }));
    await until(() => items.length === 3);
    expect(items.map(([, ts]) => ts)).toEqual([3, 4, 5]);
  });

  test('a saved position goes on where its consumers were', async () => {
    const log = await filled(5);
    const dispatcher = await openDispatcher<number>(log);
    const receiver = dispatcher.receiver('a', { from: 0 });
    for await (const [, ts] of receiver) if (ts === 3) break;
    const { position } = receiver;
    receiver.close();
    expect([position, receiver.position]).toEqual(Array(2).fill({ log: log.id, ts: 3 }));

    const items = told(dispatcher.receiver('a', { from: position }));
    await until(() => items.length === 2);
    expect(items).toEqual([
      [4, 4],
      [5, 5],
    ]);
  });
});

test('law 47: what was stored without an answer is told before what comes after it, also where nothing is watched', async () => {
  const log = new FlakyLog();
  delete log.watch;
  const dispatcher = await openDispatcher<string>(log);
  const items = told(dispatcher.receiver('a'));
  const sender = dispatcher.sender('s', 'a');
  log.weather = { ...CALM, fails: (operation) => operation === 'append' && 'lost' };
  await rejection(sender.send('lost'));
  log.weather = CALM;
  await sender.send('next');
  await turn();

  expect(items).toEqual([
    ['lost', 1],
    ['next', 2],
  ]);
});

test('law 47: what others stored while a message waited is told also where that one is taken back', async () => {
  const log = memoryLog();
  const dispatcher = await openDispatcher<string>(log);
  const items = told(dispatcher.receiver('a'));
  const takenBack = new AbortController();
  const sent = rejection(dispatcher.sender('s', 'a').send('own', { signal: takenBack.signal }));
  const stored = log.append([{ messages: [{ value: '"other"', to: ['a'] }], at: 0 }]);
  takenBack.abort();
  await Promise.all([sent, stored]);
  await turn();

  expect(items).toEqual([['other', 1]]);
});

describe('the end', () => {
  test('close stores what was sent, completes receivers, and leaves the log open', async () => {
    const log = memoryLog();
    const dispatcher = await openDispatcher<number>(log);
    const sender = dispatcher.sender('s', 'a');
    const items = told(dispatcher.receiver('a'));
    const ended = new Promise<void>((resolve) => dispatcher.receiver('b').subscribe({ complete: resolve }));
    sender.next(1);
    const sent = sender.send(2);
    await dispatcher.close();

    await expect(sent).resolves.toBe(2);
    await ended;
    expect(items).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(dispatcher.closed).toBe(true);
    await expect(sender.send(3)).rejects.toMatchObject({ name: 'ClosedError' });
    expect(() => dispatcher.receiver('c')).toThrow('closed');
    expect(() => dispatcher.sender('t', 'a')).toThrow('closed');
    await expect(log.head()).resolves.toEqual({ trimmed: 0, last: 2 });
    await dispatcher.close();
  });

  test.each(['reads', 'pushes'])(
    'close tells what was stored here also behind what others store, where the log %s',
    async (how) => {
      const log = new FlakyLog({ ...CALM, delay: () => 3 });
      if (how === 'pushes') log.pushing();
      const dispatcher = await openDispatcher<string>(log);
      const items = told(dispatcher.receiver('a'));
      const sent = dispatcher.sender('s', 'a').send('own');
      await turn();
      await log.inner.append([{ messages: [{ value: '"other"', to: ['a'] }], at: 0 }]);
      await dispatcher.close();

      await expect(sent).resolves.toBe(2);
      expect(items).toEqual([
        ['other', 1],
        ['own', 2],
      ]);
    },
  );

  test('await using closes it', async () => {
    const dispatcher = await openDispatcher<number>(memoryLog());
    await (dispatcher as unknown as AsyncDisposable)[Symbol.asyncDispose]();
    expect(dispatcher.closed).toBe(true);
  });

  test('a receiver knows its dispatcher, whose stats$ ends with it', async () => {
    const dispatcher = await openDispatcher<number>(memoryLog());
    expect(dispatcher.receiver('a').dispatcher).toBe(dispatcher);
    const heads: number[] = [];
    const ended = new Promise<void>((resolve) =>
      dispatcher.stats$(10_000).subscribe({ next: ({ head }) => heads.push(head), complete: resolve }),
    );
    await dispatcher.sender('s', 'a').send(1);
    await dispatcher.close();
    await ended;
    expect(heads).toEqual([0, 1]);
  });
});
