import { readdirSync, readFileSync } from 'node:fs';
import { ClassicLevel } from 'classic-level';
import { openLevelLog } from 'rxjs-clocked-dispatch/level';
import { expect, test } from 'vitest';
import { newFolder } from '../level/folder.js';
import { CHECKPOINT, ENTRIES } from './level-contents.js';

const fixtures = readdirSync('test/compat').filter((file) => /^level-format-\d+\.json$/.test(file));

test.each(fixtures)('%s, which a release has written, can be read, and goes on', async (file) => {
  const folder = newFolder();
  const records = JSON.parse(readFileSync(`test/compat/${file}`, 'utf8')) as Record<string, string>;
  const store = new ClassicLevel<string, string>(folder, { valueEncoding: 'base64' });
  await store.batch(Object.entries(records).map(([key, value]) => ({ type: 'put', key, value })));
  await store.close();

  const log = await openLevelLog<unknown>(folder);
  expect(await log.head()).toEqual({ trimmed: 1, last: 5 });
  expect(await log.read(0, 10)).toEqual(ENTRIES.slice(1).map((entry, i) => [entry, i + 2]));
  expect(await log.load('sum of "all"')).toEqual(CHECKPOINT);
  expect(await log.checkpoints()).toEqual([{ name: 'sum of "all"', ts: 3 }]);
  await expect(log.append(['sent again', 'new'], { ids: ['one', 'new'] })).resolves.toEqual([1, 6]);
  await log.close();
});

test('there is a fixture of this release', () => {
  expect(fixtures).toContain('level-format-1.json');
});
