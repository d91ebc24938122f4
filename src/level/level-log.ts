import { planAppend, rememberIds, type AppendPlan } from '../log/append-plan.js';
import * as check from '../log/arguments.js';
import { assertForward } from '../log/checkpoint-order.js';
import { LogClosedError } from '../log/errors.js';
import type { AppendOptions, Checkpoint, CheckpointName, EventLog, LogHead } from '../log/event-log.js';
import { Exclusive } from '../log/exclusive.js';
import { CheckpointDamagedError } from '../log/store-errors.js';
import { Watchers } from '../log/watchers.js';
import type { Timestamp } from '../types.js';
import { appendRecords } from './append-records.js';
import type { Connection } from './connection.js';
import type { Contents } from './contents.js';
import { isDamage } from './failure.js';
import type { HeadMark } from './head-mark.js';
import { markKey, stateKey } from './keys.js';
import { putRecord, readRecord } from './meta.js';
import { readPage } from './pages.js';
import type { Operation, Store } from './store.js';
import { trimBatches } from './trim.js';

/** A change that failed without an answer whether it is stored. */
interface Doubt {
  /** One of its operations: they are stored together, or not at all. */
  readonly operation: Operation;
  readonly stored: () => void;
}

/** A log in a LevelDB store. What changes it runs one after the other, so positions are given out when they are stored. */
export class LevelLog<E> implements EventLog<E> {
  readonly dense = true;
  readonly atomic = true;
  readonly id: string;
  readonly #place: string;
  readonly #connection: Connection;
  readonly #head: HeadMark;
  /** The last position that the mark may know: what is on the disk. */
  #onDisk: Timestamp;
  readonly #sync: boolean;
  readonly #window: Contents['window'];
  readonly #marks: Contents['marks'];
  readonly #watchers = new Watchers();
  readonly #exclusive = new Exclusive();
  #last: Timestamp;
  #trimmed: Timestamp;
  /** How far a trim that is under way has got, or will have. */
  #trimming: Timestamp;
  #doubt: Doubt | undefined;
  #closing: Promise<void> | undefined;

  constructor(
    place: string,
    connection: Connection,
    contents: Contents,
    { head, sync }: { readonly head: HeadMark; readonly sync: boolean },
  ) {
    this.#place = place;
    this.#connection = connection;
    this.#head = head;
    this.#onDisk = head.read().last;
    this.#sync = sync;
    this.id = contents.id;
    this.#last = contents.last;
    this.#trimmed = this.#trimming = contents.trimmed;
    this.#window = contents.window;
    this.#marks = contents.marks;
  }

  get last(): Timestamp {
    return this.#last;
  }

  get trimmed(): Timestamp {
    return this.#trimmed;
  }

  head(): Promise<LogHead> {
    return this.#run(() => Promise.resolve({ trimmed: this.#trimmed, last: this.#last }));
  }

