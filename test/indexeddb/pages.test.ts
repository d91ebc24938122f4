import { openDB } from 'idb';
import { openIndexedDbLog, requestPersistence, type IndexedDbLogOptions } from 'rxjs-clocked-dispatch/indexeddb';
import { openDispatcher } from 'rxjs-clocked-dispatch/log';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { rejection, turn } from '../support/async.js';
import { nextTransactions, refused, transactionsSoFar } from './browser.js';
import { newName } from './fake.js';

/** The same log, as several pages have it. */
async function openPages(count: number, options?: IndexedDbLogOptions<unknown>, name = newName()) {
  return Promise.all(Array.from({ length: count }, () => openIndexedDbLog<unknown>(name, options)));
}

afterEach(() => void vi.unstubAllGlobals());

describe('several pages', () => {
  test('that open a new log at once have one log', async () => {
    const pages = await openPages(3);

    expect(new Set(pages.map(({ id }) => id)).size).toBe(1);
    await Promise.all(pages.map((page) => page.close()));
  });

  test('law 40: append to one order, and no position is given twice', async () => {
    const pages = await openPages(3);
    const appends = pages.flatMap((page, p) =>
      Array.from({ length: 10 }, async (_, i) => {
        const [ts] = await page.append([`${p}.${i}`]);
        return [`${p}.${i}`, ts] as const;
      }),
    );
    const stored = (await Promise.all(appends)).sort(([, a], [, b]) => a! - b!);

    expect(stored.map(([, ts]) => ts)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    for (const page of pages) expect(await page.read(0, 100)).toEqual(stored);
    await Promise.all(pages.map((page) => page.close()));
  });

  test('are told what the others append and trim', async () => {
    const [one, two] = await openPages(2);
    const told = new Promise((resolve) => two!.watch?.(resolve));
    await one!.append(['a', 'b']);

    await expect(told).resolves.toBe(2);
    expect(two!.last).toBe(2);
    const again = new Promise((resolve) => two!.watch?.(resolve));
    await one!.trim(1);
    await one!.append(['c']);
    await again;
    expect([two!.trimmed, two!.last]).toEqual([1, 3]);
    await Promise.all([one!.close(), two!.close()]);
  });

  test('law 42: know the ids that the others have stored', async () => {
    const [one, two] = await openPages(2, { dedupe: 3 });
    await one!.append(['a', 'b'], { ids: ['1', '2'] });
    await expect(two!.append(['b', 'c'], { ids: ['2', '3'] })).resolves.toEqual([2, 3]);
    await expect(one!.append(['c', 'd'], { ids: ['3', '4'] })).resolves.toEqual([3, 4]);

    // The fourth has pushed out the first.
    await expect(two!.append(['a'], { ids: ['1'] })).resolves.toEqual([5]);
    await Promise.all([one!.close(), two!.close()]);
  });

  test('laws 44 and 45: fence each other, and keep checkpoints from going back', async () => {
    const [one, two] = await openPages(2);
    await one!.append(['a']);

    expect(await rejection(two!.append(['b'], { expected: 0 }))).toMatchObject({ expected: 0, actual: 1 });
    await one!.save('sum', { ts: 1, version: 1, state: 'a' });
    expect(await rejection(two!.save('sum', { ts: 0, version: 1, state: '' }))).toMatchObject({
      name: 'CheckpointError',
    });
    await Promise.all([one!.close(), two!.close()]);
  });

  test('that were trimmed by another skip what is gone', async () => {
    const [one, two] = await openPages(2);
    await one!.append(['a', 'b', 'c', 'd']);
    await one!.trim(2);

    await expect(two!.read(0, 1)).resolves.toEqual([['c', 3]]);
    expect(two!.trimmed).toBe(2);
    await Promise.all([one!.close(), two!.close()]);
  });
});

describe('ids', () => {
  test('law 42: are found however far apart they are, and kept when all is trimmed', async () => {
    const name = newName();
    const [before] = await openPages(1, { dedupe: 2 }, name);
    for (const id of ['1', '2', '3']) {
      await before!.append(Array.from({ length: 20 }, () => 'without an id'));
      await before!.append([id], { ids: [id] });
    }
    await before!.trim(before!.last);
    await before!.close();
    const [log] = await openPages(1, { dedupe: 2 }, name);

    await expect(log!.append(['2', '3'], { ids: ['2', '3'] })).resolves.toEqual([42, 63]);
    await expect(log!.append(['1'], { ids: ['1'] })).resolves.toEqual([64]);
    await log!.close();
    const db = await openDB(name);
    expect(await db.count('entries')).toBe(1);
    expect(await db.count('ids')).toBe(3);
    db.close();
  });

  test('without ids to remember, all is stored', async () => {
    const [log] = await openPages(1, { dedupe: 0 });
    await log!.append(['a'], { ids: ['1'] });

    await expect(log!.append(['a'], { ids: ['1'] })).resolves.toEqual([2]);
    await log!.close();
  });
});

test('law 43: a missing position is an error', async () => {
  const name = newName();
  const [log] = await openPages(1, {}, name);
  for (const entry of ['a', 'b', 'c']) await log!.append([entry]);
  const db = await openDB(name);
  await db.delete('entries', 2);
  db.close();

  expect(await rejection(log!.read(0, 9))).toMatchObject({ name: 'LogDamagedError', place: name, from: 2, to: 2 });
  await expect(log!.read(0, 1)).resolves.toEqual([['a', 1]]);
  await log!.close();
});

test('large batches are read in pages of any size', async () => {
  const [log] = await openPages(1);
  const entries = Array.from({ length: 1300 }, (_, i) => i);
  await log!.append(entries);
  await log!.append(['last']);

  for (const limit of [7, 512, 1000]) {
    const read: unknown[] = [];
    for (let page = await log!.read(0, limit); page.length > 0; page = await log!.read(page.at(-1)![1], limit)) {
      expect(page.length === limit || page.at(-1)![1] === 1301).toBe(true);
      read.push(...page.map(([entry]) => entry));
    }
    expect(read).toEqual([...entries, 'last']);
  }
  await log!.close();
});

describe('a page that was frozen, hidden or in the back/forward cache', () => {
  class Deaf {
    postMessage(): void {}
    close(): void {}
  }
  class Page extends EventTarget {
    visibilityState = 'visible';
  }

  test.each([
    ['resume', 'document'],
    ['visibilitychange', 'document'],
    ['pageshow', 'window'],
  ] as const)('reads on after %s, though it has heard nothing', async (event, target) => {
    const page = { document: new Page(), window: new EventTarget() };
    const name = newName();
    vi.stubGlobal('document', page.document);
    vi.stubGlobal('window', page.window);
    vi.stubGlobal('BroadcastChannel', Deaf);
    const [asleep] = await openPages(1, {}, name);
    const [other] = await openPages(1, {}, name);
    await asleep!.append(['a']);
    const told: number[] = [];
    const news = new Promise<void>((resolve) => {
      asleep!.watch?.((last) => {
        told.push(last);
        resolve();
      });
    });
    await other!.append(['b', 'c']);
    expect([told, asleep!.last]).toEqual([[], 1]);

    page[target].dispatchEvent(new Event(event));
    await news;
    expect(told).toEqual([3]);
    await expect(asleep!.read(1, 9)).resolves.toEqual([
      ['b', 2],
      ['c', 3],
    ]);
    await Promise.all([asleep!.close(), other!.close()]);
  });

  test('looks when it is seen, and no more when the log is closed', async () => {
    const page = new Page();
    vi.stubGlobal('document', page);
    vi.stubGlobal('window', new EventTarget());
    const [log] = await openPages(1);
    const before = transactionsSoFar();
    page.visibilityState = 'hidden';
    page.dispatchEvent(new Event('visibilitychange'));
    await log!.close();
    page.dispatchEvent(new Event('resume'));
    await turn();

    expect(transactionsSoFar()).toBe(before);
  });

  test('tells who waits for news where it can not look: reading tells why', async () => {
    const page = new Page();
    vi.stubGlobal('document', page);
    vi.stubGlobal('window', new EventTarget());
    const [log] = await openPages(1);
    const told = new Promise((resolve) => log!.watch?.(resolve));
    nextTransactions(refused, undefined, refused);
    page.dispatchEvent(new Event('resume'));

    await expect(told).resolves.toBe(0);
    await log!.close();
  });
});

test('law 51: a projection goes on from what another page has saved, also where the news has yet to come', async () => {
  vi.stubGlobal('BroadcastChannel', undefined);
  const name = newName();
  const [here, there] = [await openIndexedDbLog(name), await openIndexedDbLog(name)];
  const [one, other] = [await openDispatcher<number>(here), await openDispatcher<number>(there)];
  const options = { initial: 0, apply: (sum: number, value: number) => sum + value };
  const saved = one.projection('sum', options);
  await saved.ready;
  await one.sender('s', 'sum').send(5);
  await saved.save();

  const sum = other.projection('sum', options);
  await sum.ready;
  expect([sum.value, sum.clock]).toEqual([5, 1]);
  await Promise.all([one.close(), other.close()]);
  await Promise.all([here.close(), there.close()]);
});

test('without channels, news come with what a page reads by itself', async () => {
  vi.stubGlobal('BroadcastChannel', undefined);
  const [one, two] = await openPages(2);
  await one!.append(['a']);
  expect(two!.last).toBe(0);

  await two!.head();
  expect(two!.last).toBe(1);
  await Promise.all([one!.close(), two!.close()]);
});

describe('requestPersistence()', () => {
  test.each([
    ['there is nobody to ask', undefined, false],
    ['it can not be asked', {}, false],
    ['the browser agrees', { persist: () => Promise.resolve(true) }, true],
    ['the browser refuses', { persist: () => Promise.resolve(false) }, false],
    ['asking fails', { persist: () => Promise.reject(new TypeError('not here')) }, false],
  ])('where %s', async (_case, storage, answer) => {
    vi.stubGlobal('navigator', storage === undefined ? undefined : { storage });

    await expect(requestPersistence()).resolves.toBe(answer);
  });
});

test('arguments and options are checked', async () => {
  const wrong: readonly (readonly [unknown, unknown, string])[] = [
    ['', undefined, 'the name of a database'],
    [7, undefined, 'the name of a database'],
    ['log', { durability: 'fast' }, "'strict' or 'relaxed'"],
    ['log', { dedupe: -1 }, "option 'dedupe' of openIndexedDbLog is -1"],
    ['log', { fallback: 'memory' }, 'a function'],
    ['log', { onLost: 1 }, 'a function'],
    ['log', { dedup: 1 }, "did you mean 'dedupe'?"],
  ];
  for (const [name, options, said] of wrong) {
    await expect(openIndexedDbLog(name as never, options as never)).rejects.toThrow(said);
  }
});
