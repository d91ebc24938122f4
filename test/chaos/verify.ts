import { idOf, NAMES } from './message.js';
import type { Reader } from './reader.js';
import type { Acknowledged } from './writer.js';

/** What went wrong, in sentences: something lost, twice, or out of order. */
export function verify(readers: readonly Reader[], acknowledged: Acknowledged): string[] {
  const faults: string[] = [];
  const all = readers.find(({ names }) => names === NAMES)!;
  const stored = new Map<number, string>();
  const places = new Map<string, number>();
  for (const [message, ts] of all.items) {
    if (message === null) continue;
    const id = idOf(message);
    if (places.has(id)) faults.push(`${id} is stored at ${places.get(id)!} and at ${ts}`);
    places.set(id, ts);
    stored.set(ts, id);
  }
  for (const [id, ts] of acknowledged) {
    if (stored.get(ts) !== id) faults.push(`${id} was acknowledged at ${ts}, where there is ${stored.get(ts)}`);
  }
  if (places.size !== acknowledged.size) faults.push(`${places.size} are stored, ${acknowledged.size} acknowledged`);
  faults.push(...sendersInOrder(all));
  for (const reader of readers) faults.push(...sameAs(all, reader));
  return faults;
}

/** What one sender has sent stands in the order in which it was sent. */
function sendersInOrder({ items }: Reader): string[] {
  const last = new Map<string, number>();
  return items.flatMap(([message]) => {
    if (message === null) return [];
    const { writer, to, number } = message;
    const before = last.get(`${writer}.${to}`) ?? -1;
    last.set(`${writer}.${to}`, number);
    return number === before + 1 ? [] : [`writer ${writer}: ${number} to ${to} stands behind ${before}`];
  });
}

/** A reader has got what is for it, and nothing else, in the one order; its clock never went back. */
function sameAs(all: Reader, { names, items }: Reader): string[] {
  const faults: string[] = [];
  const expected = all.items.filter(([message]) => message !== null && names.includes(message.to));
  const got = items.filter(([message]) => message !== null);
  const text = (item: (typeof got)[number] | undefined): string =>
    item === undefined ? 'nothing' : `${idOf(item[0]!)} at ${item[1]}`;
  for (let i = 0; i < Math.max(expected.length, got.length); i++) {
    if (text(expected[i]) === text(got[i])) continue;
    faults.push(`the reader of ${names.join()} got ${text(got[i])}, not ${text(expected[i])}`);
    break;
  }
  items.forEach(([, ts], i) => {
    if (ts <= (items[i - 1]?.[1] ?? -1)) faults.push(`the reader of ${names.join()}: ${ts} behind ${items[i - 1]![1]}`);
  });
  return faults;
}
