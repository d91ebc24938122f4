import type { AppendPlan } from '../log/append-plan.js';
import { packedRecords } from '../log/packed-records.js';
import type { Timestamp } from '../types.js';
import { spanKey } from './keys.js';
import { putRecord } from './meta.js';
import type { Operation } from './store.js';

/** What stores one append. */
export function appendRecords<E>(plan: AppendPlan<E>, first: Timestamp): readonly Operation[] {
  const operations: Operation[] = [];
  for (const record of packedRecords(plan, first)) {
    operations.push(putRecord(spanKey('e', record), record.entries));
    if (record.ids !== undefined) {
      operations.push(
        putRecord(
          spanKey('i', record),
          record.ids.map((id) => id ?? null),
        ),
      );
    }
  }
  return operations;
}
