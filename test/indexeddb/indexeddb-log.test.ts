import { openIndexedDbLog } from 'rxjs-clocked-dispatch/indexeddb';
import type { EventLog } from 'rxjs-clocked-dispatch/log';
import { describeEventLog } from 'rxjs-clocked-dispatch/testing';
import { describe, test } from 'vitest';
import { newName } from './fake.js';

const names = new WeakMap<EventLog, string>();

async function open(name = newName()): Promise<EventLog> {
  const log = await openIndexedDbLog(name, { durability: 'relaxed' });
  names.set(log, name);
  return log;
}

describeEventLog('openIndexedDbLog()', () => open(), { describe, test, reopen: (log) => open(names.get(log)) });
