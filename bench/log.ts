/**
 * Appends a second to a log on disk and to one in memory, 1,000 at once: the least that the store takes (`bare`), against
 * `openLevelLog` and `memoryLog` behind group commit. `node --import tsx bench/log.ts [seconds a row]`.
 *
 * Contenders take turns, and each ratio is one of neighbours; what is printed is the median.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { openLevelLog } from 'rxjs-clocked-dispatch/level';
import { memoryLog, type Entry, type EventLog } from 'rxjs-clocked-dispatch/log';
import { Committer } from '../src/log/committer.js';

const AT_ONCE = 1000;
const ROUNDS = 9;
const seconds = Number(process.argv[2] ?? 0.5);
const root = mkdtempSync(join(tmpdir(), 'clocked-bench-'));
let made = 0;

type Append = (entry: Entry) => Promise<number>;
interface Contender {
  readonly append: Append;
  readonly close: () => Promise<void>;
}

/** Group commit with nothing around it: what comes next gathers while one batch is being stored. */
function gather(store: (entries: readonly Entry[]) => Promise<number>): Append {
  let waiting: { readonly entry: Entry; readonly resolve: (ts: number) => void }[] = [];
  let running = false;
  const run = async (): Promise<void> => {
    running = true;
    await Promise.resolve();
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      let ts = (await store(batch.map(({ entry }) => entry))) - batch.length;
      for (const { resolve } of batch) resolve(++ts);
    }
    running = false;
  };
  return (entry) =>
    new Promise((resolve) => {
      waiting.push({ entry, resolve });
      if (!running) void run();
    });
}

async function bareLevel(sync: boolean): Promise<Contender> {
  const db = new ClassicLevel<string, readonly Entry[]>(join(root, `${made++}`), { valueEncoding: 'json' });
  await db.open();
  let last = 0;
  const append = gather(async (entries) => {
    const ts = last + entries.length;
    await db.put(`e${ts.toString(36).padStart(11, '0')}`, entries, { sync });
    return (last = ts);
  });
  return { append, close: () => db.close() };
}

function bareMemory(): Promise<Contender> {
  const all: Entry[] = [];
  const append = gather((entries) => Promise.resolve((all.push(...entries), all.length)));
  return Promise.resolve({ append, close: () => Promise.resolve() });
}

function committed(log: EventLog): Contender {
  const committer = new Committer(log);
  return {
    append: (entry) => committer.append(entry),
    close: async () => {
      await committer.close();
      await log.close();
    },
  };
}

/** Entries a second, and nanoseconds of all processors for each: the latter holds on a busy machine, too. */
interface Cost {
  readonly rate: number;
  readonly cpu: number;
}

async function cost({ append, close }: Contender): Promise<Cost> {
  let n = 0;
  const round = async (until: number): Promise<void> => {
    while (performance.now() < until) {
      await append({
        messages: [{ value: `{"flight":${n},"gate":"B${n % 40}"}`, to: ['board'] }],
        at: 1_700_000_000_000,
      });
      n++;
    }
  };
  const run = (until: number): Promise<unknown> => Promise.all(Array.from({ length: AT_ONCE }, () => round(until)));
  await run(performance.now() + 100);
  n = 0;
  const started = performance.now();
  const usage = process.cpuUsage();
  await run(started + seconds * 1000);
  const rate = n / ((performance.now() - started) / 1000);
  const { user, system } = process.cpuUsage(usage);
  await close();
  return { rate, cpu: ((user + system) * 1000) / n };
}

const rows: readonly (readonly [string, bare: () => Promise<Contender>, ours: () => Promise<Contender>])[] = [
  ['level, fsync', () => bareLevel(true), async () => committed(await openLevelLog(join(root, `${made++}`)))],
  [
    'level, no fsync',
    () => bareLevel(false),
    async () => committed(await openLevelLog(join(root, `${made++}`), { sync: false })),
  ],
  ['memory', bareMemory, () => Promise.resolve(committed(memoryLog()))],
];

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

for (const [name, bare, ours] of rows) {
  const costs: [bare: Cost, ours: Cost][] = [];
  for (let i = 0; i < ROUNDS; i++) costs.push([await cost(await bare()), await cost(await ours())]);
  const line = [
    name.padEnd(16),
    `bare ${Math.round(median(costs.map(([b]) => b.rate)))}/s`,
    `ours ${Math.round(median(costs.map(([, o]) => o.rate)))}/s`,
    `ratio ${median(costs.map(([b, o]) => o.rate / b.rate)).toFixed(2)}`,
    `cpu ${Math.round(median(costs.map(([b]) => b.cpu)))} and ${Math.round(median(costs.map(([, o]) => o.cpu)))} ns`,
    `ratio ${median(costs.map(([b, o]) => b.cpu / o.cpu)).toFixed(2)}`,
  ];
  console.log(line.join('  '));
}
rmSync(root, { recursive: true, force: true });
