import type { Clocked, Timestamp } from '../../types.js';
import type { PullRequest, Reader } from './consumers.js';
import type { Endpoint } from './endpoint.js';

/** What taking by lease needs of an endpoint. */
export type LeaseSource<T> = Pick<Endpoint<T>, 'pulls' | 'leases'>;

/** Who is told of the next item. */
export type Request<T> = Omit<PullRequest<T>, 'reader'>;

/**
 * Takes messages that stay unfinished until it says that they are: at least once (law 38).
 *
 * When it is closed, what it has not finished goes back, in order, to the next consumer.
 */
export class LeaseReader<T> implements Reader {
  from: Timestamp = -Infinity;
  readonly leases: boolean = true;
  readonly messagesOnly: boolean;
  readonly #endpoint: LeaseSource<T>;
  readonly #unfinished = new Set<Clocked<T>>();
  readonly #waiting = new Set<PullRequest<T>>();
  #closed = false;

  constructor(endpoint: LeaseSource<T>, messagesOnly: boolean) {
    this.#endpoint = endpoint;
    this.messagesOnly = messagesOnly;
  }

  /** The next item as soon as there is one: at once, in the same turn, where it is there. */
  request({ settle, fail }: Request<T>): void {
    if (this.#closed) return settle(undefined);
    const { pulls } = this.#endpoint;
    const request: PullRequest<T> = {
      reader: this,
      settle: (item) => {
        this.#waiting.delete(request);
        if (item !== undefined && item[0] !== null) {
          if (this.#closed) {
            this.#endpoint.leases.giveBack([item]);
            return settle(undefined);
          }
          this.#unfinished.add(item);
        }
        settle(item);
      },
      fail: (error) => {
        this.#waiting.delete(request);
        fail(error);
      },
    };
    try {
      const item = pulls.take(this);
      if (item !== undefined) return request.settle(item);
    } catch (error) {
      return fail(error);
    }
    this.#waiting.add(request);
    pulls.wait(request);
  }

  finish(item: Clocked<T>): void {
    if (this.#unfinished.delete(item)) this.#endpoint.leases.acknowledge(item);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const back = [...this.#unfinished];
    this.#unfinished.clear();
    for (const request of this.#waiting) if (this.#endpoint.pulls.cancel(request)) request.settle(undefined);
    this.#endpoint.leases.giveBack(back);
  }
}
