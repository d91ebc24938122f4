import type { JetStreamConnection } from './connection.js';

/** Milliseconds between two looks at a connection that says nothing. */
const LONGEST_WAIT = 1000;

/** Knows whether there is a connection to the server, and tells when that changes. */
export class Link {
  #isUp: boolean;
  /** Whether the log has let go of it. */
  #isClosed = false;
  readonly #connection: JetStreamConnection;
  readonly #status: ReturnType<JetStreamConnection['status']>;
  /** Told of what the server refuses. */
  onRefusal: ((error: Error) => void) | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(connection: JetStreamConnection) {
    this.#connection = connection;
    this.#isUp = connection.info !== undefined;
    this.#status = connection.status();
    void this.#watch();
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Whether the connection is closed, and no other will come. */
  get isClosed(): boolean {
    return this.#connection.isClosed();
  }

  /** Calls the listener after each change, until it is stopped. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Resolves or rejects as the work does. Rejects where the connection is lost, for no answer comes then, or where none
   * comes for so many milliseconds.
   */
  whileUp<T>(work: Promise<T>, most?: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer =
        most === undefined
          ? undefined
          : setTimeout(() => reject(new Error(`the server did not answer within ${most} ms`)), most);
      const stop = this.listen(() => {
        if (!this.#isUp) reject(new Error('the connection to the server was lost'));
      });
      const end = (): void => {
        clearTimeout(timer);
        stop();
      };
      work.finally(end).then(resolve, reject);
    });
  }

  /** Resolves when there is a connection or none will come, or after some milliseconds. */
  async up(most: number = Infinity): Promise<void> {
    const until = performance.now() + most;
    while (!this.#isUp && !this.#isClosed && !this.isClosed && performance.now() < until) {
      await this.change(Math.min(LONGEST_WAIT, until - performance.now()));
    }
  }

  /** Resolves at the next change, or after some milliseconds. */
  change(most: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        stop();
        resolve();
      };
      const timer = setTimeout(end, most);
      const stop = this.listen(end);
    });
  }

  /** Lets go of the connection, which is somebody else's. */
  close(): void {
    this.#isClosed = true;
    // Leaving the loop would wait for the next event.
    (this.#status as { readonly stop?: () => void }).stop?.();
    this.#tell();
  }

  async #watch(): Promise<void> {
    for await (const { type, error } of this.#status) {
      if (error !== undefined) this.onRefusal?.(error);
      const isUp = type === 'disconnect' || type === 'close' ? false : type === 'reconnect' ? true : this.#isUp;
      if (isUp === this.#isUp) continue;
      this.#isUp = isUp;
      this.#tell();
    }
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
