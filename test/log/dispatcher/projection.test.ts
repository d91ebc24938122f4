import { lastValueFrom } from 'rxjs';
import { optimistic, whenClock, type Clocked } from 'rxjs-clocked-dispatch';
import {
  memoryLog,
  openDispatcher,
  structuredCodec,
  type DurableDispatcher,
  type DurableProjectionOptions,
  type EventLog,
  type ProjectionProgress,
} from 'rxjs-clocked-dispatch/log';
import { describe, expect, test, vi } from 'vitest';
import { isPending, rejection, turn } from '../../support/async.js';
import { CALM, FlakyLog } from './flaky-log.js';

const SUM: DurableProjectionOptions<number, number> = {
  addressedTo: 'a',
  initial: 0,
  apply: (sum, value) => sum + value,
};

/** A log with the values 1 to n for `a`, each followed by one for `b`. */
async function filled(n: number, log: EventLog = memoryLog()): Promise<EventLog> {
  const dispatcher = await openDispatcher<number>(log);
  const [a, b] = [dispatcher.sender('sa', 'a'), dispatcher.sender('sb', 'b')];
  for (let i = 1; i <= n; i++) {
    await a.send(i);
    await b.send(-i);
  }
  await dispatcher.close();
  return log;
}

async function until(condition: () => boolean): Promise<void> {
  for (let turns = 0; !condition(); turns++) {
    if (turns > 5000) throw new Error('it never came to be');
    await turn();
  }
}

function failureOf(projection: {
  subscribe(observer: { error: (error: unknown) => void }): unknown;
}): Promise<unknown> {
  return new Promise((resolve) => projection.subscribe({ error: resolve }));
}

