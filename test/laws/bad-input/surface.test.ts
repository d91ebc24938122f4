import { expect, test } from 'vitest';
import { publicSurface } from './surface.js';
import { ANGULAR } from './table/angular.js';
import { TABLE } from './table/index.js';

/** What users make and the package calls, and what is tested as part of those that extend it. */
const GIVEN_BY_USERS = /^(AbortSignalLike|LogUnderTest|OptimisticSender|Runner|Scheduler|\w+Options)\./;

/** Optional in the port of a log, and in none of ours. */
const NOT_HERE = ['EventLog.follow'];

test('whatever is public and takes an argument has its row in the table, and each row is of something public', () => {
  const rows = [...Object.keys(TABLE), ...Object.keys(ANGULAR)].map((row) => row.split(' ')[0]!);
  const surface = publicSurface().filter((name) => !GIVEN_BY_USERS.test(name) && !NOT_HERE.includes(name));

  expect([...new Set(rows)].sort()).toEqual(surface);
}, 60_000);
