import * as fs from 'node:fs';
import { ClassicLevel } from 'classic-level';
import { describe, expect, test } from 'vitest';
import { Committer } from '../../src/log/committer.js';
import { levelStores } from '../../src/level/level-stores.js';
import { openLog } from '../../src/level/open-log.js';
import type { Operation } from '../../src/level/store.js';
import { rejection } from '../support/async.js';
import { newFolder } from './folder.js';

type Mood = 'write' | 'fail' | 'fail after writing';

/** A log whose store does, write by write, what it is told. */
async function open(folder = newFolder()) {
  const moods: Mood[] = [];
  const control = { moods, cause: new Error('IO error: disk'), opens: 0, noOpening: false };
  class Failing extends ClassicLevel<string, Uint8Array> {
    override async open(options?: object): Promise<void> {
      control.opens++;
      if (control.noOpening) throw control.cause;
      return super.open(options as never);
    }

    // The overloads of classic-level are more than is used.
    override batch = (async (operations: Operation[], options: object): Promise<void> => {
      const mood = moods.shift() ?? 'write';
      if (mood !== 'fail') await super.batch(operations as never, options);
      if (mood !== 'write') throw control.cause;
    }) as never;
  }
  const log = await openLog<unknown>(levelStores(folder, Failing, fs), {
    sync: true,
    dedupe: 100,
    repair: false,
  });
  return { log, control, folder };
}

