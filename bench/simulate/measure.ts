import { memoryLog, openDispatcher, type EventLog } from 'rxjs-clocked-dispatch/log';
import { heap } from '../heap.js';
import { median } from '../lines.js';
import { entryOf, type Report } from '../log/contenders.js';
import { cpuTime } from '../scenario.js';
import { fit } from './fit.js';
import type { Constants } from './plan.js';
import { atOnce, atRate, type Drive, type Place, run, type Run } from './real.js';

/** What is stored in one process, with its receivers in the same one. */
export type Together = Pick<Constants, 'commit' | 'sync' | 'append' | 'tick'>;

/**
 * Measures what a dispatcher over a log takes. Twenty seconds.
 *
 * By runs at steady rates, since caches are as cold between two commits there as in use; and by calls that wait for each
 * other, whose commits are large, and which leave no other time than that of the disk.
 */
export async function measureTogether(place: Place): Promise<Together> {
  const steady: Run[] = [];
  for (const rate of [2000, 18_000]) steady.push(await best(place, 1, atRate(rate, 900), ofMessage));
  const waiting: Run[] = [];
  for (const calls of [10, 30, 100, 1000]) waiting.push(await best(place, 1, atOnce(calls, 700), ofMessage));
  const runs = [...steady, ...waiting];
  const [commit, append] = fit(
    runs.map(({ commits, messages }) => [commits, messages]),
    runs.map(({ busy }) => busy),
  );
  const waits = waiting.slice(0, 3).map(({ elapsed, busy, commits }) => (elapsed - busy) / commits);

  const ofCommit = ({ busy, messages, commits }: Run): number => (busy - messages * append!) / commits;
  const [few, many] = [1, 400];
  const alone = await best(place, few, atRate(6000, 900), ofCommit);
  const crowd = await best(place, many, atRate(6000, 900), ofCommit);
  const tick = Math.max(0, ofCommit(crowd) - ofCommit(alone)) / (many - few);
  return { commit: commit!, sync: median(waits), append: append!, tick };
}

const ofMessage = ({ busy, messages }: Run): number => busy / messages;

/** What disturbs only ever adds. */
async function best(place: Place, receivers: number, drive: Drive, cost: (run: Run) => number): Promise<Run> {
  const runs: Run[] = [];
  for (let i = 0; i < 3; i++) runs.push(await run(place, receivers, drive));
  return runs.reduce((a, b) => (cost(a) < cost(b) ? a : b));
}

const ENTRIES = 100_000;

/** What it takes to decode a message and to tell it, beside passing it over. */
export async function measureDelivery(): Promise<number> {
  const log = memoryLog();
  for (let i = 0; i < ENTRIES; i += 1000)
    await log.append(Array.from({ length: 1000 }, (_, n) => entryOf(report(i + n))));
  const others = await reading(log, 'somebody else');
  const own = await reading(log, 'board');
  await log.close();
  return Math.max(0, own - others);
}

/** Milliseconds for each entry. */
async function reading(log: EventLog, addressedTo: string): Promise<number> {
  let best = Infinity;
  for (let i = 0; i < 4; i++) {
    const dispatcher = await openDispatcher(log);
    const began = cpuTime();
    await new Promise<void>((resolve) => {
      dispatcher.receiver('reader', { from: 0, addressedTo }).subscribe(([, ts]) => ts === log.last && resolve());
    });
    best = Math.min(best, (cpuTime() - began) / 1e6 / ENTRIES);
    await dispatcher.close();
  }
  return best;
}

/** Bytes as JSON: of an entry with what is around it on its way from the log, and of what goes to a page. */
export function measureBytes(): Pick<Constants, 'messageBytes' | 'tickBytes' | 'itemBytes'> {
  const around = 80;
  const bytes = (value: unknown): number => JSON.stringify(value).length;
  const frame = (item: unknown): number => bytes(['items', 12, [item], [1_234_567]]);
  return {
    messageBytes: bytes(entryOf(report(1_234_567))) + around,
    tickBytes: frame(null),
    itemBytes: frame(report(1_234_567)),
  };
}

/** Bytes of memory that a receiver takes. */
export async function measureReceiver(): Promise<number> {
  const count = 10_000;
  const dispatcher = await openDispatcher(memoryLog());
  const before = heap();
  for (let i = 0; i < count; i++) dispatcher.receiver(`receiver ${i}`).subscribe();
  const bytes = (heap() - before) / count;
  await dispatcher.close();
  return Math.round(bytes);
}

function report(flight: number): Report {
  return { flight, gate: `B${flight % 40}` };
}
