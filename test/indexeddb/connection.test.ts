import { openIndexedDbLog } from 'rxjs-clocked-dispatch/indexeddb';
import { describe, expect, test } from 'vitest';
import { rejection } from '../support/async.js';
import {
  abortedHalfway,
  answerLost,
  closeConnections,
  closeConnectionsSilently,
  nextTransactions,
  openingsFail,
  outOfRoom,
  refused,
  transactionsSoFar,
} from './browser.js';
import { newName } from './fake.js';

const open = (name = newName()) => openIndexedDbLog<unknown>(name);

describe('law 54: a connection that the browser closes', () => {
  test.each([
    ['and says so', closeConnections],
    ['without a word', closeConnectionsSilently],
  ])('%s, is opened again by whatever is called next', async (_how, close) => {
    const log = await open();
    await log.append(['a'], { ids: ['1'] });
    await log.save('sum', { ts: 1, version: 1, state: 'a' });

    close();
    await expect(log.append(['a', 'b'], { ids: ['1', '2'] })).resolves.toEqual([1, 2]);
    close();
    await expect(log.read(0, 9)).resolves.toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    close();
    await expect(log.head()).resolves.toEqual({ trimmed: 0, last: 2 });
    close();
    await expect(log.load('sum')).resolves.toEqual({ ts: 1, version: 1, state: 'a' });
    close();
    await log.save('sum', { ts: 2, version: 1, state: 'ab' });
    close();
    await expect(log.checkpoints()).resolves.toEqual([{ name: 'sum', ts: 2 }]);
    close();
    await log.trim(1);
    expect(log.trimmed).toBe(1);
    await log.close();
  });

  test('calls that are made at once share the new connection, and keep their order', async () => {
    const log = await open();
    await log.append(['a']);
    closeConnectionsSilently();
    const [first, second, read] = await Promise.all([log.append(['b']), log.append(['c']), log.read(0, 1)]);

    expect([first, second, read]).toEqual([[2], [3], [['a', 1]]]);
    await log.close();
  });

  test('while the log is being opened is opened a few times more, or the error is told', async () => {
    const name = newName();
    // The first one makes the log.
    nextTransactions(undefined, refused, refused, refused, refused);
    const log = await open(name);
    await log.append(['a']);
    await log.close();

    nextTransactions(refused, refused, refused, refused, refused);
    expect(await rejection(open(name))).toMatchObject({ name: 'LogStoreError', place: name });
  });

  test.each([1, 4])('before it is open, %d times, as while it deletes the log, is opened once more', async (times) => {
    const log = await open();
    await log.append(['a']);
    closeConnectionsSilently();
    openingsFail(times);
    await expect(log.read(0, 9)).resolves.toEqual([['a', 1]]);

    closeConnectionsSilently();
    openingsFail(5);
    expect(await rejection(log.read(0, 9))).toMatchObject({ name: 'LogStoreError', cause: { name: 'AbortError' } });
    await log.close();
  });

  test('a closed log stays closed', async () => {
    const log = await open();
    const reading = log.read(0, 1);
    closeConnectionsSilently();
    await log.close();
    await Promise.allSettled([reading]);

    expect(await rejection(log.read(0, 1))).toMatchObject({ name: 'LogClosedError' });
  });
});

describe('a transaction that fails', () => {
  test('half-way is tried once more, and nothing of the first try is left', async () => {
    const log = await open();
    nextTransactions(abortedHalfway);

    await expect(log.append(['a', 'b'], { ids: ['1', '2'] })).resolves.toEqual([1, 2]);
    expect(await log.read(0, 9)).toHaveLength(2);
    await log.close();
  });

  test('law 49: twice, is told; nothing is stored, and the next one is', async () => {
    const log = await open();
    nextTransactions(abortedHalfway, undefined, abortedHalfway);

    expect(await rejection(log.append(['a'], { ids: ['1'] }))).toMatchObject({
      name: 'LogStoreError',
      stored: 'nothing',
    });
    expect([log.last, await log.read(0, 9)]).toEqual([0, []]);
    await expect(log.append(['a'], { ids: ['1'] })).resolves.toEqual([1]);
    await log.close();
  });

  test('for want of room is told at once, without another try', async () => {
    const log = await open();
    await log.append(['a']);
    const before = transactionsSoFar();
    nextTransactions(outOfRoom);

    expect(await rejection(log.append(['b'], { ids: ['b'] }))).toMatchObject({
      name: 'LogFullError',
      code: 'RCD109',
      stored: 'nothing',
    });
    expect(transactionsSoFar() - before).toBe(1);
    await expect(log.append(['b'], { ids: ['b'] })).resolves.toEqual([2]);
    await log.close();
  });

  test('for a value that can not be cloned is told at once', async () => {
    const log = await open();
    const before = transactionsSoFar();

    expect(await rejection(log.append([() => 'a function']))).toMatchObject({
      name: 'UnstorableValueError',
      stored: 'nothing',
    });
    expect(await rejection(log.save('sum', { ts: 0, version: 1, state: Symbol() }))).toMatchObject({
      name: 'UnstorableValueError',
    });
    expect(transactionsSoFar() - before).toBe(1);
    expect(await log.read(0, 9)).toEqual([]);
    await log.close();
  });
});

describe('an answer that is lost', () => {
  test('law 42: is found out, with or without an id, and nothing is stored twice', async () => {
    const log = await open();
    nextTransactions(answerLost);
    await expect(log.append(['a', 'b'])).resolves.toEqual([1, 2]);
    nextTransactions(answerLost);
    await expect(log.append(['c'], { ids: ['3'], expected: 2 })).resolves.toEqual([3]);

    expect(await log.read(0, 9)).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
    await log.close();
  });

  test('twice in a row, too', async () => {
    const log = await open();
    nextTransactions(abortedHalfway, undefined, answerLost);

    await expect(log.append(['a'])).resolves.toEqual([1]);
    expect(await log.read(0, 9)).toHaveLength(1);
    await log.close();
  });

  test('is known not to be stored where another page has taken the position', async () => {
    const name = newName();
    const [log, other] = [await open(name), await open(name)];
    nextTransactions(abortedHalfway);
    const [mine, theirs] = await Promise.all([log.append(['mine']), other.append(['theirs'])]);

    expect([mine, theirs]).toEqual([[2], [1]]);
    expect(new Set((await log.read(0, 9)).map(([entry]) => entry))).toEqual(new Set(['mine', 'theirs']));
    await Promise.all([log.close(), other.close()]);
  });

  test('is unknown where nobody can look, and known later by its id', async () => {
    const log = await open();
    nextTransactions(answerLost, undefined, refused, refused, undefined, refused);

    expect(await rejection(log.append(['a'], { ids: ['1'] }))).toMatchObject({
      name: 'LogOutcomeUnknownError',
      stored: 'unknown',
    });
    await expect(log.append(['a'], { ids: ['1'] })).resolves.toEqual([1]);
    await log.close();
  });

  test('is unknown where the log was trimmed meanwhile', async () => {
    const name = newName();
    const [log, other] = [await open(name), await open(name)];
    nextTransactions((tx) => {
      tx.addEventListener('complete', () => void other.trim(1));
      answerLost(tx);
    });

    expect(await rejection(log.append(['a']))).toMatchObject({ name: 'LogOutcomeUnknownError', stored: 'unknown' });
    await Promise.all([log.close(), other.close()]);
  });
});