describe('a store that fails', () => {
  test('law 49: nothing is stored, the error says so, and the store is opened again before the next write', async () => {
    const { log, control } = await open();
    await log.append(['a']);
    control.moods.push('fail');

    expect(await rejection(log.append(['b'], { ids: ['b'] }))).toMatchObject({
      name: 'LogStoreError',
      stored: 'nothing',
      cause: control.cause,
    });
    expect(control.opens).toBe(2);
    expect(log.last).toBe(1);
    await expect(log.append(['b'], { ids: ['b'] })).resolves.toEqual([2]);
    await log.close();
  });

  test('law 42: what turns out to be stored is answered with its position', async () => {
    const { log, control } = await open();
    control.moods.push('fail after writing');

    await expect(log.append(['a'], { ids: ['a'] })).resolves.toEqual([1]);
    await expect(log.append(['a'], { ids: ['a'] })).resolves.toEqual([1]);
    expect(await log.read(0, 10)).toEqual([['a', 1]]);
    await log.close();
  });

  test('what can not be looked up is unknown, and known when the store is there again', async () => {
    const { log, control } = await open();
    control.moods.push('fail after writing');
    control.noOpening = true;
    expect(await rejection(log.append(['a'], { ids: ['a'] }))).toMatchObject({
      name: 'LogStoreError',
      stored: 'unknown',
    });
    expect(await rejection(log.append(['b']))).toMatchObject({ name: 'LogStoreError', stored: 'nothing' });
    expect(await rejection(log.read(0, 1))).toMatchObject({ name: 'LogStoreError' });

    control.noOpening = false;
    await expect(log.append(['a'], { ids: ['a'] })).resolves.toEqual([1]);
    await expect(log.append(['b'])).resolves.toEqual([2]);
    await log.close();
  });

  test('law 40: is known when somebody else who reads has opened the store again, too, and nothing takes its position', async () => {
    const { log, control, folder } = await open();
    control.moods.push('fail after writing');
    control.noOpening = true;
    expect(await rejection(log.append(['a', 'b'], { ids: ['a', 'b'] }))).toMatchObject({ stored: 'unknown' });
    control.noOpening = false;
    await log.read(0, 9);

    await expect(log.append(['c'])).resolves.toEqual([3]);
    await expect(log.append(['b'], { ids: ['b'] })).resolves.toEqual([2]);
    await log.close();
    const again = await open(folder);
    expect(await again.log.read(0, 9)).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
    await again.log.close();
  });

  test('law 54: a read goes on where the store is opened again meanwhile', async () => {
    const { log, control } = await open();
    await log.append(Array.from({ length: 2000 }, (_, i) => `entry ${i}`));
    control.moods.push('fail');
    const [entries] = await Promise.all([log.read(0, 2000), rejection(log.append(['b']))]);

    expect(entries).toHaveLength(2000);
    await log.close();
  });

  test('a store that is being opened for somebody who reads is closed with the log', async () => {
    const { log, control, folder } = await open();
    control.moods.push('fail');
    control.noOpening = true;
    await rejection(log.append(['a']));
    control.noOpening = false;
    const reading = log.read(0, 1).catch(() => undefined);
    await Promise.all([reading, log.close()]);

    const again = await open(folder);
    await again.log.close();
  });

  test('what is found to be damaged when it is opened again says so to every call', async () => {
    const { log, control, folder } = await open();
    await log.append(['a']);
    control.moods.push('fail');
    const failed = rejection(log.append(['b']));
    fs.rmSync(`${folder}/CURRENT`);
    expect(await failed).toMatchObject({ name: 'LogStoreError', stored: 'unknown' });

    const calls = [log.append(['c']), log.read(0, 1), log.save('sum', { ts: 1, version: 1, state: 1 }), log.trim(1)];
    for (const call of await Promise.all(calls.map(rejection))) expect(call).toMatchObject({ name: 'LogDamagedError' });
    await log.close();
  });

  test('a full store is its own error; group commit tells every waiting call', async () => {
    const { log, control } = await open();
    control.cause = new Error('IO error: No space left on device');
    const committer = new Committer(log);
    control.moods.push('fail');
    const errors = await Promise.all(['a', 'b'].map((entry) => rejection(committer.append(entry))));

    expect(errors).toMatchObject([{ name: 'LogFullError', stored: 'nothing' }, { name: 'LogFullError' }]);
    await expect(committer.append('c')).resolves.toBe(1);
    await log.close();
  });

  test.each(['trim', 'save', 'forget'] as const)('%s that fails is told, and can be repeated', async (call) => {
    const { log, control } = await open();
    await log.append(['a', 'b']);
    await log.save('sum', { ts: 1, version: 1, state: 1 });
    const run = (): Promise<void> =>
      call === 'trim'
        ? log.trim(1)
        : call === 'save'
          ? log.save('sum', { ts: 2, version: 1, state: 2 })
          : log.forget('sum');
    control.moods.push('fail');

    expect(await rejection(run())).toMatchObject({ name: 'LogStoreError' });
    expect([log.trimmed, (await log.load('sum'))?.ts]).toEqual([0, 1]);
    await run();
    expect([log.trimmed, (await log.load('sum'))?.ts]).toEqual([
      call === 'trim' ? 1 : 0,
      call === 'forget' ? undefined : call === 'save' ? 2 : 1,
    ]);
    await log.close();
  });

  test('law 45: a checkpoint that was saved, or forgotten, without an answer is', async () => {
    const { log, control } = await open();
    await log.append(['a', 'b', 'c']);
    control.moods.push('fail after writing');
    await log.save('sum', { ts: 3, version: 1, state: 3 });

    expect(await log.load('sum')).toMatchObject({ ts: 3 });
    expect(await rejection(log.save('sum', { ts: 2, version: 1, state: 2 }))).toMatchObject({
      name: 'CheckpointError',
    });
    control.moods.push('fail after writing');
    await log.forget('sum');
    expect([await log.load('sum'), await log.checkpoints()]).toEqual([undefined, []]);
    await log.close();
  });

  test('what was refused is not there after a restart, what was acknowledged is', async () => {
    const { log, control, folder } = await open();
    const committer = new Committer(log);
    const acknowledged: unknown[] = [];
    for (let i = 0; i < 40; i++) {
      if (i % 3 === 1) control.moods.push(i % 2 === 0 ? 'fail' : 'fail after writing');
      await committer.append(i).then(
        (ts) => acknowledged.push([i, ts]),
        () => undefined,
      );
    }
    await log.close();

    const again = await open(folder);
    expect(await again.log.read(0, 100)).toEqual(acknowledged);
    await again.log.close();
  });
});
