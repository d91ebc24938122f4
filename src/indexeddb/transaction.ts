import type { Database, StoreName, Transaction, WriteTransaction } from './schema.js';

/** How long the browser takes over a commit: until it is on the disk, or until the system has it. */
export type Durability = 'strict' | 'relaxed';

/** Tells a transaction of a request that nobody waits for. */
export type Write = (request: Promise<unknown>) => void;

// Not by the short cuts of idb, such as `db.get`: they leave it to the page to handle a transaction that is aborted.

/** Reads in one transaction: what others change comes before or after it as a whole. */
export function reading<T>(db: Database, stores: StoreName[], work: (tx: Transaction) => Promise<T>): Promise<T> {
  const tx = db.transaction(stores);
  ignore(tx.done);
  return work(tx);
}

/** Changes in one transaction: all of it is stored when this resolves, or nothing where it rejects. */
export async function writing<T>(
  db: Database,
  stores: StoreName[],
  durability: Durability,
  work: (tx: WriteTransaction, write: Write) => Promise<T>,
): Promise<T> {
  const tx = db.transaction(stores, 'readwrite', { durability });
  const writes: Promise<unknown>[] = [];
  ignore(tx.done);
  try {
    const result = await work(tx, (request) => {
      ignore(request);
      writes.push(request);
    });
    tx.commit();
    await tx.done;
    return result;
  } catch (error) {
    throw await causeOf(tx, error, writes);
  }
}

/** Why it failed: a transaction that was aborted says less than the request that it was aborted for. */
async function causeOf(tx: WriteTransaction, error: unknown, writes: readonly Promise<unknown>[]): Promise<unknown> {
  try {
    tx.abort();
  } catch {
    // It has ended already.
  }
  const outcomes = await Promise.allSettled(writes);
  const reasons = outcomes.map((outcome) => (outcome.status === 'rejected' ? (outcome.reason as unknown) : undefined));
  return (
    [error, ...reasons, tx.error].find((reason) => reason instanceof Error && reason.name !== 'AbortError') ?? error
  );
}

function ignore(promise: Promise<unknown>): void {
  promise.catch(() => undefined);
}
