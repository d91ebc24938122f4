import { DISPATCHERS } from './dispatchers.js';
import { DURABLE } from './durable.js';
import { LINE } from './line.js';
import { LOGS } from './log.js';
import { OPERATORS } from './operators.js';
import { RECEIVERS } from './receivers.js';
import type { Table } from './row.js';
import { SENDERS } from './senders.js';
import { TESTING } from './testing.js';

export const TABLE: Table = {
  ...DISPATCHERS,
  ...SENDERS,
  ...RECEIVERS,
  ...OPERATORS,
  ...LOGS,
  ...DURABLE,
  ...LINE,
  ...TESTING,
};
