import { LogClosedError } from '../log/errors.js';
import type { LogHead } from '../log/event-log.js';
import { LogLostError, LogOutdatedError } from './errors.js';
import { isPassing } from './failure.js';
import { openDatabase, type ConnectionEvents } from './open-database.js';
import { identityIn } from './head.js';
import { FORMAT_VERSION, type Database } from './schema.js';
import { reading } from './transaction.js';

/** Why a log can't be used any more. */
export type End = LogLostError | LogOutdatedError;

const CONNECT_TRIES = 5;

/**
 * A connection that the browser may close at any time, and that is opened again then (law 54): browsers do so to hidden
 * tabs, and a closed connection never works again.
 *
 * It ends where the log is deleted, or changed by a newer page, which it never blocks.
 */
export class Connection {
  readonly #name: string;
  #id: string | undefined;
  #head: LogHead | undefined;
  #db: Database | undefined;
  #opening: Promise<Database> | undefined;
  /** Why it is not opened again. */
  #end: Error | undefined;

  /** Called once, unless it is closed before. */
  onEnd: ((error: End) => void) | undefined;

  private constructor(name: string) {
    this.#name = name;
  }

  /** Connects to a log, which is made where there is none. */
  static async open(name: string): Promise<Connection> {
    const connection = new Connection(name);
    await connection.#connect('make');
    return connection;
  }

  /** The id of the log. */
  get id(): string {
    return this.#id!;
  }

  /** Where the log began and ended when it was opened. */
  get head(): LogHead {
    return this.#head!;
  }

  /** Works on the database. What fails for a reason that may pass is tried once more, on a new connection. */
  async run<T>(work: (db: Database) => Promise<T>): Promise<T> {
    const db = await this.#available();
    try {
      return await work(db);
    } catch (error) {
      if (!isPassing(error)) throw error;
      this.#drop(db);
    }
    return work(await this.#available());
  }

  /** What is under way is still done. */
  close(): void {
    this.#end ??= new LogClosedError();
    this.#db?.close();
    this.#db = undefined;
  }

  readonly #events: ConnectionEvents = {
    onTerminated: (db) => this.#drop(db),
    onVersionChange: (db, format) => {
      this.#drop(db);
      if (format !== null) this.#endWith(new LogOutdatedError(this.#name, format, FORMAT_VERSION));
      // Opening it again waits until it is deleted, and finds that out.
      else this.#available().catch(() => undefined);
    },
  };

  #available(): Promise<Database> {
    if (this.#end !== undefined) return Promise.reject(this.#end);
    if (this.#db !== undefined) return Promise.resolve(this.#db);
    return (this.#opening ??= this.#connect('refuse').finally(() => (this.#opening = undefined)));
  }

  /** While the browser deletes the log, it closes each connection that has just been opened. */
  async #connect(absent: 'make' | 'refuse'): Promise<Database> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#connectOnce(absent);
      } catch (error) {
        if (tries === CONNECT_TRIES || !isPassing(error)) throw error;
      }
    }
  }

  async #connectOnce(absent: 'make' | 'refuse'): Promise<Database> {
    try {
      const db = await openDatabase(this.#name, absent, this.#events);
      this.#db = db;
      const { id, ...head } = await reading(db, ['entries', 'meta'], identityIn);
      if (id !== (this.#id ??= id)) throw new LogLostError(this.#name);
      this.#head = head;
      if (this.#end === undefined) return db;
    } catch (error) {
      if (error instanceof LogLostError || error instanceof LogOutdatedError) this.#endWith(error);
      this.#disconnect();
      throw this.#end ?? error;
    }
    this.#disconnect();
    throw this.#end;
  }

  #drop(db: Database): void {
    db.close();
    if (this.#db === db) this.#db = undefined;
  }

  #disconnect(): void {
    if (this.#db !== undefined) this.#drop(this.#db);
  }

  #endWith(error: End): void {
    if (this.#end !== undefined) return;
    this.#end = error;
    this.onEnd?.(error);
  }
}
