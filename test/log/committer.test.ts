import { describe, expect, test } from 'vitest';
import { CommitChain } from '../../src/log/commit-chain.js';
import { Committer } from '../../src/log/committer.js';
import { isPending, rejection } from '../support/async.js';
import { UnreliableLog } from './support.js';

describe('group commit', () => {
  test('what comes while one append is being stored goes into the next, and each call gets its own position', async () => {
    const store = new UnreliableLog();
    const committer = new Committer(store.log);
    const first = committer.append('a');
    await Promise.resolve();
    const others = ['b', 'c', 'd'].map((entry) => committer.append(entry));

    await expect(Promise.all([first, ...others])).resolves.toEqual([1, 2, 3, 4]);
    expect(store.appends).toEqual([['a'], ['b', 'c', 'd']]);
  });

  test('what comes in one turn goes into one append, up to the batch', async () => {
    const store = new UnreliableLog();
    const committer = new Committer(store.log, { batch: 2 });
    const all = ['a', 'b', 'c', 'd', 'e'].map((entry) => committer.append(entry));
    expect(committer.waiting).toBe(5);

    await expect(Promise.all(all)).resolves.toEqual([1, 2, 3, 4, 5]);
    expect(store.appends).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(committer.waiting).toBe(0);
  });

  test('what is appended by whoever is told that nothing waits is stored, too', async () => {
    let told = 0;
    let again: Promise<number> | undefined;
    const committer = new Committer(new UnreliableLog().log, {
      // After the append, and when nothing waits.
      onSettled: () => void (++told === 2 && (again = committer.append('again'))),
    });
    await expect(committer.append('first')).resolves.toBe(1);
    await expect.poll(() => again).toBeDefined();

    await expect(again).resolves.toBe(2);
    expect(committer.waiting).toBe(0);
  });

  test('onStored is told in order, before those who wait are answered', async () => {
    const store = new UnreliableLog();
    const told: unknown[] = [];
    const committer = new Committer(store.log, { onStored: (...stored) => told.push(stored) });
    const all = ['a', 'b'].map((entry) =>
      committer.append(entry, { tag: `tag of ${entry}` }).then((ts) => told.push(ts)),
    );
    await Promise.all(all);

    expect(told).toEqual([
      [
        ['a', 'b'],
        [1, 2],
        ['tag of a', 'tag of b'],
      ],
      1,
      2,
    ]);
  });

  test('beyond maxWaiting a call is refused', async () => {
    const store = new UnreliableLog();
    const committer = new Committer(store.log, { maxWaiting: 2, batch: 1 });
    const all = [committer.append('a'), committer.append('b')];

    await expect(committer.append('c')).rejects.toMatchObject({
      name: 'LogBusyError',
      maxWaiting: 2,
      stored: 'nothing',
    });
    await Promise.all(all);
    await expect(committer.append('d')).resolves.toBe(3);
  });

  test('an entry that waits can be taken back, one that is being stored can not', async () => {
    const store = new UnreliableLog();
    const committer = new Committer(store.log, { batch: 1 });
    const [first, second] = [new AbortController(), new AbortController()];
    const a = committer.append('a', { signal: first.signal });
    const b = committer.append('b', { signal: second.signal });
    const c = committer.append('c');
    await Promise.resolve();
    first.abort('too late');
    second.abort('changed my mind');

    await expect(a).resolves.toBe(1);
    await expect(b).rejects.toBe('changed my mind');
    await expect(c).resolves.toBe(2);
    await expect(committer.append('d', { signal: second.signal })).rejects.toBe('changed my mind');
    expect(await store.contents()).toEqual(['a', 'c']);
    expect(committer.waiting).toBe(0);
  });

  test('flush waits for what came before it, and not for what comes after', async () => {
    const store = new UnreliableLog();
    const committer = new Committer(store.log, { batch: 2 });
    await committer.flush();
    const failing = committer.append('a');
    store.moods.push('refuse', 'store', 'hang');
    const failed = rejection(failing);
    void committer.append('b').catch(() => undefined);
    const aborted = new AbortController();
    const taken = rejection(committer.append('c', { signal: aborted.signal }));
    void committer.append('d');
    const flushed = committer.flush();
    const hanging = committer.append('e');
    aborted.abort();
    await flushed;

    expect(await store.contents()).toEqual(['d', 'e']);
    expect(await isPending(hanging)).toBe(false);
    await Promise.all([failed, taken]);
  });

  test('close stores what was taken, and takes nothing more', async () => {
    const store = new UnreliableLog();
    const committer = new Committer(store.log);
    const stored = committer.append('a');
    await committer.close();

    await expect(stored).resolves.toBe(1);
    await expect(committer.append('b')).rejects.toMatchObject({ name: 'LogClosedError' });
    await expect(store.log.append(['c'])).resolves.toEqual([2]);
  });

  test('options are checked', () => {
    const { log } = new UnreliableLog();
    expect(() => new Committer(log, { batch: 0 })).toThrow("'batch'");
    expect(() => new Committer(log, { maxWaiting: 0 })).toThrow("'maxWaiting'");
    expect(() => new Committer(log, { timeout: 2 ** 31 })).toThrow("'timeout'");
    expect(() => new Committer(log, { onStored: 1 as never })).toThrow("'onStored'");
    expect(() => new Committer(log, { bach: 1 } as never)).toThrow("did you mean 'batch'?");
  });
});

