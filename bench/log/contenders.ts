/** What takes entries: a store by itself behind a group commit, and what this package puts around it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { openLevelLog } from 'rxjs-clocked-dispatch/level';
import { openDispatcher, type Entry, type EventLog } from 'rxjs-clocked-dispatch/log';
import { Committer } from '../../src/log/committer.js';

/** What is sent. */
export interface Report {
  readonly flight: number;
  readonly gate: string;
}

/** Resolves with the position, when it is stored. */
export type Append = (report: Report) => Promise<number>;

/** An open store, and how to close it. */
export interface Contender {
  readonly append: Append;
  readonly close: () => Promise<void>;
}

const root = mkdtempSync(join(tmpdir(), 'clocked-bench-'));
process.on('exit', () => rmSync(root, { recursive: true, force: true }));
let made = 0;

/** What is stored of a report: the same for all contenders. */
export function entryOf(report: Report): Entry {
  return { messages: [{ value: JSON.stringify(report), to: ['board'] }], at: 1_700_000_000_000 };
}

export function freshLevel(sync: boolean): Promise<EventLog> {
  return openLevelLog(join(root, `${made++}`), { sync });
}

/** One record a commit, with nothing around it. */
export async function bareLevel(sync: boolean): Promise<Contender> {
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

export function bareMemory(): Promise<Contender> {
  const all: Entry[] = [];
  const append = gather((entries) => Promise.resolve((all.push(...entries), all.length)));
  return Promise.resolve({ append, close: () => Promise.resolve() });
}

/** A log behind the group commit of this package. */
export function committed(log: EventLog): Contender {
  const committer = new Committer(log);
  const close = async (): Promise<void> => {
    await committer.close();
    await log.close();
  };
  return { append: (report) => committer.append(entryOf(report)), close };
}

/** A dispatcher, with so many receivers at the head; one of them gets the messages. */
export async function sent(log: EventLog, receivers: number): Promise<Contender> {
  const dispatcher = await openDispatcher<Report>(log);
  for (let i = 0; i < receivers; i++) dispatcher.receiver(i === 0 ? 'board' : `other ${i}`).subscribe();
  const sender = dispatcher.sender('reports', 'board');
  const close = async (): Promise<void> => {
    await dispatcher.close();
    await log.close();
  };
  return { append: (report) => sender.send(report), close };
}

/** The least group commit: what comes next gathers while one batch is being stored. */
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
