import type { Timestamp } from '../types.js';
import type { AppendPlan } from './append-plan.js';

/** How many entries go into one record: whoever reads a few of them has to read all of them. */
const RECORD = 512;

/** Entries that are stored together. */
export interface PackedRecord<E> {
  /** The positions that the record covers. */
  readonly first: Timestamp;
  readonly last: Timestamp;
  readonly entries: readonly E[];
  /** Their ids, where any has one. */
  readonly ids: readonly (string | undefined)[] | undefined;
}

/** The records of one append: few, because stores take a fraction of the time for what is packed. */
export function packedRecords<E>({ fresh, ids }: AppendPlan<E>, first: Timestamp): readonly PackedRecord<E>[] {
  const records: PackedRecord<E>[] = [];
  for (let from = 0; from < fresh.length; from += RECORD) {
    const to = Math.min(from + RECORD, fresh.length);
    const own = ids?.slice(from, to);
    records.push({
      first: first + from,
      last: first + to - 1,
      entries: fresh.slice(from, to),
      ids: own?.some((id) => id !== undefined) ? own : undefined,
    });
  }
  return records;
}
