/* eslint-disable @typescript-eslint/require-await -- async makes what a check throws the rejection that the port promises */
import { count } from '../options/check.js';
import { knownOptions } from '../options/known-options.js';
import type { Timestamp } from '../types.js';
import { planAppend, rememberIds } from './append-plan.js';
import * as check from './arguments.js';
import { assertForward } from './checkpoint-order.js';
import { DEFAULT_DEDUPE, DedupeWindow } from './dedupe-window.js';
import { LogClosedError } from './errors.js';
import type { AppendOptions, Checkpoint, CheckpointName, Entry, EventLog, LogHead } from './event-log.js';
import { notCloneable } from './not-cloneable.js';
import { randomId } from './random-id.js';
import { Watchers } from './watchers.js';

/** Options of {@link memoryLog}. */
export interface MemoryLogOptions {
  /** How many ids are remembered, so that what is sent again is stored once. Default: 65,536. */
  readonly dedupe?: number | undefined;
}

/**
 * A log in memory: for tests, and where nothing has to outlive the process.
 *
 *     append    a b --- c ------------
 *     positions 1 2 --- 3 ------------
 *     trim      --------- 2 ----------
 *     read(0)   ------------ c3 ------   last is 3, trimmed is 2
 *
 * It keeps entries by reference, as they are; states of checkpoints are copied.
 *
 * @throws InvalidOptionError, UnknownOptionError
 */
export function memoryLog<E = Entry>(options?: MemoryLogOptions): EventLog<E> {
  const { dedupe } = knownOptions('memoryLog', options, ['dedupe']);
  return new MemoryLog<E>(count('memoryLog', 'dedupe', dedupe, DEFAULT_DEDUPE, 0, false));
}

function copy(checkpoint: Checkpoint): Checkpoint {
  try {
    return structuredClone(checkpoint);
  } catch (error) {
    // What a getter throws is passed on.
    throw (error as Error | null)?.name === 'DataCloneError' ? notCloneable(error) : error;
  }
}

class MemoryLog<E> implements EventLog<E> {
  readonly id: string = randomId();
  readonly dense = true;
  readonly atomic = true;
  readonly #window: DedupeWindow;
  readonly #checkpoints = new Map<string, Checkpoint>();
  readonly #watchers = new Watchers();
  /** The entries from `#trimmed + 1` on, behind `#skip` that were trimmed and not yet let go. */
  #entries: (E | undefined)[] = [];
  #skip = 0;
  #trimmed: Timestamp = 0;
  #closed = false;

  constructor(dedupe: number) {
    this.#window = new DedupeWindow(dedupe);
  }

  get last(): Timestamp {
    return this.#trimmed + this.#entries.length - this.#skip;
  }

  get trimmed(): Timestamp {
    return this.#trimmed;
  }

  async head(): Promise<LogHead> {
    this.#assertOpen();
    return { trimmed: this.trimmed, last: this.last };
  }

  async append(entries: readonly E[], options?: AppendOptions): Promise<readonly Timestamp[]> {
    const { last } = this;
    const checked = check.append(entries, options);
    this.#assertOpen();
    const plan = planAppend(entries, checked, last, this.#window);
    for (const entry of plan.fresh) this.#entries.push(entry);
    rememberIds(plan, last + 1, this.#window);
    if (plan.fresh.length > 0) this.#watchers.tell(this.last);
    return plan.positions;
  }

  async read(after: Timestamp, limit: number): Promise<readonly (readonly [E, Timestamp])[]> {
    check.position('read', 'after', after);
    check.limit('read', limit);
    this.#assertOpen();
    const first = Math.max(after, this.#trimmed) + 1;
    const from = first - this.#trimmed - 1 + this.#skip;
    return this.#entries.slice(from, from + limit).map((entry, i) => [entry as E, first + i]);
  }

  watch(listener: (last: Timestamp) => void): () => void {
    return this.#watchers.add(check.listener('watch', listener));
  }

  async trim(upTo: Timestamp): Promise<void> {
    check.position('trim', 'upTo', upTo);
    this.#assertOpen();
    const trimmed = Math.min(upTo, this.last);
    if (trimmed <= this.#trimmed) return;
    const skip = this.#skip + trimmed - this.#trimmed;
    this.#entries.fill(undefined, this.#skip, skip);
    this.#skip = skip;
    this.#trimmed = trimmed;
    // Only when half of it is empty, so that trimming entry by entry does not copy the rest each time.
    if (skip * 2 >= this.#entries.length) {
      this.#entries = this.#entries.slice(skip);
      this.#skip = 0;
    }
  }

  async load(name: string): Promise<Checkpoint | undefined> {
    check.checkpointName('load', name);
    this.#assertOpen();
    return structuredClone(this.#checkpoints.get(name));
  }

  async save(name: string, checkpoint: Checkpoint): Promise<void> {
    check.checkpointName('save', name);
    const { ts, version, state } = check.checkpoint('save', checkpoint);
    this.#assertOpen();
    assertForward(name, { ts, version }, this.#checkpoints.get(name));
    this.#checkpoints.set(name, copy({ ts, version, state }));
  }

  async checkpoints(): Promise<readonly CheckpointName[]> {
    this.#assertOpen();
    return [...this.#checkpoints].map(([name, { ts }]) => ({ name, ts }));
  }

  async forget(name: string): Promise<void> {
    check.checkpointName('forget', name);
    this.#assertOpen();
    this.#checkpoints.delete(name);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#watchers.clear();
  }

  #assertOpen(): void {
    if (this.#closed) throw new LogClosedError();
  }
}
