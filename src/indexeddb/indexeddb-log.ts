import type { AppendPlan } from '../log/append-plan.js';
import * as check from '../log/arguments.js';
import { LogClosedError, LogOutcomeUnknownError } from '../log/errors.js';
import type { AppendOptions, Checkpoint, CheckpointName, EventLog, LogHead } from '../log/event-log.js';
import { Exclusive } from '../log/exclusive.js';
import { notCloneable } from '../log/not-cloneable.js';
import { randomId } from '../log/random-id.js';
import { Watchers } from '../log/watchers.js';
import type { Timestamp } from '../types.js';
import { Announcements } from './announcements.js';
import { AppendCall, type Attempt } from './append-call.js';
import { forgetCheckpoint, listCheckpoints, loadCheckpoint, saveCheckpoint } from './checkpoints.js';
import { Connection, type End } from './connection.js';
import { storeFailure } from './failure.js';
import { headIn } from './head.js';
import { onWake } from './on-wake.js';
import { readPage } from './read-page.js';
import type { Database } from './schema.js';
import { StoredIds } from './stored-ids.js';
import { reading, type Durability } from './transaction.js';
import { trimEntries } from './trim.js';

/** The options of a log, checked and complete. */
export interface OpenOptions {
  readonly durability: Durability;
  readonly dedupe: number;
  readonly onEnd: (error: End) => void;
}

/** A log in a database of the browser, to which several pages may append. */
export class IndexedDbLog<E> implements EventLog<E> {
  readonly dense = true;
  readonly atomic = true;
  readonly id: string;
  readonly #name: string;
  readonly #connection: Connection;
  readonly #durability: Durability;
  readonly #ids: StoredIds;
  readonly #watchers = new Watchers();
  readonly #exclusive = new Exclusive();
  readonly #announcements: Announcements;
  readonly #asleep: () => void;
  /** Names the appends of this log, whichever pages have it open. */
  readonly #writer: string = randomId();
  #appends = 0;
  #last: Timestamp;
  #trimmed: Timestamp;
  #closing: Promise<void> | undefined;

