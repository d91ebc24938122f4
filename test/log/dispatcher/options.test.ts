import { ALL, type Clocked } from 'rxjs-clocked-dispatch';
import { memoryLog, openDispatcher, type Codec, type Entry } from 'rxjs-clocked-dispatch/log';
import { describe, expect, test } from 'vitest';
import { rejection, turn } from '../../support/async.js';
import { unhandledIn } from '../../support/unhandled.js';
import { CALM, FlakyLog } from './flaky-log.js';

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

/** Writes a value backwards, and takes so many turns for it. */
function slowCodec(turns: (value: string) => number): Codec<string, string> {
  const work = async (value: string): Promise<string> => {
    for (let left = turns(value); left > 0; left--) await turn();
    if (value === 'bad' || value === 'dab') throw new Error('can not be written');
    return Array.from(value).reverse().join('');
  };
  return { name: 'backwards', encode: work, decode: work };
}

describe('codec', () => {
  test('one that takes its time keeps the order of the calls', async () => {
    const log = memoryLog();
    const codec = slowCodec((value) => 5 - value.length);
    const dispatcher = await openDispatcher<string>(log, { codec: codec });
    const items = told(dispatcher.receiver('a'));
    const sender = dispatcher.sender('s', 'a');
    const all = ['a', 'ab', 'abc', 'abcd'].map((value) => sender.send(value));
    sender.next('next');
    expect(dispatcher.stats().waiting).toBe(5);
    await expect(Promise.all(all)).resolves.toEqual([1, 2, 3, 4]);
    await dispatcher.flush();

    expect(items.map(([value]) => value)).toEqual(['a', 'ab', 'abc', 'abcd', 'next']);
    expect((await log.read(0, 2)).map(([{ messages }]) => messages[0]?.value)).toEqual(['a', 'ba']);
    const again = told(dispatcher.receiver('again', { from: 0, addressedTo: 'a' }));
    await until(() => again.length === 5);
    expect(again).toEqual(items);
  });

  test('a value that it can not write is refused, and nothing else', async () => {
    const dispatcher = await openDispatcher<string>(memoryLog(), { codec: slowCodec(() => 1) });
    const [sender, other] = [dispatcher.sender('s', 'a'), dispatcher.sender('o', 'a')];
    const bad = rejection(sender.send('bad'));
    const good = sender.send('good');
    expect(await bad).toMatchObject({ message: 'can not be written' });
    await expect(good).resolves.toBe(1);

    other.next('bad');
    other.next('behind');
    await dispatcher.close();
    expect(dispatcher.clock).toBe(1);
    expect(other.failure).toMatchObject({ message: 'can not be written' });
    expect(dispatcher.stats()).toMatchObject({ accepted: 1, refused: 3, waiting: 0 });
  });

  test('what is being encoded counts for maxWaiting', async () => {
    const options = { codec: slowCodec(() => 1) as Codec, maxWaiting: 2 };
    const dispatcher = await openDispatcher<string>(memoryLog(), options);
    const sender = dispatcher.sender('s', 'a');
    const all = [sender.send('a'), sender.send('b')];
    await expect(sender.send('c')).rejects.toMatchObject({ name: 'LogBusyError', maxWaiting: 2 });
    await expect(Promise.all(all)).resolves.toEqual([1, 2]);
  });

  test('law 27: what fails before its turn, is refused, or stands beside what is, is not left unhandled', async () => {
    const unhandled = await unhandledIn(async () => {
      const codec = slowCodec((value) => value.length);
      const dispatcher = await openDispatcher<string>(memoryLog(), { codec, maxWaiting: 2 });
      const [a, b] = [dispatcher.sender('s', 'a'), dispatcher.sender('t', 'b')];
      const outcomes = await Promise.allSettled([a.send('long'), a.send('bad'), a.send('bad')]);
      expect(outcomes).toMatchObject([
        { value: 1 },
        { reason: { message: 'can not be written' } },
        { reason: { name: 'LogBusyError' } },
      ]);

      const messages = [[a, 'bad'] as const, [b, null] as const];
      expect(await rejection(dispatcher.transact(messages))).toMatchObject({ name: 'NullValueError' });
      await dispatcher.close();
    });
    expect(unhandled).toEqual([]);
  });

  test.each(['', 'pushing'])('law 27: nor what can be read no more, beside what fails at once %s', async (how) => {
    const unhandled = await unhandledIn(async () => {
      const inner = memoryLog();
      const log = how === '' ? inner : new FlakyLog(CALM, inner).pushing();
      const decode = (value: string): Promise<string> => {
        if (value === 'at once') throw new Error(value);
        return Promise.reject(new Error(value));
      };
      const dispatcher = await openDispatcher<string>(log, {
        codec: { name: 'none', encode: String, decode },
      });
      const items = dispatcher.receiver('r', { addressedTo: ['a', 'b'], from: 0 });
      const [a, b] = [dispatcher.sender('s', 'a'), dispatcher.sender('t', 'b')];
      await Promise.all([a.send('late'), b.send('at once')]);
      await dispatcher.transact([
        [a, 'late'],
        [b, 'at once'],
      ]);
      const again = dispatcher.receiver('again', { addressedTo: ['a', 'b'], from: 2 });
      await Promise.allSettled([items.receive(), again.receive()]);
      await dispatcher.close();
    });
    expect(unhandled).toEqual([]);
  });

  test('a receiver that can not decode fails with the reason', async () => {
    const log = memoryLog();
    await log.append([{ messages: [{ value: 'dab', to: ['a'] }], at: 0 }]);
    const dispatcher = await openDispatcher<string>(log, { codec: slowCodec(() => 0) });
    const receiver = dispatcher.receiver('a', { from: 0 });
    const error = await new Promise((resolve) => receiver.subscribe({ error: resolve }));
    expect(error).toMatchObject({ message: 'can not be written' });
  });
});

