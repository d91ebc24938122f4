import { openJetStreamLog } from 'rxjs-clocked-dispatch/nats';
import type { EventLog } from 'rxjs-clocked-dispatch/log';
import { describeEventLog } from 'rxjs-clocked-dispatch/testing';
import { describe, test } from 'vitest';
import { newName, serverForTests } from './server.js';

const server = serverForTests();
const streams = new WeakMap<EventLog, string>();

async function open(stream = newName()): Promise<EventLog> {
  const connection = await (await server()).connect();
  const log = await openJetStreamLog(connection, { stream, subjects: stream });
  streams.set(log, stream);
  return log;
}

describeEventLog('openJetStreamLog()', () => open(), { describe, test, reopen: (log) => open(streams.get(log)) });
