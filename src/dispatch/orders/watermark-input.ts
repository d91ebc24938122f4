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
  /** Where the first of its own calls that wait is. */
  #waitsAt: Timestamp = 0;
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
    return this.#holding ? this.#waitsAt : undefined;
  }

  /** It has brought a message. */
  bring(ts: Timestamp): void {
    this.#say(this.disorder === 0 ? ts : this.#wordOf(ts), ts);
  }

  /** It has reached `ts`. */
  reach(ts: Timestamp): void {
    this.#say(ts, undefined);
  }

  /**
   * A call of its own waits with a message at `ts`, the first of several, or none does. What it says beyond does not
   * count until then.
   */
  hold(ts: Timestamp | undefined): void {
    this.#holding = ts !== undefined;
    this.#waitsAt = ts ?? 0;
    this.#look();
    if (this.spoken) this.#count(this.said, undefined);
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

  /** Whether it has promised that this does not follow. What its own calls wait with came before what it has said since. */
  #hasExcluded(ts: Timestamp): boolean {
    if (!this.strict || !this.spoken || ts > this.said) return false;
    return !this.#holding || ts < this.#leastWaiting || ts > this.#waitsAt || ts <= this.promise;
  }

  /** What a message promises with disorder. */
  #wordOf(ts: Timestamp): Timestamp {
    const word = Math.max(Number.MIN_SAFE_INTEGER, ts - this.disorder);
    if (!this.strict) return word;
    const recent = (this.#recent ??= new Recent(this.disorder));
    recent.add(ts);
    return recent.has(word) ? word : word - 1;
  }

  #say(word: Timestamp, brought: Timestamp | undefined): void {
    if (!this.spoken || word > this.said) this.said = word;
    this.spoken = true;
    this.#count(word, brought);
  }

  /** It promises what it says, as far as its calls that wait stay in time: with disorder, those behind the first may go back. */
  #count(word: Timestamp, brought: Timestamp | undefined): void {
    if (!this.#holding) return this.raise(word);
    const least = this.#leastWaiting;
    const most = !this.strict || brought === least || this.#recent?.has(least) === true ? least : least - 1;
    if (this.disorder > 0) this.raise(Math.min(word, most));
    else if (word <= most) this.raise(word);
  }

  get #leastWaiting(): Timestamp {
    return Math.max(Number.MIN_SAFE_INTEGER, this.#waitsAt - this.disorder);
  }

  #look(): void {
    this.ordinary = this.disorder === 0 && !this.silent && !this.#holding;
  }
}
