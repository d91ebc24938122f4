import { openLevelLog } from 'rxjs-clocked-dispatch/level';
import type { EventLog } from 'rxjs-clocked-dispatch/log';
import { describeEventLog } from 'rxjs-clocked-dispatch/testing';
import { describe, test } from 'vitest';
import { newFolder } from './folder.js';

const folders = new WeakMap<EventLog, string>();

async function open(folder = newFolder()): Promise<EventLog> {
  const log = await openLevelLog(folder, { sync: false });
  folders.set(log, folder);
  return log;
}

describeEventLog('openLevelLog()', () => open(), { describe, test, reopen: (log) => open(folders.get(log)) });
