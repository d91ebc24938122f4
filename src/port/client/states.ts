import { Observable, type Subscriber } from 'rxjs';

/** How a connection stands. */
export interface ConnectionState {
  /**
   * `'connecting'`: a line is being dialled, or has not been answered yet; `'open'`; `'waiting'`: the line is gone, and
   * another one is dialled after `delay`; `'closed'`: for good.
   */
  readonly state: 'connecting' | 'open' | 'waiting' | 'closed';
  /** `'waiting'`: for how many milliseconds. */
  readonly delay?: number;
  /** `'waiting'` and `'closed'`: why, where that is known. */
  readonly reason?: unknown;
}

/** The state of a connection, and who follows it: told of the state as it is, then of each change, in order. */
export class States {
  readonly state$: Observable<ConnectionState>;
  #now: ConnectionState = { state: 'connecting' };
  readonly #followers = new Set<Subscriber<ConnectionState>>();

  constructor() {
    this.state$ = new Observable((subscriber) => {
      this.#followers.add(subscriber);
      subscriber.add(() => this.#followers.delete(subscriber));
      subscriber.next(this.#now);
      if (this.#now.state === 'closed') subscriber.complete();
    });
  }

  get now(): ConnectionState {
    return this.#now;
  }

  move(state: ConnectionState): void {
    this.#now = state;
    for (const follower of [...this.#followers]) {
      // A follower may have moved it on: then everybody knows.
      if (this.#now !== state) return;
      follower.next(state);
      if (state.state === 'closed') follower.complete();
    }
  }
}
