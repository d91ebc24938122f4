import { clocked, describeEventLog, explain, marblesOf } from 'rxjs-clocked-dispatch/testing';
import * as k from '../kinds.js';
import { plain, row, type Table } from './row.js';

const streamsOptions = k.options({
  columns: k.optional(k.word('time', 'order')),
  scheduler: k.optional(k.scheduler),
  limit: k.optional(k.count()),
});
const runs = k.kind(
  () => (_: string, body: () => unknown) => body,
  (given) => typeof given === 'function',
);

export const TESTING: Table = {
  clocked: row(
    clocked,
    k.kind(
      () => 'a1 _2 |',
      (given) => given === '',
    ),
    k.something(() => ({ a: 1 })),
    k.anything,
  ),
  explain: { ...row(explain, k.func), use: () => undefined },
  marblesOf: row(marblesOf, k.oneOf(plain, k.kind(plain.good, k.isEmpty)), streamsOptions),
  'marblesOf a record': row(marblesOf, k.oneOf(k.record(plain), k.kind(plain.good, k.isEmpty)), streamsOptions),
  describeEventLog: row(
    describeEventLog,
    k.name,
    k.func,
    k.open({ describe: k.func, test: runs, reopen: k.optional(k.func) }),
  ),
};
