import type { AppendPlan } from '../log/append-plan.js';
import type { Timestamp } from '../types.js';
import { spanKey } from './keys.js';
import { encodeRecord } from './record.js';
import type { Operation } from './store.js';

/** How many entries go into one record: whoever reads a few of them has to read all of them. */
const RECORD = 512;

/** The records of one append: few, because LevelDB takes a seventh of the time for what is packed. */
export function appendRecords<E>({ fresh, ids }: AppendPlan<E>, first: Timestamp): readonly Operation[] {
  const operations: Operation[] = [];
  for (let from = 0; from < fresh.length; from += RECORD) {
    const to = Math.min(from + RECORD, fresh.length);
    const span = { first: first + from, last: first + to - 1 };
    operations.push(put(spanKey('e', span), fresh.slice(from, to)));
    const own = ids?.slice(from, to);
    if (own?.some((id) => id !== undefined))
      operations.push(
        put(
          spanKey('i', span),
          own.map((id) => id ?? null),
        ),
      );
  }
  return operations;
}

function put(key: string, value: unknown): Operation {
  return { type: 'put', key, value: encodeRecord(key, value) };
}