describe('law 51: a projection is the fold of the log up to its timestamp', () => {
  test('it reads by itself, tells how far it is, and is ready when it has what the log had', async () => {
    const log = new FlakyLog({ ...CALM, delay: () => 3 }, await filled(3));
    const dispatcher = await openDispatcher<number>(log, { page: 2 });
    const sum = dispatcher.projection('sum', SUM);
    const progress: ProjectionProgress[] = [];
    let isOver = false;
    sum.progress$.subscribe({ next: (each) => progress.push(each), complete: () => (isOver = true) });
    expect(await isPending(sum.ready)).toBe(true);
    await sum.ready;

    expect([sum.value, sum.clock, sum.settled, isOver]).toEqual([6, 6, 6, true]);
    expect(progress[0]).toEqual({ at: 0, of: 6 });
    expect(progress.at(-1)).toEqual({ at: 6, of: 6 });
    const late: ProjectionProgress[] = [];
    sum.progress$.subscribe((each) => late.push(each));
    expect(late).toEqual([{ at: 6, of: 6 }]);
  });

  test('it tells a late subscriber the state as it stands, then states and time', async () => {
    const dispatcher = await openDispatcher<number>(await filled(1));
    const sum = dispatcher.projection('sum', SUM);
    await sum.ready;
    const items: Clocked<number>[] = [];
    sum.subscribe((item) => items.push(item));
    await dispatcher.sender('b', 'b').send(5);
    const ts = await dispatcher.sender('a', 'a').send(5);
    await whenClock(ts, sum, { timeout: 1000 });

    expect(items).toEqual([
      [1, 2],
      [null, 3],
      [6, 4],
    ]);
  });

  test('it goes on from what was saved, and folds nothing twice', async () => {
    const log = await filled(3);
    const first = await openDispatcher<number>(log);
    const before = first.projection('sum', SUM);
    await before.ready;
    await first.close();
    expect(await log.load('sum')).toEqual({ ts: 6, version: 1, state: 6 });

    await filled(1, log);
    const folded: number[] = [];
    const apply = (sum: number, value: number): number => sum + folded[folded.push(value) - 1]!;
    const sum = (await openDispatcher<number>(log)).projection('sum', { ...SUM, apply });
    await sum.ready;
    expect([sum.value, sum.clock, folded]).toEqual([7, 8, [1]]);
  });

  test('law 45: its checkpoint moves with time, also while nothing is for it', async () => {
    const log = memoryLog();
    const dispatcher = await openDispatcher<number>(log);
    const sum = dispatcher.projection('sum', { ...SUM, saveEvery: 10 });
    await sum.ready;
    const other = dispatcher.sender('b', 'b');
    for (let i = 1; i <= 25; i++) await other.send(i);
    await until(() => sum.saved >= 20);

    expect(await log.checkpoints()).toEqual([{ name: 'sum', ts: sum.saved }]);
  });

  test('a save that fails is made up for', async () => {
    const log = new FlakyLog({ ...CALM, fails: (operation) => (operation === 'save' ? 'refused' : false) });
    const dispatcher = await openDispatcher<number>(log);
    const sum = dispatcher.projection('sum', { ...SUM, saveEvery: 1 });
    const sender = dispatcher.sender('s', 'a');
    await sender.send(1);
    await sum.ready;
    await expect(sum.save()).rejects.toThrow('no saving');
    expect(sum.saved).toBe(0);
    log.weather = CALM;
    await sender.send(2);
    await until(() => sum.saved === 2);
    expect((await log.load('sum'))?.state).toBe(3);
  });

  test('half of a transaction is not saved', async () => {
    const log = memoryLog();
    const dispatcher = await openDispatcher<number>(log);
    const [a, b] = [dispatcher.sender('sa', 'a'), dispatcher.sender('sb', 'b')];
    let save: Promise<void> | undefined;
    const sum = dispatcher.projection<number>('sum', {
      addressedTo: ['a', 'b'],
      initial: 0,
      apply: (state, value) => {
        save ??= sum.save();
        return state + value;
      },
    });
    await sum.ready;
    await dispatcher.transact([
      [a, 1],
      [b, 10],
    ]);
    await save;
    const saved = (await log.load('sum')) ?? { ts: 0, state: 0 };
    expect(saved).toMatchObject(saved.ts === 0 ? { state: 0 } : { ts: 1, state: 11 });
    await sum.save();
    expect(await log.load('sum')).toMatchObject({ ts: 1, state: 11 });
  });

  test('with a codec of its own its state is written by it, too', async () => {
    const log = memoryLog();
    const options: DurableProjectionOptions<ReadonlyMap<string, number>, string> = {
      addressedTo: 'a',
      initial: new Map(),
      apply: (state, value) => new Map([...state, [value, 1]]),
    };
    const dispatcher = await openDispatcher<string>(log, { codec: structuredCodec() });
    await dispatcher.sender('s', 'a').send('x');
    dispatcher.projection('map', options);
    await dispatcher.projection('other', options).ready;
    await dispatcher.close();
    expect((await log.load('map'))?.state).toBeInstanceOf(Uint8Array);

    const again = (await openDispatcher<string>(log, { codec: structuredCodec() })).projection('map', options);
    await again.ready;
    expect(again.value).toEqual(new Map([['x', 1]]));
  });
});

describe('a fold that throws', () => {
  const failing: DurableProjectionOptions<number, number> = {
    ...SUM,
    apply: (sum, value) => {
      if (value === 2) throw new RangeError('no 2');
      return sum + value;
    },
  };

  test('stops with the entry named; its state is what it was before, and saved so', async () => {
    const log = await filled(3);
    const dispatcher = await openDispatcher<number>(log);
    const sum = dispatcher.projection('sum', failing);
    const error = await rejection(sum.ready);
    expect(error).toMatchObject({ name: 'FoldError', code: 'RCD119', projection: 'sum', ts: 3, value: 2 });
    expect((error as Error).message).toContain('no 2');
    expect(await failureOf(sum)).toBe(error);
    expect([sum.value, sum.clock, sum.closed]).toEqual([1, 1, true]);
    await dispatcher.trim(6);
    expect(log.trimmed).toBe(1);

    const mended = dispatcher.projection('sum', SUM);
    await mended.ready;
    expect([mended.value, mended.clock]).toEqual([6, 6]);
  });

  test('sets it aside where told so, and goes on', async () => {
    const dispatcher = await openDispatcher<number>(await filled(3));
    const aside: unknown[] = [];
    const sum = dispatcher.projection('sum', { ...failing, onFailure: (failure) => aside.push(failure) });
    await sum.ready;

    expect([sum.value, sum.clock]).toEqual([4, 6]);
    expect(aside).toEqual([{ value: 2, ts: 3, error: new RangeError('no 2') }]);
  });
});

