import type { Timestamp } from '../../types.js';
import { Backlog } from './backlog.js';
import type { LeadRun } from './lead.js';
import { Recent } from './recent.js';
import type { Joining } from './watermark-options.js';

/**
 * What the order knows of one source: what it has promised, and what it has brought and is not out yet.
 *
 * A promise at `ts` says that nothing below follows; from a strict source, nothing at `ts` either. So a message of a
 * strict source with disorder `k` at `N` promises `N - k - 1`, unless `N - k` came already: `N - k` itself may follow.
 *
 * Numbers that are there only later are behind a flag: a field that was ever `-Infinity` is slow for whole numbers.
 */
export class WatermarkInput<T = unknown, P = unknown> {
  /** Whose input it is. */
  readonly owner: object;
  readonly disorder: number;
  /** What its messages may concern, where that is known. */
  readonly keys: readonly object[] | undefined;
  readonly backlog: Backlog<T, P>;
  strict: boolean;
  /** Not waited for. */
  silent = false;
  gone = false;
  /** It has promised something itself, or the source that it is a clone of has. */
  spoken = false;
  /** Nothing stands against the short way. */
  ordinary: boolean;
  seat = 0;
  /** Messages in a row that were too far ahead. */
  leadRun: LeadRun | undefined;
  /** Whether there is a promise, and the promise. */
  bounded = false;
  bound: Timestamp = 0;
  /** What it has promised itself, be it held back or not; once it has spoken. */
  said: Timestamp = 0;
  #holding = false;
  #cap: Timestamp = 0;
  #recent: Recent | undefined;

  constructor(owner: object, { usual, keys, strict, disorder, like }: Joining<P, WatermarkInput>, nothing: P) {
    this.owner = owner;
    this.disorder = disorder;
    this.keys = keys;
    this.backlog = new Backlog(usual, nothing);
    this.strict = strict;
    this.ordinary = disorder === 0;
    if (like?.bounded === true) {
      this.raise(like.bound);
      this.spoken = like.spoken;
      this.said = Math.min(like.said, like.bound);
    }
    if (like !== undefined && strict && disorder > 0) this.#recent = new Recent(disorder, like.#recent);
  }

  /** Nothing below will follow; `-Infinity` where nothing is promised. */
  get promise(): Timestamp {
    return this.bounded ? this.bound : -Infinity;
  }

  /** Where the first of its own calls that wait is. */
  get waitsAt(): Timestamp | undefined {
    return this.#holding ? this.#cap : undefined;
  }

  /** It has brought a message. */
  bring(ts: Timestamp): void {
    let word = ts;
    if (this.disorder > 0) {
      word = Math.max(Number.MIN_SAFE_INTEGER, ts - this.disorder);
      if (this.strict) {
        this.#recent ??= new Recent(this.disorder);
        this.#recent.add(ts);
        if (!this.#recent.has(word)) word--;
      }
    }
    this.#say(word, !this.#holding || word <= this.#cap);
  }

  /** It has reached `ts`. */
  reach(ts: Timestamp): void {
    this.#say(ts, this.#sparesCap(ts));
  }

  /** A call of its own waits with a message at `ts`, or none does: what it says beyond does not count until then. */
  hold(ts: Timestamp | undefined): void {
    this.#holding = ts !== undefined;
    this.#cap = ts ?? 0;
    this.#look();
    if (this.spoken && this.#sparesCap(this.said)) this.raise(this.said);
  }

  setSilent(silent: boolean): void {
    this.silent = silent;
    this.#look();
  }

  /** The promise is at least this. */
  raise(ts: Timestamp): void {
    if (this.bounded && ts <= this.bound) return;
    this.bounded = true;
    this.bound = ts;
  }

  /** Why a message cannot come in, where everything up to `settled` is; but for the lead. */
  refuses(ts: Timestamp, settled: Timestamp): 'duplicate' | 'late' | undefined {
    if (this.#hasBrought(ts)) return 'duplicate';
    if (ts <= settled) return 'late';
    return this.#hasExcluded(ts) ? 'duplicate' : undefined;
  }

  /** Whether a tick says nothing new. */
  isPast(ts: Timestamp, settled: Timestamp): boolean {
    return ts <= settled || this.#hasExcluded(ts);
  }

  /** Whether it has brought this message already. */
  #hasBrought(ts: Timestamp): boolean {
    return this.disorder === 0 ? this.#hasExcluded(ts) : this.#recent?.has(ts) === true;
  }

  /** Whether it has promised that this does not follow. Its own call that waits there has come before what it said since. */
  #hasExcluded(ts: Timestamp): boolean {
    if (!this.strict || !this.spoken) return false;
    return ts <= this.said && (!this.#holding || ts !== this.#cap || ts <= this.promise);
  }

  #say(word: Timestamp, counts: boolean): void {
    if (!this.spoken || word > this.said) this.said = word;
    this.spoken = true;
    if (counts) this.raise(word);
  }

  /** Whether a promise leaves the call that waits in time. */
  #sparesCap(ts: Timestamp): boolean {
    return !this.#holding || ts < this.#cap || (ts === this.#cap && !this.strict);
  }

  #look(): void {
    this.ordinary = this.disorder === 0 && !this.silent && !this.#holding;
  }
}