describe('a store that fails', () => {
  test('law 49: every waiting call is told why, the log stays as it was, and what comes later is stored', async () => {
    const store = new UnreliableLog();
    const committer = new Committer(store.log);
    store.moods.push('refuse');
    const [a, b] = await Promise.all(['a', 'b'].map((entry) => rejection(committer.append(entry))));

    expect([a, b]).toEqual([new Error('refused'), new Error('refused')]);
    expect(store.log.last).toBe(0);
    await expect(committer.append('c')).resolves.toBe(1);
  });

  test('law 42: after a lost answer, what has an id is stored once, and its call gets its position', async () => {
    const store = new UnreliableLog();
    const committer = new Committer(store.log);
    store.moods.push('lose the answer');
    const all = ['a', 'b'].map((entry) => committer.append(entry, { id: entry }));

    await expect(Promise.all(all)).resolves.toEqual([1, 2]);
    expect(await store.contents()).toEqual(['a', 'b']);
  });

  test('law 42: after a lost answer, the outcome of what has no id is unknown, and that is said', async () => {
    const store = new UnreliableLog();
    const committer = new Committer(store.log);
    store.moods.push('lose the answer');
    const unknown = rejection(committer.append('a'));
    const known = committer.append('b', { id: 'b' });

    expect(await unknown).toMatchObject({
      name: 'LogOutcomeUnknownError',
      code: 'RCD105',
      stored: 'unknown',
      cause: new Error('the answer was lost'),
    });
    await expect(known).resolves.toBe(2);
    expect(await store.contents()).toEqual(['a', 'b']);
  });

  test('law 41: a log that stored a part of the batch gets the rest, once', async () => {
    const store = new UnreliableLog();
    const committer = new Committer(store.log);
    store.moods.push('store a part');
    const all = ['a', 'b', 'c', 'd'].map((entry) => committer.append(entry, { id: entry }));

    await expect(Promise.all(all)).resolves.toEqual([1, 2, 3, 4]);
    expect(await store.contents()).toEqual(['a', 'b', 'c', 'd']);
  });

  test('an answer that never comes counts as lost', async () => {
    const store = new UnreliableLog();
    const committer = new Committer(store.log, { timeout: 5 });
    store.moods.push('hang', 'hang');
    const stored = committer.append('a', { id: 'a' });

    // The second answer is lost, too: now nobody can know.
    await expect(stored).rejects.toMatchObject({ name: 'LogOutcomeUnknownError' });
    await expect(committer.append('a', { id: 'a' })).resolves.toBe(1);
  });

  test('law 27: close settles every call, also of a store that does not answer', async () => {
    const store = new UnreliableLog();
    const committer = new Committer(store.log, { timeout: 5 });
    store.moods.push('hang');
    const outcome = rejection(committer.append('a'));
    await committer.close();

    expect(await outcome).toMatchObject({ stored: 'unknown' });
  });

  test('law 27: nor where what may be stored can not be asked', async () => {
    const store = new UnreliableLog();
    const log = { ...store.log, last: 0, trimmed: 0, head: () => new Promise<never>(() => {}) };
    const committer = new Committer(log, { timeout: 5 });
    store.moods.push('refuse');
    const outcome = rejection(committer.append('a'));
    await committer.close();

    expect(await outcome).toMatchObject({ stored: 'unknown' });
  });

  test('a log that answers nonsense is not believed', async () => {
    const store = new UnreliableLog();
    const committer = new Committer({ ...store.log, last: 0, trimmed: 0, append: () => Promise.resolve([]) });

    expect(await rejection(committer.append('a'))).toMatchObject({ name: 'LogOutcomeUnknownError', stored: 'unknown' });
  });
});

describe('a chain', () => {
  test('law 50: what is queued behind an entry that failed is not stored, and told the same', async () => {
    const store = new UnreliableLog();
    const committer = new Committer(store.log, { batch: 1 });
    const chain = new CommitChain();
    store.moods.push('store', 'refuse');
    const [a, b, c, other] = [
      committer.append('a', { chain }),
      rejection(committer.append('b', { chain })),
      rejection(committer.append('c', { chain })),
      committer.append('other'),
    ];

    await expect(a).resolves.toBe(1);
    const error = await b;
    expect(error).toEqual(new Error('refused'));
    expect(await c).toBe(error);
    expect(await rejection(committer.append('d', { chain }))).toBe(error);
    await expect(other).resolves.toBe(2);
    expect(await store.contents()).toEqual(['a', 'other']);
  });

  test('law 50: what could not even wait ends the chain; what came before it is stored', async () => {
    const store = new UnreliableLog();
    const committer = new Committer(store.log, { maxWaiting: 1 });
    const chain = new CommitChain();
    const first = committer.append('a', { chain });
    await expect(committer.append('b', { chain })).rejects.toMatchObject({ name: 'LogBusyError' });

    await expect(first).resolves.toBe(1);
    await expect(committer.append('c', { chain })).rejects.toMatchObject({ name: 'LogBusyError' });
  });

  test('law 50: behind one whose outcome is unknown, nothing of the chain is repeated', async () => {
    const store = new UnreliableLog();
    const committer = new Committer(store.log);
    const chain = new CommitChain();
    store.moods.push('store a part');
    const outcomes = [
      committer.append('a', { id: 'a', chain }),
      committer.append('b', { chain }),
      committer.append('c', { id: 'c', chain }),
      committer.append('d', { id: 'd' }),
    ].map((call) => call.catch((error: unknown) => (error as Error).name));

    expect(await Promise.all(outcomes)).toEqual([1, 'LogOutcomeUnknownError', 'LogOutcomeUnknownError', 3]);
    expect(await store.contents()).toEqual(['a', 'b', 'd']);
  });
});