describe('checkpoints', () => {
  const begun = async (log: EventLog, options = SUM): Promise<DurableDispatcher<number>> => {
    const dispatcher = await openDispatcher<number>(log);
    await dispatcher.projection('sum', options).ready;
    await dispatcher.close();
    return openDispatcher<number>(log);
  };

  test('one that was lost: folded anew, and refused where the log has been trimmed', async () => {
    const log = await filled(3);
    const dispatcher = await begun(log);
    await log.forget('sum');
    const sum = dispatcher.projection('sum', SUM);
    await sum.ready;
    expect(sum.value).toBe(6);
    sum.close();

    await log.forget('sum');
    await log.trim(2);
    expect(await rejection(dispatcher.projection('sum', SUM).ready)).toMatchObject({
      name: 'LogPositionError',
      given: 0,
      trimmed: 2,
      last: 6,
    });
  });

  test('one beyond the end: the log was restored from a backup', async () => {
    const log = await filled(1);
    await log.save('sum', { ts: 9, version: 1, state: 99 });
    const sum = (await openDispatcher<number>(log)).projection('sum', SUM);

    expect(await rejection(sum.ready)).toMatchObject({ name: 'LogPositionError', given: 9, last: 2 });
    expect(await failureOf(sum)).toMatchObject({ given: 9 });
  });

  test('one of an older fold: folded anew by version, with progress, and saved as the new one', async () => {
    const log = await filled(3);
    const dispatcher = await begun(log);
    const twice: typeof SUM = { ...SUM, version: 2, apply: (sum, value) => sum + 2 * value };
    const sum = dispatcher.projection('sum', twice);
    const progress: number[] = [];
    sum.progress$.subscribe(({ at }) => progress.push(at));
    await sum.ready;
    expect(sum.value).toBe(12);
    expect(progress[0]).toBe(0);
    await sum.save();
    expect(await log.load('sum')).toEqual({ ts: 6, version: 2, state: 12 });
    await dispatcher.close();

    const older = (await openDispatcher<number>(log)).projection('sum', SUM);
    expect(await rejection(older.ready)).toMatchObject({
      name: 'CheckpointError',
      message: expect.stringContaining('it is that of a newer program') as string,
    });
    await log.trim(3);
    const newer = (await openDispatcher<number>(log)).projection('sum', { ...SUM, version: 3 });
    expect(await rejection(newer.ready)).toMatchObject({
      name: 'LogPositionError',
      trimmed: 3,
      message: expect.stringContaining('a projection needs a state of its version') as string,
    });

    await log.save('sum', { ts: 6, version: 3, state: 18 });
    const mended = (await openDispatcher<number>(log)).projection('sum', { ...SUM, version: 3 });
    await mended.ready;
    expect(mended.value).toBe(18);
  });

  test('there is one of a name, until it is closed', async () => {
    const dispatcher = await begun(memoryLog());
    const first = dispatcher.projection('sum', SUM);
    expect(() => dispatcher.projection('sum', SUM)).toThrow("a projection named 'sum' exists already");
    first.close();
    await dispatcher.projection('sum', SUM).ready;
  });

  test('an orphan holds trim, until it is forgotten', async () => {
    const log = await filled(3);
    await log.save('orphan', { ts: 1, version: 1, state: null });
    const dispatcher = await begun(log);
    await dispatcher.trim(6);
    expect(log.trimmed).toBe(1);
    expect(await log.checkpoints()).toEqual([
      { name: 'orphan', ts: 1 },
      { name: 'sum', ts: 6 },
    ]);
    await log.forget('orphan');
    await dispatcher.trim(6);
    expect(log.trimmed).toBe(6);
  });

  test('one that was forgotten while its projection is there: trim leaves what it is folded anew from', async () => {
    const log = await filled(3);
    const dispatcher = await openDispatcher<number>(log);
    const before = dispatcher.projection('sum', SUM);
    await before.ready;
    await before.save();
    await log.forget('sum');
    await dispatcher.trim(6);
    expect(log.trimmed).toBe(0);

    await dispatcher.close();
    const sum = (await openDispatcher<number>(log)).projection('sum', SUM);
    await sum.ready;
    expect(sum.value).toBe(6);
  });

  test('trim stops before what a receiver has yet to read; by force it fails', async () => {
    const log = await filled(3);
    const dispatcher = await openDispatcher<number>(log, { page: 1 });
    const receiver = dispatcher.receiver('a', { from: 0, bound: 1 });
    await until(() => dispatcher.stats().receivers[0]!.held === 1);
    await dispatcher.trim(6);
    expect(log.trimmed).toBeLessThanOrEqual(2);
    await dispatcher.trim(6, { force: true });
    expect(log.trimmed).toBe(6);

    const items: Clocked<number>[] = [];
    const error = await new Promise((resolve) =>
      receiver.subscribe({ next: (item) => items.push(item), error: resolve }),
    );
    expect(items.filter(([value]) => value !== null)).toEqual([
      [1, 1],
      [2, 3],
    ]);
    expect(error).toMatchObject({ name: 'LogPositionError', given: 3, trimmed: 6 });
  });

  test('options are checked, and nothing is left behind', async () => {
    const dispatcher = await openDispatcher<number>(memoryLog(), { names: ['a'] });
    const project = (options: object) => () => dispatcher.projection('sum', { ...SUM, ...options });
    expect(project({ apply: 1 })).toThrow("'apply'");
    expect(project({ onFailure: 'skip' })).toThrow("'stop' or a function");
    expect(project({ version: 0.5 })).toThrow("'version'");
    expect(project({ saveEvery: 0 })).toThrow("'saveEvery'");
    expect(project({ addressedTo: 'b' })).toThrow("one of the names 'a'");
    expect(project({ adressedTo: 'a' })).toThrow("did you mean 'addressedTo'?");
    expect(dispatcher.stats().receivers).toEqual([]);
    await dispatcher.projection('sum', SUM).ready;
    expect(() => dispatcher.projection('sum', SUM)).toThrow('exists already');
  });

  test('close ends it, and what waits for it', async () => {
    const log = new FlakyLog({ ...CALM, delay: () => 3 }, await filled(3));
    const dispatcher = await openDispatcher<number>(log);
    const sum = dispatcher.projection('sum', SUM);
    sum.close();
    await expect(sum.ready).rejects.toMatchObject({ name: 'ClosedError' });
    expect(dispatcher.stats().receivers).toEqual([]);
  });
});

