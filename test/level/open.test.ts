import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { openLevelLog } from 'rxjs-clocked-dispatch/level';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { encodeRecord } from '../../src/level/record.js';
import { rejection } from '../support/async.js';
import { newFolder } from './folder.js';

const root = process.getuid?.() === 0;

afterEach(() => {
  vi.doUnmock('classic-level');
  vi.resetModules();
});

/** Runs a script in a process of its own, with the sources of this package, and returns what it prints. */
function inAnotherProcess(folder: string, script: string): string {
  const code = `
    import { openLevelLog } from './src/level/index.ts';
    const folder = ${JSON.stringify(folder)};
    try { ${script} } catch (error) { console.log(error.name) }`;
  return execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
    encoding: 'utf8',
  }).trim();
}

describe('opening a log', () => {
  test('one that is open is locked, here and for another process', async () => {
    const folder = newFolder();
    const log = await openLevelLog(folder);

    await expect(openLevelLog(folder)).rejects.toMatchObject({ name: 'LogLockedError', code: 'RCD110', place: folder });
    expect(inAnotherProcess(folder, 'await openLevelLog(folder)')).toBe('LogLockedError');
    await log.close();
    const again = await openLevelLog(folder);
    await again.close();
  });

  test('folders are made', async () => {
    const log = await openLevelLog(join(newFolder(), 'deep', 'below'));
    await log.close();
  });

  test('what can not be a folder is told', async () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');

    await expect(openLevelLog(file)).rejects.toMatchObject({ name: 'LogFolderError', code: 'RCD111', place: file });
    await expect(openLevelLog(join(file, 'below'))).rejects.toMatchObject({ name: 'LogFolderError' });
  });

  test.runIf(root)('a folder that can not be written is told', () => {
    const folder = newFolder();
    // Root may write everywhere.
    expect(inAnotherProcess(folder, 'process.setuid(65534); await openLevelLog(folder)')).toBe('LogFolderError');
  });

  test('a log of a newer format is left alone', async () => {
    const folder = newFolder();
    const log = await openLevelLog(folder);
    await log.close();
    const store = new ClassicLevel<string, Uint8Array>(folder, { valueEncoding: 'view' });
    await store.put('m:format', encodeRecord('m:format', 2));
    await store.close();

    const refused = { name: 'LogFormatError', code: 'RCD112', found: 2, supported: 1 };
    await expect(openLevelLog(folder)).rejects.toMatchObject(refused);
    await expect(openLevelLog(folder, { repair: 'truncate' })).rejects.toMatchObject(refused);
  });

  test('a LevelDB store that is no log is left alone', async () => {
    const folder = newFolder();
    const store = new ClassicLevel(folder);
    await store.put('something', 'else');
    await store.close();

    const refused = { name: 'LogFormatError', found: undefined };
    await expect(openLevelLog(folder)).rejects.toMatchObject(refused);
    await expect(openLevelLog(folder, { repair: 'truncate' })).rejects.toMatchObject(refused);
    await store.open();
    expect(await store.get('something')).toBe('else');
    await store.close();
  });

  test('without classic-level, the error says what to install', async () => {
    vi.doMock('classic-level', () => {
      throw new Error('Cannot find package');
    });
    const { openLevelLog: open } = await import('../../src/level/index.js');

    const error = await rejection(open(newFolder()));
    expect(error).toMatchObject({ name: 'MissingPeerError', code: 'RCD114', peer: 'classic-level' });
    expect((error as Error).message).toContain('npm install classic-level@3');
  });

  test('arguments and options are checked', async () => {
    const wrong = (folder: unknown, options?: unknown): Promise<unknown> =>
      rejection(openLevelLog(folder as string, options as object));

    expect(await wrong('')).toMatchObject({ name: 'InvalidArgumentError' });
    expect(await wrong(undefined)).toMatchObject({ name: 'InvalidArgumentError' });
    expect(await wrong('f', { sync: 1 })).toMatchObject({ name: 'InvalidOptionError', option: 'sync' });
    expect(await wrong('f', { dedupe: -1 })).toMatchObject({ name: 'InvalidOptionError', option: 'dedupe' });
    expect(await wrong('f', { repair: true })).toMatchObject({ name: 'InvalidOptionError', option: 'repair' });
    expect(await wrong('f', { sink: true })).toMatchObject({ name: 'UnknownOptionError', nearest: 'sync' });
  });

  test('law 42: the newest ids come back, also where their entries were trimmed', async () => {
    const folder = newFolder();
    const log = await openLevelLog<number>(folder, { dedupe: 4, sync: false });
    for (let i = 1; i <= 6; i++) await log.append([i], { ids: [`${i}`] });
    await log.trim(5);
    await log.close();

    const again = await openLevelLog<number>(folder, { dedupe: 4 });
    await expect(again.append([3, 6], { ids: ['3', '6'] })).resolves.toEqual([3, 6]);
    await expect(again.append([2], { ids: ['2'] })).resolves.toEqual([7]);
    await again.close();
  });

  test('values that JSON would change are refused, and nothing is stored', async () => {
    const log = await openLevelLog<unknown>(newFolder());

    await expect(log.append(['a', { when: new Date(0) }])).rejects.toMatchObject({
      name: 'UnstorableValueError',
      path: '$[1].when',
    });
    expect(log.last).toBe(0);
    await expect(log.append(['a'])).resolves.toEqual([1]);
    await log.close();
  });
});

/** A file system of 6 MB in memory, where this process may mount one. */
function smallDisk(): string | undefined {
  const folder = newFolder();
  if (!root) return undefined;
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', folder]).status === 0 ? folder : undefined;
}

test.runIf(root)(
  'a full disk is told, what was acknowledged is kept, and the log goes on when there is room',
  async () => {
    const disk = smallDisk();
    // No mount in this container: failing-store.test.ts has it by a store that fails.
    if (disk === undefined) return;
    try {
      const folder = join(disk, 'log');
      mkdirSync(folder);
      writeFileSync(join(disk, 'ballast'), new Uint8Array(3_000_000));
      const log = await openLevelLog<string>(folder);
      const acknowledged: unknown[] = [];
      let error: unknown;
      for (let i = 0; error === undefined && i < 1000; i++) {
        const entry = `${i}`.repeat(10_000);
        await log.append([entry]).then(
          ([ts]) => acknowledged.push([entry, ts]),
          (reason: unknown) => (error = reason),
        );
      }
      expect(error).toMatchObject({ name: 'LogFullError', code: 'RCD109', place: folder });
      await expect(log.append(['small'])).rejects.toMatchObject({ name: 'LogFullError' });
      expect(await log.read(0, Infinity)).toEqual(acknowledged);

      rmSync(join(disk, 'ballast'));
      const [next] = await log.append(['room again']);
      const all = await log.read(0, Infinity);
      expect(all.slice(0, acknowledged.length)).toEqual(acknowledged);
      expect(all.at(-1)).toEqual(['room again', next]);
      await log.close();

      const again = await openLevelLog<string>(folder);
      expect(await again.read(0, Infinity)).toEqual(all);
      await again.close();
      expect(readdirSync(folder)).not.toContain('ROOM');
    } finally {
      spawnSync('umount', ['-l', disk]);
    }
  },
);
