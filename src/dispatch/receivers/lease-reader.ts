import type { Clocked, Timestamp } from '../../types.js';
import type { PullRequest, Reader } from './consumers.js';
import type { Endpoint } from './endpoint.js';
import type { Lease } from './lease.js';

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
  readonly messagesOnly: boolean;
  readonly #endpoint: LeaseSource<T>;
  readonly #unfinished = new Map<Clocked<T>, Lease<T>>();
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
        // What it took meanwhile has gone back.
        settle(this.#closed ? undefined : item);
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

  took(lease: Lease<T>): void {
    this.#unfinished.set(lease.item, lease);
  }

  finish(item: Clocked<T>): void {
    const lease = this.#unfinished.get(item);
    if (lease === undefined) return;
    this.#unfinished.delete(item);
    this.#endpoint.leases.acknowledge(lease);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const back = [...this.#unfinished.values()];
    this.#unfinished.clear();
    for (const request of this.#waiting) if (this.#endpoint.pulls.cancel(request)) request.settle(undefined);
    this.#endpoint.leases.giveBack(back);
  }
}
