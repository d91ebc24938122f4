// What is measured in a page of the browser: `measure` of its window.
import { openDB, type IDBPDatabase } from 'idb';
import { openIndexedDbLog } from 'rxjs-clocked-dispatch/indexeddb';
import { openDispatcher, type Entry } from 'rxjs-clocked-dispatch/log';
import { Committer } from '../../src/log/committer.js';

const AT_ONCE = 1000;
/** A value of its own each time: what occurs again in a record is stored as a reference to the first, which costs next to nothing. */
const valueOf = (amount: number) => ({ kind: 'order', item: 'x'.repeat(120), amount, at: 1_700_000_000_000 });
const entryOf = (i: number): Entry => ({ messages: [{ value: valueOf(i), to: ['orders'] }], at: 1_700_000_000_000 });
const batch = (): Entry[] => Array.from({ length: AT_ONCE }, (_, i) => entryOf(i));

let made = 0;
const bare = (): Promise<IDBPDatabase> =>
  openDB(`bare ${made++}`, 1, { upgrade: (db) => void db.createObjectStore('all', { autoIncrement: true }) });

/** Milliseconds that each contender takes, round by round, one after the other. */
async function rounds(count: number, contenders: readonly (() => Promise<unknown>)[]): Promise<number[][]> {
  const times: number[][] = [];
  for (let round = 0; round < count; round++) {
    const row: number[] = [];
    for (const contender of contenders) {
      const started = performance.now();
      await contender();
      row.push(performance.now() - started);
    }
    times.push(row);
  }
  return times;
}

export const measure = {
  /** A thousand entries, stored for good: one bare transaction, by group commit, by a dispatcher. */
  async send(durability: 'strict' | 'relaxed', count: number) {
    const db = await bare();
    const committer = new Committer<Entry>(await openIndexedDbLog(`committer ${made++}`, { durability }));
    const dispatcher = await openDispatcher<ReturnType<typeof valueOf>>(
      await openIndexedDbLog(`dispatcher ${made++}`, { durability }),
    );
    const sender = dispatcher.sender('web', 'orders');
    const all = (send: (i: number) => Promise<unknown>) => () =>
      Promise.all(Array.from({ length: AT_ONCE }, (_, i) => send(i)));
    return rounds(count, [
      async () => {
        const tx = db.transaction('all', 'readwrite', { durability });
        void tx.store.add(batch());
        await tx.done;
      },
      all((i) => committer.append(entryOf(i))),
      all((i) => sender.send(valueOf(i))),
    ]);
  },
  /** Opening a log of many entries and loading a checkpoint, and reading the checkpoint from a database that has no more. */
  async open(entries: number, count: number) {
    const name = `large ${made++}`;
    const log = await openIndexedDbLog(name, { durability: 'relaxed' });
    for (let i = 0; i < entries; i += AT_ONCE) await log.append(batch());
    const checkpoint = { ts: entries, version: 1, state: { orders: 7 } };
    await log.save('orders', checkpoint);
    await log.close();
    const db = await bare();
    const only = db.name;
    await db.add('all', checkpoint, 1);
    db.close();
    return rounds(count, [
      async () => {
        const alone = await openDB(only, 1);
        await alone.get('all', 1);
        alone.close();
      },
      async () => {
        const opened = await openIndexedDbLog(name);
        await opened.load('orders');
        await opened.close();
      },
    ]);
  },
};

/** What `page.evaluate` finds. */
export type Measure = typeof measure;
(window as unknown as { measure: Measure }).measure = measure;