test('law 27: a save that is not answered counts as lost, and holds up neither the next one nor close', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const log = new FlakyLog();
    const { save } = log;
    log.save = () => new Promise(() => undefined);
    const dispatcher = await openDispatcher<number>(log);
    const sum = dispatcher.projection('sum', SUM);
    await sum.ready;
    const sender = dispatcher.sender('s', 'a');
    await sender.send(1);
    const first = rejection(sum.save());
    await turn();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await first).toMatchObject({ name: 'LogStoreError' });

    const closing = dispatcher.close();
    await turn();
    log.save = save;
    await vi.advanceTimersByTimeAsync(30_000);
    await closing;
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

describe('law 27: what waits for a projection is told that it was closed, where the log', () => {
  test.each([
    ['fails to answer', 'the projection'],
    ['fails to answer', 'the dispatcher'],
    ['never answers', 'the projection'],
    ['never answers', 'the dispatcher'],
  ])('%s, and %s is closed before', async (how, closed) => {
    const log = new FlakyLog();
    const answer = new Promise<undefined>((_resolve, reject) => {
      if (how === 'fails to answer') setTimeout(() => reject(new Error('no loading')), 5);
    });
    answer.catch(() => undefined);
    log.load = () => answer;
    const dispatcher = await openDispatcher<number>(log);
    const sum = dispatcher.projection('sum', SUM);
    const progress = lastValueFrom(sum.progress$, { defaultValue: 'none' });
    if (closed === 'the projection') sum.close();
    else await dispatcher.close();

    await expect(sum.ready).rejects.toMatchObject({ name: 'ClosedError' });
    await expect(progress).resolves.toBe('none');
  });
});