test('upcast makes entries of today of old ones, whether they are read or told', async () => {
  const log = memoryLog();
  const upcast = (entry: Entry): Entry =>
    entry.meta?.schema === 2
      ? entry
      : { ...entry, messages: entry.messages.map(({ value, to }) => ({ value: { name: value }, to })) };
  const old = await openDispatcher<unknown>(log);
  await old.sender('s', 'a').send('Ann');
  await old.sender('t', 'b').send('for others');
  await old.close();

  const dispatcher = await openDispatcher<{ name: string }>(log, { upcast });
  const items = told(dispatcher.receiver('a', { from: 0 }));
  await until(() => items.length === 2);
  await dispatcher.sender('s', 'a').send({ name: 'Bob' }, { meta: { schema: 2 } });
  expect(items).toEqual([
    [{ name: 'Ann' }, 1],
    [null, 2],
    [{ name: 'Bob' }, 3],
  ]);
});

test('upcast that throws is an error of the receivers, and of nobody else', async () => {
  const unhandled = await unhandledIn(async () => {
    const upcast = (entry: Entry): Entry => {
      if (entry.id === 'bad') throw new Error('can not be upcast');
      return entry;
    };
    const dispatcher = await openDispatcher<string>(memoryLog(), { upcast });
    const items: unknown[] = [];
    dispatcher
      .receiver('a')
      .subscribe({ next: (item) => items.push(item), error: (error: unknown) => items.push(error) });
    const sender = dispatcher.sender('s', 'a');
    const sent = ['good', 'bad'].map((id) => sender.send(id, { id }));
    await expect(Promise.all(sent)).resolves.toEqual([1, 2]);
    await until(() => items.length === 2);

    expect(items).toMatchObject([['good', 1], { message: 'can not be upcast' }]);
    await dispatcher.close();
  });
  expect(unhandled).toEqual([]);
});

describe('names', () => {
  test('without a list, anybody can be written to', async () => {
    const dispatcher = await openDispatcher<number>(memoryLog());
    await expect(dispatcher.sender('s', 'nobody yet').send(1)).resolves.toBe(1);
    const later = told(dispatcher.receiver('nobody yet', { from: 0 }));
    await until(() => later.length === 1);
  });

  test('with a list, a name that is not in it is an error', async () => {
    const dispatcher = await openDispatcher<string>(memoryLog(), { names: ['a', 'b'] });
    expect(() => dispatcher.sender('s', 'c')).toThrow("there are 'a', 'b'");
    expect(() => dispatcher.receiver('c')).toThrow(
      "one of the names 'a', 'b'; where it is left out, it is the own name",
    );
    expect(() => dispatcher.channel('s', 'c')).toThrow("one of the names 'a', 'b'");
    dispatcher.receiver('c', { addressedTo: ALL });
    const sender = dispatcher.sender('s', (value) => value);
    await expect(sender.send('c')).rejects.toMatchObject({ name: 'UnknownReceiverError', receiver: 'c' });
    await expect(sender.send('a')).resolves.toBe(1);
  });

  test('routes that lead nowhere are refused', async () => {
    const dispatcher = await openDispatcher<unknown>(memoryLog());
    const sender = dispatcher.sender('s', (route) => route as string);
    await expect(sender.send([])).rejects.toMatchObject({ name: 'NoReceiverError' });
    for (const route of [7, [7], '', ['']]) {
      await expect(sender.send(route)).rejects.toMatchObject({ name: 'InvalidRouteError' });
    }
    expect(() => dispatcher.receiver('a', { addressedTo: [] })).toThrow('a name, a list of names, or ALL');
    expect(() => dispatcher.receiver('a', { addressedTo: 7 as never })).toThrow('a name, a list of names, or ALL');
    expect(() => dispatcher.sender('s', 'a')).toThrow('exists already');
    dispatcher.receiver('a');
    expect(() => dispatcher.receiver('a')).toThrow('exists already');
    expect(() => dispatcher.channel('s', 'b')).toThrow('exists already');
    expect(dispatcher.stats().receivers.map(({ name }) => name)).toEqual(['a']);
  });

  test('a sender that leaves makes room for another of its name; what it sent is stored', async () => {
    const dispatcher = await openDispatcher<number>(memoryLog());
    const first = dispatcher.sender('s', 'a');
    first.next(1);
    first.complete();
    first.complete();
    first.next(2);
    const second = dispatcher.sender('s', 'a');
    await second.send(3);
    expect(dispatcher.clock).toBe(2);
    await expect(first.send(4)).rejects.toMatchObject({ name: 'ClosedError' });

    second.error(new Error('its source has failed'));
    second.error(new Error('again'));
    expect(second.failure).toEqual(new Error('its source has failed'));
    expect(dispatcher.stats().sources).toEqual([]);
  });
});

