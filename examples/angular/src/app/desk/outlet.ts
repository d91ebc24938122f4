import { Subject, type Subscription } from 'rxjs';
import type { Clocked, ClockedReceiver, Timestamp } from 'rxjs-clocked-dispatch';
import type { Flight } from '../flights/flight';

/** How fast a board reads: everything as it comes, or so many messages a second. */
export type Pace = 'at once' | number;

/**
 * A board's side of its receiver: subscribed while it reads at once, pulled while it is slow. Whoever shows the board
 * listens here, and need not know which.
 */
export class Outlet extends Subject<Clocked<Flight>> {
  /** As the receiver has it: a join needs to know whether a tick at `ts` excludes another message at `ts`. */
  readonly strict: boolean;
  clock: Timestamp;
  #subscription: Subscription | undefined;
  #credit = 0;

  constructor(private readonly receiver: ClockedReceiver<Flight>) {
    super();
    this.strict = receiver.strict;
    this.clock = receiver.clock;
  }

  /** `elapsed` milliseconds have passed: reads what a board of this pace has time for. */
  read(pace: Pace, elapsed: number): void {
    if (pace === 'at once') {
      this.#subscription ??= this.receiver.subscribe({
        next: (message) => this.#show(message),
        error: (error: unknown) => this.error(error),
        complete: () => this.complete(),
      });
      return;
    }
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
    this.#credit = Math.min(1, this.#credit + (pace * elapsed) / 1000);
    while (this.#credit >= 1 && !this.closed && !this.isStopped) {
      const message = this.#pull();
      if (message === undefined) return;
      this.#show(message);
      if (message[0] !== null) this.#credit--;
    }
  }

  close(): void {
    this.#subscription?.unsubscribe();
    this.receiver.close();
    this.complete();
  }

  #show(message: Clocked<Flight>): void {
    this.clock = message[1];
    this.next(message);
  }

  /** A receiver that has failed throws what it failed with. */
  #pull(): Clocked<Flight> | undefined {
    try {
      return this.receiver.tryReceive();
    } catch (error) {
      this.error(error);
      return undefined;
    }
  }
}
