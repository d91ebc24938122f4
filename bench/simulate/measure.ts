import { performance } from 'node:perf_hooks';
import { memoryLog, openDispatcher, type Entry, type EventLog } from 'rxjs-clocked-dispatch/log';
import { heap } from '../heap.js';
import { fit } from './fit.js';
import type { Constants } from './plan.js';
import { atOnce, run, type Run } from './real.js';

/** Measures what the simulation takes for given, on this machine. A minute. */
export async function measure(): Promise<Constants> {
  const runs: Run[] = [];
  for (const receivers of [1, 100, 300]) {
    for (const calls of [10, 100, 1000]) runs.push(await run(receivers, atOnce(calls, 1500)));
  }
  const [commit, append, tick] = fit(
    runs.map(({ commits, messages, receivers }) => [commits, messages, commits * receivers]),
    runs.map(({ busy }) => busy),
  );
  const waits = runs.map(({ elapsed, busy, commits }) => (elapsed - busy) / commits).sort((a, b) => a - b);
  return {
    ...{ commit: commit!, sync: waits[waits.length >> 1]!, append: append!, tick: tick! },
    ...(await following()),
    ...bytes(),
    receiverBytes: await receiverBytes(),
  };
}

const ENTRIES = 100_000;

/** What a process pays that reads a log which others write. */
async function following(): Promise<Pick<Constants, 'batch' | 'take' | 'deliver'>> {
  const log = memoryLog();
  for (let i = 0; i < ENTRIES; i += 1000) await log.append(Array.from({ length: 1000 }, (_, n) => entry(i + n)));
  const others = await reading(log, 'somebody else', 512);
  const own = await reading(log, 'receiver', 512);
  const single = await reading(log, 'somebody else', 8);
  await log.close();
  const batch = Math.max(0, (single - others) * 8);
  const take = Math.max(0, others - batch / 512);
  return { batch, take, deliver: Math.max(0, own - others) };
}

/** Milliseconds for each entry. */
async function reading(log: EventLog, addressedTo: string, page: number): Promise<number> {
  let best = Infinity;
  for (let i = 0; i < 4; i++) {
    const dispatcher = await openDispatcher(log, { page });
    const loop = performance.eventLoopUtilization();
    await new Promise<void>((resolve) => {
      dispatcher.receiver('reader', { from: 0, addressedTo }).subscribe(([, ts]) => ts === log.last && resolve());
    });
    best = Math.min(best, performance.eventLoopUtilization(loop).active / ENTRIES);
    await dispatcher.close();
  }
  return best;
}

function entry(flight: number): Entry {
  const value = JSON.stringify({ flight, gate: `B${flight % 40}` });
  return { messages: [{ value, to: ['receiver'] }], at: 1_700_000_000_000 };
}

/** As JSON; with what a message has around it on a connection of its own. */
function bytes(): Pick<Constants, 'messageBytes' | 'tickBytes' | 'itemBytes'> {
  const around = 80;
  const tick = JSON.stringify({ type: 'items', id: 12, items: [[null, 1_234_567]] }).length;
  const item = JSON.stringify({
    type: 'items',
    id: 12,
    items: [[{ flight: 1_234_567, gate: 'B12' }, 1_234_567]],
  }).length;
  return { messageBytes: JSON.stringify(entry(1_234_567)).length + around, tickBytes: tick, itemBytes: item };
}

async function receiverBytes(): Promise<number> {
  const count = 10_000;
  const dispatcher = await openDispatcher(memoryLog());
  const before = heap();
  for (let i = 0; i < count; i++) dispatcher.receiver(`receiver ${i}`).subscribe();
  const bytes = (heap() - before) / count;
  await dispatcher.close();
  return Math.round(bytes);
}
