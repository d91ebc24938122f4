import { Observable, type Subscriber } from 'rxjs';
import type { Clocked } from 'rxjs-clocked-dispatch';
import type { Package } from './package.js';

/** Takes a message at one receiver. Whatever a contender delivers, it delivers to such functions. */
export type Consume = (message: Clocked<number>) => void;

/** What a contender is given. */
export interface Context {
  /** How many receivers, sources, or timestamps of a window. */
  readonly size: number;
  /** The build that is measured; only the contender `package` uses it. */
  readonly build: Package;
  readonly consumer: (receiver: number) => Consume;
}

/**
 * Sends so many messages, and has ended when the consumers have had all that is due of them. Where the scenario measures
 * itself, it answers with the nanoseconds, or bytes.
 */
export type Run = (messages: number) => unknown;
export type Contender = (context: Context) => Run;

/** Contenders that do the same job, so that their costs can be compared. */
export interface Scenario {
  readonly name: string;
  readonly title: (size: number) => string;
  readonly sizes: readonly number[];
  readonly contenders: {
    /** The package: measured as the build of today, and as that of 0.1. */
    readonly package: Contender;
    /** The shortest loop that produces the same tuples. */
    readonly bare?: Contender;
    /** What a good user of RxJS writes. */
    readonly rxjs?: Contender;
  };
  /** Messages of a batch, which should take about a millisecond. */
  readonly batch: (size: number) => number;
  readonly measuresItself?: 'nanoseconds' | 'bytes';
  /** At most so many times the bare loop (where there is one), or so many bytes, by size. */
  readonly most?: Readonly<Record<number, number>>;
  /** How many times the cost at the first size the one at the second is; at most, where there is a target. */
  readonly growth?: {
    readonly title: string;
    readonly from: number;
    readonly to: number;
    readonly most: number | undefined;
  };
}

/** Where messages with a timestamp go in. */
export interface Source {
  next: (message: Clocked<number>) => void;
}

/** Nanoseconds of this process: a busy machine stretches them less than those of the clock on the wall. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/** Subscribes each consumer to an Observable of its own, and answers with the RxJS subscribers: what is told by hand. */
export function subscribers({ consumer }: Pick<Context, 'consumer'>, count: number): Subscriber<Clocked<number>>[] {
  return Array.from({ length: count }, (_, receiver) => {
    let told!: Subscriber<Clocked<number>>;
    new Observable<Clocked<number>>((subscriber) => void (told = subscriber)).subscribe(consumer(receiver));
    return told;
  });
}

/** Writes to the sources in turn. */
export function inTurn(sources: readonly { next: (value: number) => void }[]): Run {
  let turn = 0;
  return (messages) => {
    for (let i = 0; i < messages; i++) {
      sources[turn]!.next(i);
      if (++turn === sources.length) turn = 0;
    }
  };
}

/** Sends the offsets as timestamps, each by its source, again and again from where the last ones ended. */
export function replay(sources: readonly Source[], order: Int32Array, offsets: Int32Array, base = 0): Run {
  let at = 0;
  return (messages) => {
    for (let i = 0; i < messages; i++) {
      sources[order[at]!]!.next([i, base + offsets[at]!]);
      if (++at === order.length) {
        base += order.length;
        at = 0;
      }
    }
  };
}

/** A queue on a ring that doubles when it is full. */
export class Queue<T> {
  size = 0;
  #head = 0;
  #slots = new Array<T | undefined>(4).fill(undefined);

  get first(): T {
    return this.#slots[this.#head] as T;
  }

  push(item: T): void {
    if (this.size === this.#slots.length) {
      const rest = new Array<undefined>(this.size).fill(undefined);
      this.#slots = [...this.#slots.slice(this.#head), ...this.#slots.slice(0, this.#head), ...rest];
      this.#head = 0;
    }
    this.#slots[(this.#head + this.size++) & (this.#slots.length - 1)] = item;
  }

  shift(): T {
    const item = this.first;
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#slots.length - 1);
    this.size--;
    return item;
  }
}

/** The numbers from 0 to `length - 1`, shuffled. */
export function shuffled(length: number, random: () => number): Int32Array {
  const order = Int32Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** Pseudo-random numbers in [0, 1), the same in each run (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
