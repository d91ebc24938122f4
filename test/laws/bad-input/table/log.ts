import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLevelLog } from 'rxjs-clocked-dispatch/level';
import { jsonCodec, memoryLog } from 'rxjs-clocked-dispatch/log';
import * as k from '../kinds.js';
import type { World } from '../world.js';
import { method, row, type Table } from './row.js';

const log = ({ log }: World): World['log'] => log;
const dedupe = k.optional(k.count(0, false));
const position = k.kind(
  () => 0,
  (given) => Number.isSafeInteger(given) && (given as number) >= 0,
);
const id = k.optional(
  k.kind(
    () => 'id',
    (given) => typeof given === 'string',
  ),
);
const folders = mkdtempSync(join(tmpdir(), 'bad-input-'));

export const LOGS: Table = {
  memoryLog: row(memoryLog, k.options({ dedupe })),
  'EventLog.append': method(
    log,
    'append',
    k.oneOf(k.list(k.anything), k.listOf('x'), k.listOf([])),
    k.options({ expected: k.optional(k.something(() => 0)), ids: k.optional(k.oneOf(k.list(id), k.listOf('x'))) }),
  ),
  'EventLog.read': method(log, 'read', position, k.count(1)),
  'EventLog.watch': { ...method(log as never, 'watch', k.func), use: (stop) => (stop as () => void)() },
  'EventLog.trim': method(log, 'trim', position),
  'EventLog.load': method(log, 'load', k.name),
  'EventLog.save': method(
    log,
    'save',
    k.name,
    k.open({ ts: position, version: k.ts, state: k.something(() => ({ sum: 1 })) }),
  ),
  'EventLog.forget': method(log, 'forget', k.name),
  'Codec.encode': row(
    (given: unknown) => jsonCodec().encode(given),
    k.something(() => ({ a: 1 })),
  ),
  'Codec.decode': row(
    (given: string) => jsonCodec().decode(given),
    k.something(() => '{ "a": 1 }'),
  ),
  openLevelLog: {
    kinds: [k.name, k.options({ sync: k.optional(k.flag), dedupe, repair: k.optional(k.word('truncate')) })],
    call: async (_, [folder, ...rest]) => {
      const place = typeof folder === 'string' && folder !== '' ? join(folders, folder) : folder;
      const opened = await openLevelLog(place as string, ...(rest as []));
      await opened.close();
    },
    isSlow: true,
  },
};
