import { expect, test } from 'vitest';
import { publicSurface } from './surface.js';
import { ANGULAR } from './table/angular.js';
import { TABLE } from './table/index.js';

/** What users make and the package calls. */
const GIVEN_BY_USERS =
  /^(AbortSignalLike|JetStreamConnection|Line|LogUnderTest|OptimisticSender|PortLike|Runner|Scheduler|SharedScope|SocketLike|Transport|TransportEvents|\w+Options)\./;

/** Tested as part of what extends it. */
const EXTENDED = /^(DispatcherBase|DispatcherView|SenderBase)\./;

/** Optional in the port of a log, and in none of ours. */
const NOT_HERE = ['EventLog.follow'];

test('whatever is public and takes an argument has its row in the table, and each row is of something public', () => {
  const rows = [...Object.keys(TABLE), ...Object.keys(ANGULAR)].map((row) => row.split(' ')[0]!);
  const isTested = (name: string): boolean =>
    !GIVEN_BY_USERS.test(name) && !EXTENDED.test(name) && !NOT_HERE.includes(name);
  const surface = publicSurface().filter(isTested);

  expect([...new Set(rows)].sort()).toEqual(surface);
}, 60_000);
