import { memoryLog, type AppendOptions, type EventLog } from 'rxjs-clocked-dispatch/log';
import { logOver } from '../support/log-over.js';

/** What a failing store does with one append. */
export type Mood =
  | 'store'
  /** Stores nothing, and says so. */
  | 'refuse'
  /** Stores it, and says that it failed. */
  | 'lose the answer'
  /** Stores a prefix, and says that it failed. */
  | 'store a part'
  /** Stores it, and never answers. */
  | 'hang';

/** A log in memory that answers late, and fails as it is told to. */
export class UnreliableLog {
  readonly inner: EventLog<string> = memoryLog<string>();
  readonly log: EventLog<string>;
  /** One for each append to come; then all are stored. */
  readonly moods: Mood[] = [];
  /** The entries of each append. */
  readonly appends: (readonly string[])[] = [];
  /** How many milliseconds each append and each answer of the store takes. */
  delay: () => number = () => 0;

  constructor() {
    this.log = logOver(this.inner, {
      atomic: false,
      append: (entries, options) => this.#append(entries, options),
    });
  }

  async contents(): Promise<readonly string[]> {
    return (await this.inner.read(0, Infinity)).map(([entry]) => entry);
  }

  async #append(entries: readonly string[], { ids }: AppendOptions = {}): Promise<readonly number[]> {
    const mood = this.moods.shift() ?? 'store';
    this.appends.push(entries);
    await this.#pause();
    if (mood === 'refuse') throw new Error('refused');
    const part = mood === 'store a part' ? Math.floor(entries.length / 2) : entries.length;
    const positions = await this.inner.append(entries.slice(0, part), { ids: ids?.slice(0, part) });
    await this.#pause();
    if (mood === 'hang') return new Promise(() => {});
    if (mood !== 'store') throw new Error('the answer was lost');
    return positions;
  }

  async #pause(): Promise<void> {
    const delay = this.delay();
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
  }
}
