import { deleteDB, openDB } from 'idb';
import { openIndexedDbLog } from 'rxjs-clocked-dispatch/indexeddb';
import { memoryLog, openDispatcher, type EventLog } from 'rxjs-clocked-dispatch/log';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { rejection } from '../support/async.js';
import { unhandledIn } from '../support/unhandled.js';
import { closeConnections } from './browser.js';
import { newName } from './fake.js';

/** A log, and what it told of its end. */
async function open(name = newName()) {
  const lost: Error[] = [];
  const log = await openIndexedDbLog<string>(name, { onLost: (error) => lost.push(error) });
  return { log, lost, name };
}

/** What every kind of call says. */
async function everyCall(log: EventLog<string>): Promise<Set<unknown>> {
  const calls: Promise<unknown>[] = [
    log.append(['b']),
    log.read(0, 1),
    log.head(),
    log.trim(1),
    log.load('sum'),
    log.save('sum', { ts: 1, version: 1, state: 0 }),
    log.checkpoints(),
    log.forget('sum'),
  ];
  return new Set(await Promise.all(calls.map(rejection)));
}

/** As a newer release would. */
async function upgrade(name: string): Promise<void> {
  const db = await openDB(name, 2, { upgrade: (made) => void made.createObjectStore('something new') });
  db.close();
}

describe('law 54: a newer page changes the format', () => {
  test('it is not blocked; the older one says so at once and to every call', async () => {
    const { log, lost, name } = await open();
    await log.append(['a']);
    const told: number[] = [];
    log.watch?.((last) => told.push(last));
    await upgrade(name);

    expect(lost).toMatchObject([{ name: 'LogOutdatedError', code: 'RCD116', place: name, found: 2, supported: 1 }]);
    expect(told).toEqual([1]);
    expect(await everyCall(log)).toEqual(new Set(lost));
    await log.close();
    expect(lost).toHaveLength(1);
  });

  test('what was under way is stored before', async () => {
    const { log, name } = await open();
    const stored = log.append(['a']);
    await upgrade(name);
    await expect(stored).resolves.toEqual([1]);

    const db = await openDB(name);
    expect(await db.count('entries')).toBe(1);
    db.close();
  });

  test('while the older page had no connection: it is told at the next call', async () => {
    const { log, lost, name } = await open();
    closeConnections();
    await upgrade(name);

    expect(await rejection(log.append(['a']))).toMatchObject({ name: 'LogOutdatedError', stored: 'nothing', found: 2 });
    expect(lost).toHaveLength(1);
    await log.close();
  });

  test('an older page can not open it', async () => {
    const { log, name } = await open();
    await log.close();
    await upgrade(name);

    expect(await rejection(openIndexedDbLog(name))).toMatchObject({ name: 'LogOutdatedError', found: 2, supported: 1 });
  });
});

describe('a log that is deleted', () => {
  test('is over: it says so at once and to every call, also when there is a new one of this name', async () => {
    const { log, lost, name } = await open();
    await log.append(['a']);
    const told = new Promise((resolve) => log.watch?.(resolve));
    await deleteDB(name);

    await expect(told).resolves.toBe(1);
    expect(lost).toMatchObject([{ name: 'LogLostError', code: 'RCD117', place: name }]);
    const { log: next } = await open(name);
    expect(next.id).not.toBe(log.id);
    expect(next.last).toBe(0);
    expect(await everyCall(log)).toEqual(new Set(lost));
    await Promise.all([log.close(), next.close()]);
  });

  test('and made anew while this page had no connection is another one', async () => {
    const { log, lost, name } = await open();
    await log.append(['a']);
    closeConnections();
    await deleteDB(name);
    const { log: next } = await open(name);
    await next.append(['other']);

    expect(await rejection(log.read(0, 9))).toMatchObject({ name: 'LogLostError' });
    expect(lost).toHaveLength(1);
    await Promise.all([log.close(), next.close()]);
  });

  test('is not made again by a page that had it open', async () => {
    const { log, name } = await open();
    closeConnections();
    await deleteDB(name);

    expect(await rejection(log.append(['a']))).toMatchObject({ name: 'LogLostError', stored: 'nothing' });
    expect((await indexedDB.databases()).map((info) => info.name)).not.toContain(name);
    await log.close();
  });

  test('is noticed by news of another one with its name', async () => {
    const { log, lost, name } = await open();
    const told = new Promise((resolve) => log.watch?.(resolve));
    closeConnections();
    await deleteDB(name);
    const { log: next } = await open(name);
    await next.append(['other']);
    await told;

    expect(lost).toMatchObject([{ name: 'LogLostError' }]);
    await Promise.all([log.close(), next.close()]);
  });

  test('law 54: receivers and projections are told, too', async () => {
    const name = newName();
    const log = await openIndexedDbLog(name);
    const dispatcher = await openDispatcher<string>(log);
    const sum = dispatcher.projection('sum', { initial: 0, apply: (count: number) => count + 1 });
    await sum.ready;
    const failures = [dispatcher.receiver('a'), sum].map(
      (told) => new Promise((resolve) => told.subscribe({ error: resolve })),
    );
    await dispatcher.sender('s', 'a').send('x');
    await deleteDB(name);

    expect(await Promise.all(failures)).toMatchObject([{ name: 'LogLostError' }, { name: 'LogLostError' }]);
    await dispatcher.close();
    await log.close();
  });

  test('a listener that throws harms nobody', async () => {
    const name = newName();
    const log = await openIndexedDbLog(name, {
      onLost: () => {
        throw new Error('a listener that throws');
      },
    });

    const errors = await unhandledIn(() => upgrade(name));
    expect(errors).toEqual([new Error('a listener that throws')]);
    expect(await rejection(log.head())).toMatchObject({ name: 'LogOutdatedError' });
    await log.close();
  });
});

describe('something else of this name', () => {
  test.each([1, 7])('is left alone, whatever its version (%d)', async (version) => {
    const name = newName();
    const db = await openDB(name, version, { upgrade: (made) => void made.createObjectStore('notes') });
    await db.put('notes', 'text', 1);
    db.close();

    expect(await rejection(openIndexedDbLog(name))).toMatchObject({ name: 'LogFormatError', found: undefined });
    const again = await openDB(name);
    expect(await again.get('notes', 1)).toBe('text');
    again.close();
  });
});

describe('no IndexedDB', () => {
  afterEach(() => void vi.unstubAllGlobals());

  test('is told', async () => {
    vi.stubGlobal('indexedDB', undefined);

    expect(await rejection(openIndexedDbLog('log'))).toMatchObject({ name: 'LogUnavailableError', code: 'RCD118' });
  });

  test.each(['SecurityError', 'InvalidStateError'])('is told where the browser refuses it by %s', async (reason) => {
    const cause = new DOMException('not in this window', reason);
    vi.stubGlobal('indexedDB', {
      open() {
        throw cause;
      },
    });

    expect(await rejection(openIndexedDbLog('log'))).toMatchObject({ name: 'LogUnavailableError', cause });
  });

  test('a fallback takes its place, if one is given', async () => {
    vi.stubGlobal('indexedDB', undefined);
    const log = await openIndexedDbLog<string>('log', { fallback: () => memoryLog() });

    await expect(log.append(['a'])).resolves.toEqual([1]);
  });

  test('a fallback is for that alone', async () => {
    vi.stubGlobal('indexedDB', {
      open() {
        throw new DOMException('backing store', 'UnknownError');
      },
    });

    const error = await rejection(openIndexedDbLog('log', { fallback: () => memoryLog() }));
    expect(error).toMatchObject({ name: 'LogStoreError' });
  });
});