describe('ticks', () => {
  const run = async (options: Parameters<typeof openDispatcher>[1]): Promise<Clocked<number>[]> => {
    const dispatcher = await openDispatcher<number>(memoryLog(), options);
    const items = told<number>(dispatcher.receiver('idle'));
    const sender = dispatcher.sender('s', 'a');
    await Promise.all([1, 2, 3].map((value) => sender.send(value)));
    return items;
  };

  test('once for all that was stored together, by default', async () => {
    expect(await run({})).toEqual([[null, 3]]);
  });

  test('with each entry', async () => {
    expect(await run({ ticks: 'each' })).toEqual([
      [null, 1],
      [null, 2],
      [null, 3],
    ]);
  });

  test('by a scheduler', async () => {
    const works: (() => void)[] = [];
    const schedule = (work: () => void) => ({ unsubscribe: () => undefined, closed: works.push(work) > 0 });
    const items = await run({ ticks: { now: () => 0, schedule } });
    expect(items).toEqual([]);
    works.forEach((work) => work());
    expect(items).toEqual([[null, 3]]);
  });
});

test('where what others have appended can not be read, receivers say so', async () => {
  const log = new FlakyLog();
  const dispatcher = await openDispatcher<number>(log);
  const receiver = dispatcher.receiver('a');
  const failed = new Promise((resolve) => receiver.subscribe({ error: resolve }));
  log.weather = { ...CALM, fails: (operation) => (operation === 'read' ? 'refused' : false) };
  await log.inner.append([{ messages: [{ value: '1', to: ['a'] }], at: 0 }]);

  expect(await failed).toMatchObject({ message: 'no reading' });
  expect(receiver.position.ts).toBe(0);
  log.weather = CALM;
  const again = told(dispatcher.receiver('a', { from: receiver.position }));
  await until(() => again.length === 1);
  expect(again).toEqual([[1, 1]]);
});

test('a signal takes a message back that waits', async () => {
  const log = new FlakyLog();
  log.held = [];
  const dispatcher = await openDispatcher<number>(log, { batch: 1 });
  const sender = dispatcher.sender('s', 'a');
  const abort = new AbortController();
  const [first, second] = [sender.send(1), rejection(sender.send(2, { signal: abort.signal }))];
  await turn();
  abort.abort('not any more');
  expect(await second).toBe('not any more');
  log.held.forEach((go) => go());
  await expect(first).resolves.toBe(1);
  expect(dispatcher.clock).toBe(1);
});

test('options are checked', async () => {
  const open = (options: object) => openDispatcher(memoryLog(), options);
  await expect(open({ bound: -1 })).rejects.toThrow("'bound'");
  await expect(open({ page: Infinity })).rejects.toThrow("'page'");
  await expect(open({ ticks: 'never' })).rejects.toThrow("'ticks'");
  await expect(open({ names: 'a' })).rejects.toThrow('a list of names');
  await expect(open({ codec: {} })).rejects.toThrow('encode and decode');
  await expect(open({ upcast: 1 })).rejects.toThrow("'upcast'");
  await expect(open({ nams: ['a'] })).rejects.toThrow("did you mean 'names'?");
  await expect(openDispatcher(undefined as never)).rejects.toThrow('an EventLog');
  const dispatcher = await open({});
  const sender = dispatcher.sender('s', 'a');
  await expect(sender.send(1, { id: '' })).rejects.toThrow("'id'");
  await expect(sender.send(1, { meta: [] as never })).rejects.toThrow("'meta'");
  await expect(sender.send(1, { meta: { when: new Date() } })).rejects.toThrow('$.when is a Date');
  await expect(dispatcher.trim(-1)).rejects.toThrow("'upTo'");
  await expect(dispatcher.trim(0, { force: 1 as never })).rejects.toThrow("'force'");
});
