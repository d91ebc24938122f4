import { openDispatcher, type EventLog } from 'rxjs-clocked-dispatch/log';
import { costOf, type Cost } from '../cost.js';
import { entryOf, freshLevel, type Contender, type Report } from './contenders.js';

/** How many calls are under way at any moment. */
const AT_ONCE = 1000;
const WARM_UP = 100;

/** Appends for so many milliseconds, and closes. */
export async function appending({ append, close }: Contender, milliseconds: number): Promise<Cost> {
  let n = 0;
  const caller = async (until: number): Promise<void> => {
    while (performance.now() < until) {
      await append({ flight: n, gate: `B${n % 40}` });
      n++;
    }
  };
  const callUntil = async (until: number): Promise<number> => {
    n = 0;
    await Promise.all(Array.from({ length: AT_ONCE }, () => caller(until)));
    return n;
  };
  await callUntil(performance.now() + WARM_UP);
  const cost = await costOf(() => callUntil(performance.now() + milliseconds));
  await close();
  return cost;
}

/** Reads all of a log: the second time counts. */
export async function reading(log: EventLog, read: (log: EventLog) => Promise<void>): Promise<Cost> {
  await read(log);
  return costOf(async () => {
    await read(log);
    return log.last;
  });
}

/** A log to read. */
export async function filled(entries: number): Promise<EventLog> {
  const log = await freshLevel(false);
  for (let i = 0; i < entries; i += 1000) {
    await log.append(Array.from({ length: 1000 }, (_, n) => entryOf({ flight: i + n, gate: 'B1' })));
  }
  return log;
}

export async function readByPages(log: EventLog): Promise<void> {
  for (let at = 0; at < log.last;) {
    for (const [{ messages }, ts] of await log.read(at, 512)) {
      for (const { value } of messages) JSON.parse(value as string);
      at = ts;
    }
  }
}

export async function readByReceiver(log: EventLog): Promise<void> {
  const dispatcher = await openDispatcher<Report>(log);
  await new Promise<void>((resolve) => {
    dispatcher.receiver('board', { from: 0 }).subscribe(([, ts]) => ts === log.last && resolve());
  });
  await dispatcher.close();
}
