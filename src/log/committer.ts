import { InvalidOptionError } from '../errors/options.js';
import { callback, count } from '../options/check.js';
import { knownOptions } from '../options/known-options.js';
import type { Timestamp, WaitOptions } from '../types.js';
import { ANSWER_TIMEOUT } from './answer-of.js';
import { CommitChain } from './commit-chain.js';
import { CommitQueue, type Pending } from './commit-queue.js';
import { LogBusyError, LogClosedError } from './errors.js';
import type { EventLog } from './event-log.js';
import { reportError } from './report-error.js';
import { storeBatch, type Outcome } from './store-batch.js';

/** Options of a {@link Committer}. */
export interface CommitterOptions<E> {
  /** How many entries may wait for the store. Default: 65,536. */
  readonly maxWaiting?: number | undefined;
  /** How many entries go into one append. Default: 4096. */
  readonly batch?: number | undefined;
  /** After how many milliseconds an answer counts as lost; `Infinity` waits for ever. Default: 30,000. */
  readonly timeout?: number | undefined;
  /** Called with what was stored, in order, before those who wait for it are answered. */
  readonly onStored?:
    ((entries: readonly E[], positions: readonly Timestamp[], tags: readonly unknown[]) => void) | undefined;
  /** Called after each append, however it went, when those who wait for it have been answered; and when nothing waits. */
  readonly onSettled?: (() => void) | undefined;
}

/** Options of one entry. */
export interface CommitOptions extends WaitOptions {
  /** Stores it at most once (law 42). */
  readonly id?: string | undefined;
  /** Stores it only if everything before it in the chain was stored (law 50). */
  readonly chain?: CommitChain | undefined;
  /** Stores it only if nothing of these chains that came before it has failed; if it fails itself, they go on. */
  readonly behind?: readonly CommitChain[] | undefined;
  /** What `onStored` is told with it. */
  readonly tag?: unknown;
}

/**
 * Group commit: while one append is being stored, the entries that come next gather for the one after it.
 *
 *     append()  a -- b c d --------- e -----------
 *     the log   [a]----- [b c d]---- [e]-----
 *     resolves  -------- a --------- bcd --- e
 *
 * There is one append at a time, so entries are stored in the order of the calls. Each call gets its own position or
 * error: one that failed does not stop what comes after it, except in its chain.
 *
 * @throws InvalidOptionError, UnknownOptionError
 */
export class Committer<E> {
  readonly #log: EventLog<E>;
  readonly #maxWaiting: number;
  readonly #batch: number;
  readonly #timeout: number;
  readonly #onStored: CommitterOptions<E>['onStored'];
  readonly #onSettled: CommitterOptions<E>['onSettled'];
  readonly #queue = new CommitQueue<E>();
  #running = false;
  #closed = false;
  /** How many entries are being stored. */
  #underWay = 0;
  /** How many entries are stored, have failed or were withdrawn; and who waits for how many. */
  #done = 0;
  readonly #flushes: { readonly until: number; readonly resolve: () => void }[] = [];

  constructor(log: EventLog<E>, options?: CommitterOptions<E>) {
    const owner = 'the log';
    const given = knownOptions(owner, options, ['maxWaiting', 'batch', 'timeout', 'onStored', 'onSettled']);
    this.#log = log;
    this.#maxWaiting = count(owner, 'maxWaiting', given.maxWaiting, 65_536, 1);
    this.#batch = count(owner, 'batch', given.batch, 4096, 1);
    this.#timeout = timeoutOf(owner, given.timeout);
    this.#onStored = callback(owner, 'onStored', given.onStored);
    this.#onSettled = callback(owner, 'onSettled', given.onSettled);
  }

  /** How many entries wait or are being stored. */
  get waiting(): number {
    return this.#queue.count + this.#underWay;
  }

