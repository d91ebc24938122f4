import type { ClockedReceiver, Timestamp } from '../../index.js';
import type { Engine } from '../../dispatch/engine.js';
import { name as checkName } from '../../options/check.js';
import { knownOptions } from '../../options/known-options.js';
import { LogPositionError } from '../errors.js';
import type { EventLog, Position } from '../event-log.js';
import { readsFor, type Addressees, type KnownNames } from './addressees.js';
import { Cursor } from './cursor.js';
import type { Cursors } from './cursors.js';
import type { Feed } from './feed.js';
import type { LogReceiver, LogReceiverOptions } from './durable-dispatcher.js';
import { beginningOf } from './position.js';

/** Makes a receiver of the dispatcher inside. */
export type MakeReceiver<T> = (
  name: string,
  options: { bound?: number; onDrop: (drop: { readonly ts: Timestamp }) => void },
) => ClockedReceiver<T>;

/** A receiver, and its place in the log. */
export interface OpenReceiver<T> {
  readonly receiver: ClockedReceiver<T>;
  readonly cursor: Cursor<T>;
}

/** What receivers need of their dispatcher. */
export interface ReceiversHost<T> {
  readonly log: EventLog;
  readonly names: KnownNames;
  readonly engine: Engine<T>;
  readonly cursors: Cursors<T>;
  readonly source: Feed;
}

/** Makes receivers, each with a cursor. */
export class Receivers<T> {
  /** The cursor of the receiver that is being made. */
  opening: Cursor<T> | undefined;
  readonly byName: Map<string, Cursor<T>> = new Map();
  readonly #host: ReceiversHost<T>;
  readonly #make: MakeReceiver<T>;

  constructor(host: ReceiversHost<T>, make: MakeReceiver<T>) {
    this.#host = host;
    this.#make = make;
  }

  /** Throws what is wrong with the options, before anything is done. */
  receiver(name: string, options: LogReceiverOptions | undefined): LogReceiver<T> {
    const { log, names, source } = this.#host;
    const owner = `receiver '${checkName('receiver', name)}'`;
    const { from, addressedTo, bound } = knownOptions(owner, options, ['from', 'addressedTo', 'bound']);
    const reads = readsFor(owner, name, addressedTo, names);
    const beginning = beginningOf(log, name, from, source);
    const { receiver, cursor } = this.open(name, reads, bound);
    cursor.begin(beginning);
    if (beginning > source.head) void this.#confirm(cursor);
    return Object.defineProperty(receiver, 'position', {
      get: (): Position => ({ log: log.id, ts: Math.min(receiver.settled, cursor.lostFrom) }),
    }) as LogReceiver<T>;
  }

  /** A receiver whose cursor has yet to begin. */
  open(name: string, reads: Addressees, bound?: number): OpenReceiver<T> {
    const { engine, source, cursors } = this.#host;
    const cursor = new Cursor<T>(engine, source, name, reads);
    const onDrop = ({ ts }: { readonly ts: Timestamp }): void => {
      cursor.lostFrom = Math.min(cursor.lostFrom, ts - 1);
    };
    this.opening = cursor;
    try {
      const receiver = this.#make(name, bound === undefined ? { onDrop } : { bound, onDrop });
      this.byName.set(name, cursor);
      cursors.add(cursor);
      source.begin();
      return { receiver, cursor };
    } finally {
      this.opening = undefined;
    }
  }

  /** Looks whether the log goes as far as a position that is not known here (law 52). */
  async #confirm(cursor: Cursor<T>): Promise<void> {
    const { name, start } = cursor;
    try {
      const head = await this.#host.log.head();
      if (start > head.last) cursor.fail(new LogPositionError(name, start, head));
    } catch (error) {
      cursor.fail(error);
    }
  }

  ended(name: string): void {
    const cursor = this.byName.get(name);
    if (cursor === undefined) return;
    this.byName.delete(name);
    this.#host.cursors.delete(cursor);
    cursor.onEnd?.();
  }

  /** Up to where each of them needs nothing of the log any more. */
  *done(): Iterable<Timestamp> {
    for (const { at } of this.byName.values()) if (at > -Infinity) yield at;
  }
}
