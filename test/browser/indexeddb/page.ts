// What a tab of the checks does, as `tab` of its window.
import { openDB } from 'idb';
import { openIndexedDbLog } from 'rxjs-clocked-dispatch/indexeddb';
import type { EventLog } from 'rxjs-clocked-dispatch/log';
import { Committer } from '../../../src/log/committer.js';

/** An entry of the checks: told from all others by its id. */
export interface Note {
  readonly id: string;
  /** In milliseconds since 1970, as exactly as the browser tells. */
  readonly sentAt: number;
  readonly load?: Uint8Array;
}

/** What came of a call. */
export type Outcome = { readonly value: unknown } | { readonly error: string; readonly stored: unknown };

let log: EventLog<Note>;
const connections = new Set<IDBDatabase>();
const lost: string[] = [];
const seen: (readonly [id: string, ts: number])[] = [];
const delays: number[] = [];
let writing = false;

// eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its object below
const { transaction } = IDBDatabase.prototype;
IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...args) {
  connections.add(this);
  return transaction.apply(this, args);
};

const now = (): number => performance.timeOrigin + performance.now();
const note = (id: string): Note => ({ id, sentAt: now() });

async function outcome(call: Promise<unknown>): Promise<Outcome> {
  try {
    return { value: await call };
  } catch (error) {
    const { name, stored } = error as Error & { readonly stored?: unknown };
    return { error: name, stored };
  }
}

/** Reads on from where it is, whenever there is news. */
async function follow(): Promise<void> {
  let news: () => void = () => undefined;
  log.watch!(() => news());
  for (;;) {
    const told = new Promise<void>((resolve) => (news = resolve));
    const page = await log.read(seen[seen.length - 1]?.[1] ?? 0, 500);
    for (const [{ id, sentAt }, ts] of page) {
      seen.push([id, ts]);
      delays.push(now() - sentAt);
    }
    if (page.length === 0) await told;
  }
}

let told: [id: string, ts: number][] = [];

/** Tells the checks what was acknowledged: not each by itself, which takes longer than to store it. */
function acknowledge(id: string, ts: number): void {
  const { acknowledged } = window as unknown as { acknowledged: (notes: typeof told) => Promise<void> };
  if (told.length === 0) {
    setTimeout(() => {
      void acknowledged(told);
      told = [];
    }, 10);
  }
  told.push([id, ts]);
}

/** Several writers, each of which waits for its entry before the next; by group commit. */
async function write(prefix: string, writers: number): Promise<void> {
  const committer = new Committer<Note>(log);
  writing = true;
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let i = 0; writing; i++) {
        const id = `${prefix}.${writer}.${i}`;
        acknowledge(id, await committer.append(note(id)));
      }
    }),
  );
}

export const tab = {
  async open(name: string, durability: 'strict' | 'relaxed' = 'strict') {
    log = await openIndexedDbLog<Note>(name, { durability, onLost: (error) => lost.push(error.name) });
    return log.last;
  },
  follow() {
    void follow();
  },
  write(prefix: string, writers: number) {
    void write(prefix, writers);
  },
  stop() {
    writing = false;
  },
  append: (...ids: string[]) => outcome(log.append(ids.map(note), { ids })),
  appendLoad: (id: string, bytes: number) => {
    const load = new Uint8Array(bytes);
    // What does not compress.
    for (let at = 0; at < bytes; at += 65_536) crypto.getRandomValues(load.subarray(at, at + 65_536));
    return outcome(log.append([{ ...note(id), load }]));
  },
  trim: (upTo: number) => outcome(log.trim(upTo)),
  head: () => outcome(log.head()),
  close: () => log.close(),
  /** What this tab has read so far, and how long each entry took from its sender. */
  seen: () => ({ seen, delays }),
  lost: () => lost,
  /** All that the log has. */
  async all() {
    const all: (readonly [string, number])[] = [];
    for (let page = await log.read(0, 1000); page.length > 0; page = await log.read(all[all.length - 1]![1], 1000)) {
      for (const [{ id }, ts] of page) all.push([id, ts]);
    }
    return all;
  },
  closeConnections() {
    for (const db of connections) db.close();
    connections.clear();
  },
  /** As a page of a newer release does. */
  async upgrade(name: string) {
    const db = await openDB(name, 2, { upgrade: (made) => void made.createObjectStore('something new') });
    db.close();
  },
};

/** What `page.evaluate` finds. */
export type Tab = typeof tab;
(window as unknown as { tab: Tab }).tab = tab;