describe('optimistic over a projection of the log', () => {
  interface Task {
    readonly title: string;
  }
  const LIST: DurableProjectionOptions<readonly string[], Task> = {
    addressedTo: 'tasks',
    initial: [],
    apply: (list, { title }) => [...list, title],
  };
  const show = (list: readonly string[], { title }: Task): readonly string[] => [...list, `${title}?`];

  test('shows at once, and the real one in its place', async () => {
    const log = new FlakyLog();
    const dispatcher = await openDispatcher<Task>(log);
    const list = dispatcher.projection('list', LIST);
    await list.ready;
    const view = optimistic(list, { apply: show });
    const states: (readonly string[])[] = [];
    view.subscribe(([state]) => state !== null && states.push(state));
    log.held = [];
    const sent = view.send(dispatcher.sender('s', 'tasks'), { title: 'a' });
    expect(view.value).toEqual(['a?']);
    await turn();
    log.held[0]?.();
    await sent;

    expect(view.value).toEqual(['a']);
    expect(states).toEqual([[], ['a?'], ['a']]);
    expect((await log.contents())[0]?.[0].id).toMatch(/^[0-9a-f]{32}$/);
  });

  test('what is sent has the meta that it is given', async () => {
    const log = memoryLog();
    const dispatcher = await openDispatcher<Task>(log);
    const view = optimistic(dispatcher.projection('list', LIST), { apply: show });
    await view.send(dispatcher.sender('s', 'tasks'), { title: 'a' }, { meta: { schema: 2 } });

    expect((await log.read(0, 1))[0]?.[0].meta).toEqual({ schema: 2 });
    await dispatcher.close();
  });

  test('what was sent before a restart and is sent again with its id shows once, at any moment', async () => {
    const inner = memoryLog();
    const before = await openDispatcher<Task>(inner);
    const folded = before.projection('list', LIST);
    await folded.ready;
    // Stored and folded; the answer never came to whoever sent it.
    await before.sender('s', 'tasks').send({ title: 'a' }, { id: 'id of a' });
    await before.close();

    const log = new FlakyLog(CALM, inner);
    const dispatcher = await openDispatcher<Task>(log);
    const list = dispatcher.projection('list', LIST);
    await list.ready;
    const view = optimistic(list, { apply: show });
    const states: (readonly string[])[] = [];
    view.subscribe(([state]) => state !== null && states.push(state));
    log.held = [];
    const sender = dispatcher.sender('s', 'tasks');
    const again = view.send(sender, { title: 'a' }, { id: 'id of a' });
    const fresh = view.send(sender, { title: 'b' }, { id: 'id of b' });
    const twice = view.send(sender, { title: 'b' }, { id: 'id of b' });
    expect(view.pending).toEqual([{ title: 'b' }]);
    await turn();
    log.held.splice(0).forEach((go) => go());
    log.held = undefined;

    await expect(Promise.all([again, fresh, twice])).resolves.toEqual([1, 2, 2]);
    expect(view.value).toEqual(['a', 'b']);
    for (const state of states) expect(new Set(state.map((title) => title[0])).size).toBe(state.length);
  });

  test('what is refused is taken back', async () => {
    const dispatcher = await openDispatcher<Task>(new FlakyLog({ ...CALM, fails: () => 'refused' }));
    const list = dispatcher.projection('list', LIST);
    await list.ready;
    const view = optimistic(list, { apply: show });
    const sent = rejection(view.send(dispatcher.sender('s', 'tasks'), { title: 'a' }));
    expect(view.value).toEqual(['a?']);
    await sent;
    expect(view.value).toEqual([]);
  });
});
