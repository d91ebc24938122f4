import type { WaitOptions } from 'rxjs-clocked-dispatch';
import { memoryLog, type Checkpoint, type Entry, type EventLog } from 'rxjs-clocked-dispatch/log';

/** What may go wrong, and how long things take. */
export interface Weather {
  /** How many turns of the event loop an operation, or its answer, takes. */
  readonly delay: () => number;
  /** Whether an operation fails, and how: `lost` stores, and says that it failed. */
  readonly fails: (operation: 'append' | 'read' | 'save') => false | 'refused' | 'lost';
}

export const CALM: Weather = { delay: () => 0, fails: () => false };

/** The next append is refused, then all is well. */
export function refusedOnce(): Weather {
  let isFirst = true;
  return {
    delay: () => 0,
    fails: (operation) => {
      if (operation !== 'append' || !isFirst) return false;
      isFirst = false;
      return 'refused';
    },
  };
}

/**
 * A log in memory that takes its time: answers of different operations overtake each other, and some fail. What is below
 * it can be looked at, and appended to by others.
 */
export class FlakyLog implements EventLog {
  readonly dense = true;
  readonly atomic = true;
  readonly inner: EventLog;
  weather: Weather;
  /** How many pages were read. */
  reads = 0;
  /** This position can't be found when it is read. */
  missing: number | undefined;
  /** Appends wait until they are let go, where this is set. */
  held: (() => void)[] | undefined;
  #isDead = false;

  constructor(weather: Weather = CALM, inner: EventLog = memoryLog()) {
    this.weather = weather;
    this.inner = inner;
  }

  get id(): string {
    return this.inner.id;
  }

  get last(): number {
    return this.inner.last;
  }

  get trimmed(): number {
    return this.inner.trimmed;
  }

  head: EventLog['head'] = () => this.inner.head();
  trim: EventLog['trim'] = (upTo) => this.inner.trim(upTo);
  load: EventLog['load'] = (name) => this.inner.load(name);
  checkpoints: EventLog['checkpoints'] = () => this.inner.checkpoints();
  forget: EventLog['forget'] = (name) => this.inner.forget(name);
  close: EventLog['close'] = () => this.inner.close();
  watch?: NonNullable<EventLog['watch']> = (listener) => this.inner.watch?.(listener) ?? (() => undefined);
  follow?: NonNullable<EventLog['follow']>;

  append: EventLog['append'] = async (entries, options) => {
    if (this.held !== undefined) await new Promise<void>((resolve) => this.held?.push(resolve));
    await this.#pause();
    const failure = this.weather.fails('append');
    if (failure === 'refused') throw Object.assign(new Error('refused'), { stored: 'nothing' });
    const positions = await this.inner.append(entries, options);
    await this.#pause();
    if (failure === 'lost') throw new Error('the answer was lost');
    return positions;
  };

  read: EventLog['read'] = async (after, limit) => {
    this.reads++;
    await this.#pause();
    if (this.weather.fails('read') !== false) throw new Error('no reading');
    const page = await this.inner.read(after, limit);
    await this.#pause();
    return page.filter(([, ts]) => ts !== this.missing);
  };

  save: EventLog['save'] = async (name: string, checkpoint: Checkpoint) => {
    await this.#pause();
    if (this.weather.fails('save') !== false) throw new Error('no saving');
    await this.inner.save(name, checkpoint);
  };

  /** From now on it pushes what is new, instead of saying that something is. */
  pushing(): this {
    delete this.watch;
    this.follow = (after, options) => this.#follow(after, options?.signal);
    return this;
  }

  async *#follow(after: number, signal: WaitOptions['signal']): AsyncGenerator<readonly [Entry | null, number]> {
    let [at, wake] = [after, (): void => undefined];
    this.inner.watch?.(() => wake());
    signal?.addEventListener('abort', () => wake());
    for (;;) {
      await this.#pause();
      if (signal?.aborted === true) throw signal.reason;
      const news = new Promise<void>((resolve) => (wake = resolve));
      const page = await this.inner.read(at, 5);
      for (const [entry, ts] of page) {
        if (ts > at + 1) yield [null, ts - 1];
        yield [entry, (at = ts)];
      }
      if (page.length === 0) await news;
    }
  }

  /** Everything that is stored. */
  async contents(): Promise<readonly (readonly [Entry, number])[]> {
    return this.inner.read(0, Infinity);
  }

  /** Nothing that is called, or under way, changes anything any more; nothing is answered. */
  die(): void {
    this.#isDead = true;
  }

  async #pause(): Promise<void> {
    if (this.#isDead) return new Promise(() => undefined);
    for (let turns = this.weather.delay(); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it may have died meanwhile
    if (this.#isDead) return new Promise(() => undefined);
  }
}
