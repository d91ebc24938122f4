import type { Clocked } from 'rxjs-clocked-dispatch';
import { connect, type Connection } from 'rxjs-clocked-dispatch/port';
import type { Line } from 'rxjs-clocked-dispatch/port';
import { setTimeout as pause } from 'node:timers/promises';
import { type Message, NAMES } from './message.js';

/** One receiver, and everything that it was told. */
export class Reader {
  readonly names: readonly string[];
  readonly items: Clocked<Message>[] = [];
  readonly #connection: Connection<Message>;

  /** What it reads it reads from the beginning; one that is `slow` stops for a while now and then. */
  constructor(dial: () => Line, names: readonly string[], slow: (() => number) | undefined, faults: string[]) {
    this.names = names;
    this.#connection = connect<Message>(dial, { retry: 10, maxRetry: 200, window: 128 });
    const receiver = this.#connection.receiver(`reader of ${names.join()}`, { from: 0, addressedTo: names });
    const failed = (error: unknown): void => void faults.push(`the reader of ${names.join()} failed: ${String(error)}`);
    if (slow === undefined) receiver.subscribe({ next: (item) => this.items.push(item), error: failed });
    else void this.#readSlowly(receiver, slow).catch(failed);
  }

  get clock(): number {
    return this.items.at(-1)?.[1] ?? 0;
  }

  close(): void {
    this.#connection.close();
  }

  async #readSlowly(receiver: AsyncIterable<Clocked<Message>>, random: () => number): Promise<void> {
    for await (const item of receiver) {
      this.items.push(item);
      if (random() < 0.001) await pause(random() * 200);
    }
  }
}

/** Three connections: one for all names, which is slow, and two for some of them. */
export function readers(dial: () => Line, random: () => number, faults: string[]): Reader[] {
  return [
    new Reader(dial, NAMES, random, faults),
    new Reader(dial, ['a'], undefined, faults),
    new Reader(dial, ['b', 'c'], random, faults),
  ];
}
