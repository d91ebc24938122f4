import { ClosedError } from '../../errors/life.js';
import type { DurableSender, DurableSendOptions } from '../../log/dispatcher/durable-dispatcher.js';
import { LogBusyError } from '../../log/errors.js';
import { randomId } from '../../log/random-id.js';
import { reportError } from '../../log/report-error.js';
import { NEW_ID } from '../../operators/message-ids.js';
import type { Timestamp } from '../../types.js';

/** So many calls may wait until the dispatcher is open. */
const MAX_WAITING = 1024;

/**
 * A sender of a dispatcher that is being opened: what is sent before waits, and goes first.
 *
 *     opening   ------ D
 *     send      a b -- - c
 *     D         ------ ab c
 */
export class OpeningSender<T> implements DurableSender<T> {
  readonly name: string;
  readonly #opened: Promise<DurableSender<T>>;
  #real: DurableSender<T> | undefined;
  #waiting = 0;
  #closed = false;
  /** Why there is no dispatcher. */
  #failure: unknown;

  constructor(name: string, opening: Promise<DurableSender<T>>) {
    this.name = name;
    this.#opened = opening.then((real) => (this.#real = real));
    this.#opened.catch((error: unknown) => {
      this.#closed = true;
      this.#failure ??= error;
    });
    Object.defineProperty(this, NEW_ID, { value: randomId });
  }

  get closed(): boolean {
    return this.#closed || this.#real?.closed === true;
  }

  get failure(): unknown {
    return this.#failure ?? this.#real?.failure;
  }

  next(value: T): void {
    if (this.closed) return;
    const open = this.#open;
    if (open !== undefined) open.next(value);
    else if (this.#waiting >= MAX_WAITING) this.error(new LogBusyError(MAX_WAITING));
    else
      this.#wait((real) => real.next(value)).catch((error: unknown) => this.#real !== undefined && reportError(error));
  }

  error(error: unknown): void {
    if (this.#closed) return;
    this.#failure = error;
    this.#leave((real) => real.error(error));
  }

  complete(): void {
    if (!this.#closed) this.#leave((real) => real.complete());
  }

  async send(value: T, options?: DurableSendOptions): Promise<Timestamp> {
    const open = this.#open;
    if (open !== undefined) return open.send(value, options);
    if (this.#closed) {
      // Rejects where it could not be opened.
      await this.#opened;
      throw new ClosedError('sender', this.name);
    }
    if (this.#waiting >= MAX_WAITING) throw new LogBusyError(MAX_WAITING);
    return this.#wait((real) => real.send(value, options));
  }

  /** The real one, unless something that was called before waits. */
  get #open(): DurableSender<T> | undefined {
    return this.#waiting === 0 ? this.#real : undefined;
  }

  /** In the order of the calls. */
  async #wait<R>(work: (real: DurableSender<T>) => R): Promise<Awaited<R>> {
    this.#waiting++;
    return await this.#opened.then(
      (real) => {
        this.#waiting--;
        return work(real);
      },
      (error: unknown) => {
        this.#waiting--;
        throw error;
      },
    );
  }

  #leave(work: (real: DurableSender<T>) => void): void {
    this.#closed = true;
    const open = this.#open;
    if (open !== undefined) work(open);
    else this.#wait(work).catch(() => undefined);
  }
}