  async append(entries: readonly E[], options?: AppendOptions): Promise<readonly Timestamp[]> {
    const checked = check.append(entries, options);
    const batch = entries.slice();
    return this.#run(async () => {
      await this.#recover();
      const plan = planAppend(batch, checked, this.#last, this.#window);
      if (plan.fresh.length > 0) {
        await this.#change(appendRecords(plan, this.#last + 1), () => {
          this.#stored(plan);
        });
      }
      return plan.positions;
    });
  }

  async read(after: Timestamp, limit: number): Promise<readonly (readonly [E, Timestamp])[]> {
    check.position('read', 'after', after);
    check.limit('read', limit);
    this.#assertOpen();
    const trimmed = (): Timestamp => this.#trimming;
    return this.#read((store) =>
      readPage<E>(store, this.#place, { after: Math.max(after, this.#trimmed), limit, last: this.#last, trimmed }),
    );
  }

  watch(listener: (last: Timestamp) => void): () => void {
    return this.#watchers.add(check.listener('watch', listener));
  }

  async trim(upTo: Timestamp): Promise<void> {
    check.position('trim', 'upTo', upTo);
    return this.#run(async () => {
      await this.#recover();
      const to = Math.min(upTo, this.#last);
      if (to <= this.#trimmed) return;
      this.#trimming = to;
      await this.#read(async (store) => {
        for await (const batch of trimBatches(store, to, this.#window.oldest())) await this.#write(batch);
      });
      this.#trimmed = to;
      this.#mark();
    });
  }

  async load(name: string): Promise<Checkpoint | undefined> {
    check.checkpointName('load', name);
    this.#assertOpen();
    return this.#read(async (store) => {
      const saved = await readRecord(store, stateKey(name)).catch((error: unknown) => {
        throw isDamage(error) ? new CheckpointDamagedError(this.#place, name, error) : error;
      });
      if (saved === undefined && this.#marks.has(name)) throw new CheckpointDamagedError(this.#place, name);
      return saved as Checkpoint | undefined;
    });
  }

  async save(name: string, checkpoint: Checkpoint): Promise<void> {
    check.checkpointName('save', name);
    const { ts, version, state } = check.checkpoint('save', checkpoint);
    const mark = { ts, version };
    // Written at once: the state may change while others are being stored.
    const operations = [putRecord(stateKey(name), { ts, version, state }), putRecord(markKey(name), mark)];
    return this.#run(async () => {
      await this.#recover();
      assertForward(name, mark, this.#marks.get(name));
      await this.#change(operations, () => this.#marks.set(name, mark));
    });
  }

  checkpoints(): Promise<readonly CheckpointName[]> {
    return this.#run(() => Promise.resolve([...this.#marks].map(([name, { ts }]) => ({ name, ts }))));
  }

  async forget(name: string): Promise<void> {
    check.checkpointName('forget', name);
    return this.#run(async () => {
      await this.#recover();
      const operations = [stateKey(name), markKey(name)].map((key): Operation => ({ type: 'del', key }));
      await this.#change(operations, () => this.#marks.delete(name));
    });
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#exclusive.run(async () => {
      this.#watchers.clear();
      this.#head.close();
      await this.#connection.close();
    }));
  }

  /** Runs after everything that was called before. What was called before `close` is still done. */
  #run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) return Promise.reject(new LogClosedError());
    return this.#exclusive.run(work);
  }

  /** Stores all of it or nothing; `stored` is called where it is stored, at the latest when the store is there again. */
  async #change(operations: readonly Operation[], stored: () => void): Promise<void> {
    try {
      await this.#connection.write([...operations]);
    } catch (error) {
      this.#doubt = { operation: operations[0]!, stored };
      await this.#settleDoubt(error);
      return;
    }
    stored();
  }

  #stored(plan: AppendPlan<E>): void {
    rememberIds(plan, this.#last + 1, this.#window);
    this.#last += plan.fresh.length;
    if (this.#sync) {
      this.#onDisk = this.#last;
      this.#mark();
    }
    this.#watchers.tell(this.#last);
  }

  #mark(): void {
    this.#head.write({ last: this.#onDisk, trimmed: this.#trimmed });
  }

  /** Opens the store again and looks: a change that failed may have been stored. */
  async #settleDoubt(error: unknown): Promise<void> {
    let stored: boolean;
    try {
      stored = await this.#reopen();
    } catch {
      throw this.#connection.failure(error, 'unknown');
    }
    if (!stored) throw this.#connection.failure(error, 'nothing');
  }

  /** After a write that failed, nothing is written before the store was opened again, and what is in doubt was looked up. */
  async #recover(): Promise<void> {
    if (!this.#connection.failed && this.#doubt === undefined) return;
    try {
      await this.#reopen();
    } catch (error) {
      throw this.#connection.failure(error, 'nothing');
    }
  }

  /** Whether what was in doubt is stored. */
  async #reopen(): Promise<boolean> {
    // Somebody who reads may have done it already.
    if (this.#connection.failed) await this.#connection.recover();
    const doubt = this.#doubt;
    if (doubt === undefined) return false;
    const isStored = await this.#connection.read((store) => isIn(store, doubt.operation));
    this.#doubt = undefined;
    if (isStored) doubt.stored();
    return isStored;
  }

  async #write(operations: Operation[]): Promise<void> {
    try {
      await this.#connection.write(operations);
    } catch (error) {
      throw this.#connection.failure(error, 'unknown');
    }
  }

  async #read<T>(use: (store: Store) => Promise<T>): Promise<T> {
    try {
      return await this.#connection.read(use);
    } catch (error) {
      throw this.#connection.failure(error, 'nothing');
    }
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new LogClosedError();
  }
}

/** Whether a store is as an operation leaves it. */
async function isIn(store: Store, operation: Operation): Promise<boolean> {
  const found = await store.get(operation.key);
  if (operation.type === 'del') return found === undefined;
  const { value } = operation;
  return found?.length === value.length && found.every((byte, i) => byte === value[i]);
}