  private constructor(name: string, connection: Connection, { durability, dedupe, onEnd }: OpenOptions) {
    this.#name = name;
    this.#connection = connection;
    this.id = connection.id;
    this.#last = connection.head.last;
    this.#trimmed = connection.head.trimmed;
    this.#durability = durability;
    this.#ids = new StoredIds(dedupe);
    this.#announcements = new Announcements(name, this.id, (heard) => {
      if (heard === undefined) this.#refresh();
      else this.#learn(heard);
    });
    connection.onEnd = (error) => {
      onEnd(error);
      // Who waits for news reads then, and is told why there will be none.
      this.#watchers.tell(this.#last);
    };
    this.#asleep = onWake(() => this.#refresh());
  }

  static async open<E>(name: string, options: OpenOptions): Promise<IndexedDbLog<E>> {
    try {
      return new IndexedDbLog<E>(name, await Connection.open(name), options);
    } catch (error) {
      throw storeFailure(name, error, 'nothing');
    }
  }

  get last(): Timestamp {
    return this.#last;
  }

  get trimmed(): Timestamp {
    return this.#trimmed;
  }

  async head(): Promise<LogHead> {
    this.#assertOpen();
    const head = await this.#run((db) => reading(db, ['entries', 'meta'], headIn));
    this.#learn(head);
    return head;
  }

  async append(entries: readonly E[], options?: AppendOptions): Promise<readonly Timestamp[]> {
    const checked = check.append(entries, options);
    const call = new AppendCall(entries.slice(), checked, `${this.#writer}${this.#appends++}`);
    return this.#change(async () => {
      const { plan, last } = await this.#store(call);
      if (plan.fresh.length > 0) this.#stored(plan, last);
      return plan.positions;
    });
  }

  async read(after: Timestamp, limit: number): Promise<readonly (readonly [E, Timestamp])[]> {
    check.position('read', 'after', after);
    check.limit('read', limit);
    this.#assertOpen();
    const { entries, trimmed } = await this.#run((db) =>
      reading(db, ['entries', 'meta'], (tx) => readPage<E>(tx, this.#name, after, limit)),
    );
    this.#learn({ last: entries[entries.length - 1]?.[1] ?? 0, trimmed });
    return entries;
  }

  watch(listener: (last: Timestamp) => void): () => void {
    return this.#watchers.add(check.listener('watch', listener));
  }

  async trim(upTo: Timestamp): Promise<void> {
    check.position('trim', 'upTo', upTo);
    return this.#change(async () => {
      const head = await this.#run((db) => trimEntries(db, upTo, this.#ids, this.#durability));
      this.#learn(head);
      this.#announcements.tell(head);
    });
  }

  async load(name: string): Promise<Checkpoint | undefined> {
    check.checkpointName('load', name);
    this.#assertOpen();
    return this.#run((db) => loadCheckpoint(db, name));
  }

  async save(name: string, checkpoint: Checkpoint): Promise<void> {
    check.checkpointName('save', name);
    const { ts, version, state } = check.checkpoint('save', checkpoint);
    // Copied at once: the state may change while others are being stored.
    const copy = { ts, version, state: copyOf(state) };
    return this.#change(() => this.#run((db) => saveCheckpoint(db, name, copy, this.#durability)));
  }

  async checkpoints(): Promise<readonly CheckpointName[]> {
    return this.#change(() => this.#run(listCheckpoints));
  }

  async forget(name: string): Promise<void> {
    check.checkpointName('forget', name);
    return this.#change(() => this.#run((db) => forgetCheckpoint(db, name, this.#durability)));
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#exclusive.run(() => {
      this.#asleep();
      this.#watchers.clear();
      this.#announcements.close();
      this.#connection.close();
      return Promise.resolve();
    }));
  }

  /** Runs after everything that was called before. What was called before `close` is still done. */
  #change<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) return Promise.reject(new LogClosedError());
    return this.#exclusive.run(work);
  }

  async #run<T>(work: (db: Database) => Promise<T>): Promise<T> {
    try {
      return await this.#connection.run(work);
    } catch (error) {
      throw storeFailure(this.#name, error, 'nothing');
    }
  }

  async #store(call: AppendCall<E>): Promise<Attempt<E>> {
    try {
      return await this.#connection.run((db) => call.store(db, this.#ids, this.#durability));
    } catch (error) {
      const found = call.inDoubt ? await this.#find(call, error) : undefined;
      if (found !== undefined) return found;
      throw storeFailure(this.#name, error, 'nothing');
    }
  }

  /** Looks whether an append that failed is stored all the same. */
  async #find(call: AppendCall<E>, cause: unknown): Promise<Attempt<E> | undefined> {
    try {
      return await this.#connection.run((db) => call.find(db));
    } catch {
      throw new LogOutcomeUnknownError(cause);
    }
  }

  #stored(plan: AppendPlan<E>, before: Timestamp): void {
    this.#ids.add(plan, before + 1);
    const head = { last: before + plan.fresh.length, trimmed: this.#trimmed };
    this.#learn(head);
    this.#announcements.tell(head);
  }

  #learn({ last, trimmed }: LogHead): void {
    this.#trimmed = Math.max(this.#trimmed, trimmed);
    if (last <= this.#last) return;
    this.#last = last;
    this.#watchers.tell(last);
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new LogClosedError();
  }

  /** Looks whether others have appended. Who waits for news is told where that fails: reading tells why. */
  #refresh(): void {
    this.head().catch(() => this.#watchers.tell(this.#last));
  }
}

function copyOf<T>(state: T): T {
  try {
    return structuredClone(state);
  } catch (error) {
    throw notCloneable(error);
  }
}
