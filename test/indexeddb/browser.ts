import { forceCloseDatabase } from 'fake-indexeddb';
import { afterEach } from 'vitest';
import './fake.js';

/** What a test makes of a transaction that is about to begin. */
export type Mood = (tx: IDBTransaction) => void;

/** What the fake database has beyond the interface: a transaction that fails for a reason of the browser's own. */
interface FakeTransaction {
  _abort(reason: string): void;
}

const open = new Set<IDBDatabase>();
const moods: (Mood | undefined)[] = [];
let transactions = 0;

// eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its object below
const { transaction } = IDBDatabase.prototype;
IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...args) {
  open.add(this);
  transactions++;
  const tx = transaction.apply(this, args);
  moods.shift()?.(tx);
  return tx;
};

const openDatabase = indexedDB.open.bind(indexedDB);
let failures = 0;
indexedDB.open = (...args) => {
  if (failures === 0) return openDatabase(...args);
  failures--;
  throw new DOMException('The connection was closed.', 'AbortError');
};

afterEach(() => {
  leaveAlone();
  failures = 0;
  open.clear();
});

/** What becomes of the next transactions, one after the other; `undefined` leaves one alone. */
export function nextTransactions(...given: (Mood | undefined)[]): void {
  moods.push(...given);
}

/** Forgets what was to become of transactions that were not begun. */
export function leaveAlone(): void {
  moods.length = 0;
}

/** So many databases can't be opened, as while the browser deletes them. */
export function openingsFail(times: number): void {
  failures = times;
}

/** How many transactions were begun so far. */
export function transactionsSoFar(): number {
  return transactions;
}

/** The browser closes every connection, and says so by an event. */
export function closeConnections(): void {
  for (const db of open) forceCloseDatabase(db as never);
  open.clear();
}

/** The browser closes every connection without a word, as some do to hidden tabs. */
export function closeConnectionsSilently(): void {
  for (const db of open) db.close();
  open.clear();
}

/** Half of its requests are answered, then the transaction is gone. */
export const abortedHalfway: Mood = (tx) => {
  const objectStore = tx.objectStore.bind(tx);
  tx.objectStore = (name) => {
    const store = objectStore(name);
    const add = store.add.bind(store);
    store.add = (...args) => {
      const request = add(...args);
      request.addEventListener('success', () => {
        tx.abort();
      });
      // So that there is something to abort when the first record is stored.
      tx.commit = () => undefined;
      return request;
    };
    return store;
  };
};

/** It is aborted for want of room, when it is to be committed. */
export const outOfRoom: Mood = (tx) => {
  tx.commit = () => {
    (tx as unknown as FakeTransaction)._abort('QuotaExceededError');
  };
};

/** It is stored, and the page is told that it is not. */
export const answerLost: Mood = (tx) => {
  const listen = tx.addEventListener.bind(tx);
  tx.addEventListener = (type: string, listener: EventListener) => {
    if (type !== 'complete') listen(type === 'abort' ? 'complete' : type, listener);
  };
};

/** It can't even begin. */
export const refused: Mood = () => {
  throw new DOMException('Connection to Indexed Database server lost.', 'UnknownError');
};
