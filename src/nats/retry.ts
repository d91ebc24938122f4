import { LogClosedError } from '../log/errors.js';
import { closedConnection, isPassing, natsFailure } from './failure.js';
import type { Link } from './link.js';

/** How often something is tried while the server is there and does not answer, and the pauses between, in milliseconds. */
const TRIES = 12;
const FIRST_PAUSE = 25;
const LONGEST_PAUSE = 2000;

/** Tries what may be tried again, until it works (law 54). */
export class Retry {
  readonly #stream: string;
  readonly #link: Link;
  #closed = false;

  constructor(stream: string, link: Link) {
    this.#stream = stream;
    this.#link = link;
  }

  /** Nothing is tried again from now on. */
  close(): void {
    this.#closed = true;
  }

  /** While there is no connection it waits: when to give that up is for the connection to know. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        // What is asked while there is no connection gets no answer later, either.
        if (!this.#link.isUp && !this.#link.isClosed) await this.pause(tries);
        return await this.#link.whileUp(work());
      } catch (error) {
        if (this.#link.isClosed || !isPassing(error) || tries === TRIES) throw this.failure(error);
      }
      if (await this.pause(tries)) tries = 0;
    }
  }

  /** Waits before the next try; resolves with whether there was no connection. Rejects where none is to follow. */
  async pause(tries: number): Promise<boolean> {
    const isUp = this.#link.isUp;
    if (isUp) await this.#link.change(Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** tries));
    else await this.#link.up();
    if (this.#closed) throw new LogClosedError();
    return !isUp;
  }

  /** What went wrong, as an error of this package. */
  failure(error: unknown): Error {
    if (this.#closed) return new LogClosedError();
    // What failed for that says it in many ways.
    const isEnd = this.#link.isClosed && isPassing(error);
    return natsFailure(this.#stream, isEnd ? closedConnection(error) : error, 'nothing');
  }
}
