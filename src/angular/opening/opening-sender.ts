import { ClosedError } from '../../errors/life.js';
import type { DurableSender, DurableSendOptions } from '../../log/dispatcher/durable-dispatcher.js';
import { readStorableOptions } from '../../log/dispatcher/send-options.js';
import { LogBusyError } from '../../log/errors.js';
import { randomId } from '../../log/random-id.js';
import { reportError } from '../../log/report-error.js';
import { NEW_ID } from '../../operators/message-ids.js';
import type { Timestamp } from '../../types.js';

/** So many calls may wait until the dispatcher is open. */
const MAX_WAITING = 1024;

/** A call that waits for the dispatcher. */
interface Early<T> {
  readonly run: (real: DurableSender<T>) => void;
  readonly fail?: (error: unknown) => void;
}

/**
 * A sender of a dispatcher that is being opened: what is sent before waits, and goes first.
 *
 *     opening   ------ D
 *     send      a b -- - c
 *     D         ------ ab c
 */
export class OpeningSender<T> implements DurableSender<T> {
  readonly name: string;
  /** In the order of the calls. */
  readonly #early = new Set<Early<T>>();
  #real: DurableSender<T> | undefined;
  #closed = false;
  #failure: unknown;
  /** Why there is no dispatcher. */
  #unopened: { readonly error: unknown } | undefined;

  constructor(name: string, opening: Promise<() => DurableSender<T>>) {
    this.name = name;
    opening.then((join) => this.#open(join)).catch((error: unknown) => this.#unopen(error));
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
    if (this.#real !== undefined) this.#real.next(value);
    else if (this.#early.size >= MAX_WAITING) this.error(new LogBusyError(MAX_WAITING));
    else this.#early.add({ run: (real) => real.next(value) });
  }

  error(error: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#failure = error;
    if (this.#real !== undefined) this.#real.error(error);
    else this.#early.add({ run: (real) => real.error(error) });
  }

  complete(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#real !== undefined) this.#real.complete();
    else if (this.#early.size > 0) this.#early.add({ run: (real) => real.complete() });
  }

  async send(value: T, options?: DurableSendOptions): Promise<Timestamp> {
    if (this.#real !== undefined) return this.#real.send(value, options);
    const { signal } = readStorableOptions('send', options);
    if (this.#unopened !== undefined) throw this.#unopened.error;
    if (this.#closed) throw new ClosedError('sender', this.name);
    if (signal?.aborted === true) throw signal.reason;
    if (this.#early.size >= MAX_WAITING) throw new LogBusyError(MAX_WAITING);
    return new Promise((resolve, reject) => {
      const early: Early<T> = {
        run: (real) => {
          release();
          resolve(real.send(value, options));
        },
        fail: (error) => {
          release();
          reject(error);
        },
      };
      const withdraw = (): void => {
        this.#early.delete(early);
        reject(signal?.reason);
      };
      const release = (): void => signal?.removeEventListener('abort', withdraw);
      this.#early.add(early);
      signal?.addEventListener('abort', withdraw, { once: true });
    });
  }

  /** All of it at once: a sender that has left by then must not hold its name when the next one of that name joins. */
  #open(join: () => DurableSender<T>): void {
    if (this.#closed && this.#early.size === 0) return;
    const real = join();
    // What is called from there waits behind the others.
    for (const early of this.#early) {
      try {
        early.run(real);
      } catch (error) {
        reportError(error);
      }
    }
    this.#early.clear();
    this.#real = real;
  }

  #unopen(error: unknown): void {
    this.#closed = true;
    this.#failure ??= error;
    this.#unopened = { error };
    for (const { fail } of this.#early) fail?.(error);
    this.#early.clear();
  }
}
