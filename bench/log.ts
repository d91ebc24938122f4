/**
 * What a log costs, against the least that its store takes (`bare`): appends behind group commit and `send` of a dispatcher,
 * 1,000 at once, and reading all of it. `node --import tsx bench/log.ts [seconds a row] [--check]`; with `--check` it fails
 * where a ratio of the processor's time is below its target.
 *
 * Contenders take turns, and each ratio is one of neighbours; what is printed is the median.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { openLevelLog } from 'rxjs-clocked-dispatch/level';
import { memoryLog, openDispatcher, type Entry, type EventLog } from 'rxjs-clocked-dispatch/log';
import { Committer } from '../src/log/committer.js';

const AT_ONCE = 1000;
const ROUNDS = 9;
const [given, ...flags] = process.argv.slice(2);
const seconds = Number(given ?? 0.5);
const root = mkdtempSync(join(tmpdir(), 'clocked-bench-'));
let made = 0;

interface Report {
  readonly flight: number;
  readonly gate: string;
}
type Append = (report: Report) => Promise<number>;
interface Contender {
  readonly append: Append;
  readonly close: () => Promise<void>;
}

/** What is stored of a report: the same for all contenders. */
function entryOf(report: Report): Entry {
  return { messages: [{ value: JSON.stringify(report), to: ['board'] }], at: 1_700_000_000_000 };
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
  return (report) =>
    new Promise((resolve) => {
      waiting.push({ entry: entryOf(report), resolve });
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
    append: (report) => committer.append(entryOf(report)),
    close: async () => {
      await committer.close();
      await log.close();
    },
  };
}

/** A dispatcher, with so many receivers at the head; one of them gets the messages. */
async function sent(log: EventLog, receivers: number): Promise<Contender> {
  const dispatcher = await openDispatcher<Report>(log);
  for (let i = 0; i < receivers; i++) dispatcher.receiver(i === 0 ? 'board' : `other ${i}`).subscribe();
  const sender = dispatcher.sender('reports', 'board');
  return {
    append: (report) => sender.send(report),
    close: async () => {
      await dispatcher.close();
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
      await append({ flight: n, gate: `B${n % 40}` });
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

const freshLevel = (sync: boolean): Promise<EventLog> => openLevelLog(join(root, `${made++}`), { sync });

interface Row {
  readonly name: string;
  readonly bare: () => Promise<Cost>;
  readonly ours: () => Promise<Cost>;
  /** The least ratio. */
  readonly least?: number;
}

const appends = (bare: () => Promise<Contender>, ours: () => Promise<Contender>): Pick<Row, 'bare' | 'ours'> => ({
  bare: async () => cost(await bare()),
  ours: async () => cost(await ours()),
});

/** Reads a log of many entries, page by page or by a receiver that begins before the first. */
const STORED = 50_000;
async function filled(): Promise<EventLog> {
  const log = await freshLevel(false);
  for (let i = 0; i < STORED; i += 1000) {
    await log.append(Array.from({ length: 1000 }, (_, n) => entryOf({ flight: i + n, gate: 'B1' })));
  }
  return log;
}

async function reading(read: () => Promise<void>): Promise<Cost> {
  await read();
  const started = performance.now();
  const usage = process.cpuUsage();
  await read();
  const { user, system } = process.cpuUsage(usage);
  return { rate: STORED / ((performance.now() - started) / 1000), cpu: ((user + system) * 1000) / STORED };
}

async function readBare(log: EventLog): Promise<void> {
  for (let at = 0; at < log.last;) {
    for (const [{ messages }, ts] of await log.read(at, 512)) {
      for (const { value } of messages) JSON.parse(value as string);
      at = ts;
    }
  }
}

async function readByReceiver(log: EventLog): Promise<void> {
  const dispatcher = await openDispatcher<Report>(log);
  await new Promise<void>((resolve) => {
    dispatcher.receiver('board', { from: 0 }).subscribe(([, ts]) => ts === log.last && resolve());
  });
  await dispatcher.close();
}

const stored = await filled();
const rows: readonly Row[] = [
  {
    name: 'append, fsync',
    ...appends(
      () => bareLevel(true),
      async () => committed(await freshLevel(true)),
    ),
  },
  {
    name: 'append',
    ...appends(
      () => bareLevel(false),
      async () => committed(await freshLevel(false)),
    ),
  },
  { name: 'append, memory', ...appends(bareMemory, () => Promise.resolve(committed(memoryLog()))) },
  {
    name: 'send, fsync',
    ...appends(
      () => bareLevel(true),
      async () => sent(await freshLevel(true), 1),
    ),
    least: 0.8,
  },
  {
    name: 'send, 1000 recv',
    ...appends(
      () => bareLevel(true),
      async () => sent(await freshLevel(true), 1000),
    ),
    least: 0.4,
  },
  { name: 'send, memory', ...appends(bareMemory, () => sent(memoryLog(), 1)), least: 0.5 },
  {
    name: 'catch-up',
    bare: () => reading(() => readBare(stored)),
    ours: () => reading(() => readByReceiver(stored)),
    least: 0.6,
  },
];

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

for (const { name, bare, ours, least = 0 } of rows) {
  const costs: [bare: Cost, ours: Cost][] = [];
  for (let i = 0; i < ROUNDS; i++) costs.push([await bare(), await ours()]);
  const ratio = median(costs.map(([b, o]) => b.cpu / o.cpu));
  const line = [
    name.padEnd(16),
    `bare ${Math.round(median(costs.map(([b]) => b.rate)))}/s`,
    `ours ${Math.round(median(costs.map(([, o]) => o.rate)))}/s`,
    `ratio ${median(costs.map(([b, o]) => o.rate / b.rate)).toFixed(2)}`,
    `cpu ${Math.round(median(costs.map(([b]) => b.cpu)))} and ${Math.round(median(costs.map(([, o]) => o.cpu)))} ns`,
    `ratio ${ratio.toFixed(2)}${least > 0 ? ` (at least ${least})` : ''}`,
  ];
  console.log(line.join('  '));
  if (flags.includes('--check') && ratio < least) process.exitCode = 1;
}
await stored.close();
rmSync(root, { recursive: true, force: true });
