import { Observable, type Subscriber } from 'rxjs';
import type { Clocked } from 'rxjs-clocked-dispatch';

/** Takes a message at one receiver. Whatever a contender delivers, it delivers to such functions. */
export type Consume = (message: Clocked<number>) => void;

/** The consumer of the receiver with this number. */
export type Consumers = (receiver: number) => Consume;

/**
 * Sends so many messages, and has ended when the consumers have had all that is due of them. Where only a part of that
 * is to be measured, it answers with the nanoseconds of that part.
 */
export type Batch = (messages: number) => Promise<unknown> | undefined;

/** One way to do a scenario's job at a size: how many receivers, sources, or timestamps of a window. */
export type Contender = (size: number, consumers: Consumers) => Batch | Promise<Batch>;

/** What a run has to show: how many times as slow (`most`) or as fast (`least`) as another contender, or another size. */
export type Target =
  | { readonly sizes: readonly number[]; readonly against: string; readonly most: number; readonly of?: string }
  | { readonly sizes: readonly number[]; readonly against: string; readonly least: number; readonly of?: string }
  | { readonly growth: number; readonly from: number; readonly to: number; readonly of?: string };

/** Contenders that do the same job, so that their costs can be compared. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** What a size counts. */
  readonly unit: 'receivers' | 'sources' | 'window' | 'bound';
  readonly sizes: readonly number[];
  /** By name. `package` is what is measured, `limit` the shortest hand-written loop, `rxjs` what a good user writes. */
  readonly contenders: Readonly<Record<string, Contender>>;
  /** Messages in one batch: a batch should take about a millisecond or two. */
  readonly messages: (size: number, contender: string) => number;
  /** Whether batches measure themselves. */
  readonly measuresItself?: boolean;
  /** Contenders that are left out at a size. */
  readonly without?: (size: number, contender: string) => boolean;
  readonly targets: readonly Target[];
}

/** The contenders of a scenario that take part at this size. */
export function contendersAt(scenario: Scenario, size: number): string[] {
  return Object.keys(scenario.contenders).filter((name) => !scenario.without?.(size, name));
}

/** Subscribes each consumer to an Observable of its own, and answers with the RxJS subscribers: what is told by hand. */
export function subscribers(count: number, consumers: Consumers): Subscriber<Clocked<number>>[] {
  return Array.from({ length: count }, (_, receiver) => {
    let told!: Subscriber<Clocked<number>>;
    new Observable<Clocked<number>>((subscriber) => {
      told = subscriber;
    }).subscribe(consumers(receiver));
    return told;
  });
}

/** The same receivers as plain functions: what the loop would cost if receivers weren't Observables. */
export function callbacks(count: number, consumers: Consumers): { next: Consume }[] {
  return Array.from({ length: count }, (_, receiver) => ({ next: consumers(receiver) }));
}

/** A loop that is entered once, also when what it does asks for it again, and is left in order when that throws. */
export function enteredOnce(loop: () => void): () => void {
  let busy = false;
  let again = false;
  return () => {
    again = true;
    if (busy) return;
    busy = true;
    try {
      while (again) {
        again = false;
        loop();
      }
    } finally {
      busy = false;
    }
  };
}

/** The numbers from 0 to `length - 1`, shuffled the same way each time. */
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
