/**
 * Writes what a log in LevelDB holds as a fixture: its keys, and its values in base64. For a new format only: what was
 * released stays as it is. `node --import tsx test/compat/level-records.ts > test/compat/level-format-N.json`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { openLevelLog } from '../../src/level/index.js';
import { CHECKPOINT, ENTRIES, IDS } from './level-contents.js';

const folder = mkdtempSync(join(tmpdir(), 'clocked-compat-'));
const log = await openLevelLog<unknown>(folder);
await log.append(ENTRIES.slice(0, 3), { ids: IDS.slice(0, 3) });
await log.append(ENTRIES.slice(3), { ids: IDS.slice(3) });
await log.save('sum of "all"', CHECKPOINT);
await log.trim(1);
await log.close();

const store = new ClassicLevel<string, string>(folder, { valueEncoding: 'base64' });
const records = await store.iterator().all();
await store.close();
rmSync(folder, { recursive: true });
console.log(JSON.stringify(Object.fromEntries(records), undefined, 2));