  /**
   * Resolves with the position of the entry when it is stored.
   *
   * Rejects with what the log said, with `LogBusyError`, `LogClosedError` or the reason of the signal, and nothing is
   * stored; or with an error whose `stored` is `'unknown'`.
   */
  append(entry: E, { id, chain, behind = NONE, signal, tag }: CommitOptions = {}): Promise<Timestamp> {
    return new Promise((resolve, reject) => {
      if (this.#closed) reject(new LogClosedError());
      else if (signal?.aborted) reject(signal.reason);
      else if (chain?.refusal !== undefined) reject(chain.refusal.error);
      else if (behind.some(({ refusal }) => refusal !== undefined)) {
        reject(behind.find(({ refusal }) => refusal !== undefined)?.refusal?.error);
      } else if (this.waiting >= this.#maxWaiting) {
        const error = new LogBusyError(this.#maxWaiting);
        chain?.refuse(error);
        reject(error);
      } else {
        this.#queue.add({ entry, id, chain, behind, tag, resolve, reject }, signal);
        if (!this.#running) void this.#run();
      }
    });
  }

  /** Resolves when everything that was appended before this call is stored, or has failed. */
  flush(): Promise<void> {
    const until = this.#queue.added;
    if (until === this.#done) return Promise.resolve();
    return new Promise((resolve) => this.#flushes.push({ until, resolve }));
  }

  /** Takes nothing more, and resolves when everything is stored or has failed. Leaves the log open. */
  close(): Promise<void> {
    this.#closed = true;
    return this.flush();
  }

  /** Never rejects: `storeBatch` doesn't, and listeners can't. */
  async #run(): Promise<void> {
    this.#running = true;
    // So that everything that is sent in one turn goes into one append.
    await Promise.resolve();
    for (;;) {
      const batch = this.#queue.take(this.#batch);
      const { taken } = this.#queue;
      if (batch.length > 0) {
        this.#underWay = batch.length;
        const outcome = await storeBatch(this.#log, batch, this.#timeout);
        this.#underWay = 0;
        if ('positions' in outcome) this.#resolve(batch, outcome.positions);
        else this.#settle(batch, outcome.outcomes);
      }
      this.#tell(this.#onSettled);
      this.#flushed(taken);
      // Whoever was told may have appended.
      if (batch.length === 0 && this.#queue.count === 0) break;
    }
    this.#running = false;
  }

  #resolve(batch: readonly Pending<E>[], positions: readonly Timestamp[]): void {
    this.#tellStored(batch, positions);
    for (let i = 0; i < batch.length; i++) batch[i]!.resolve(positions[i]!);
  }

  #settle(batch: readonly Pending<E>[], outcomes: readonly Outcome[]): void {
    const positions = outcomes.flatMap((outcome) => ('ts' in outcome ? [outcome.ts] : []));
    const stored = batch.filter((_, i) => 'ts' in outcomes[i]!);
    if (stored.length > 0) this.#tellStored(stored, positions);
    // Who is told that its entry failed may append again at once: what waits of its chain must be refused by then.
    batch.forEach(({ chain }, i) => {
      const outcome = outcomes[i]!;
      if ('error' in outcome) chain?.fail(outcome.error);
    });
    batch.forEach(({ resolve, reject }, i) => {
      const outcome = outcomes[i]!;
      if ('ts' in outcome) resolve(outcome.ts);
      else reject(outcome.error);
    });
  }

  #flushed(done: number): void {
    this.#done = done;
    while (this.#flushes.length > 0 && this.#flushes[0]!.until <= done) this.#flushes.shift()!.resolve();
  }

  #tellStored(batch: readonly Pending<E>[], positions: readonly Timestamp[]): void {
    const onStored = this.#onStored;
    if (onStored === undefined) return;
    const entries = batch.map(({ entry }) => entry);
    const tags = batch.map(({ tag }) => tag);
    this.#tell(() => onStored(entries, positions, tags));
  }

  #tell(listener: (() => void) | undefined): void {
    try {
      listener?.();
    } catch (error) {
      reportError(error);
    }
  }
}

const NONE: readonly never[] = [];

/** The longest time that a timer can hold. */
const LONGEST = 2 ** 31 - 1;

function timeoutOf(owner: string, given: unknown): number {
  const timeout = count(owner, 'timeout', given, ANSWER_TIMEOUT, 1);
  if (timeout <= LONGEST || timeout === Infinity) return timeout;
  throw new InvalidOptionError('timeout', given, `at most ${LONGEST} ms, or Infinity`, owner);
}
