import { Subject, type Subscription } from 'rxjs';
import type { Clocked, ClockedReceiver, Timestamp } from 'rxjs-clocked-dispatch';
import type { Flight } from '../flights/flight';

/** What a board shows: the last flights, the newest first, and the timestamp of the newest. */
export interface Listing {
  readonly flights: readonly Flight[];
  readonly ts: Timestamp | undefined;
}

const ROWS = 4;

export function list({ flights }: Listing, flight: Flight, ts?: Timestamp): Listing {
  return { flights: [flight, ...flights.slice(0, ROWS - 1)], ts };
}

/** How fast a board reads: everything as it comes, or so many messages a second. */
export type Pace = 'at once' | number;

/**
 * A board's side of its receiver: subscribed while it reads at once, pulled while it is slow. Whoever shows the board
 * listens here, and need not know which.
 */
export class Outlet extends Subject<Clocked<Flight>> {
  clock: Timestamp;
  /** What it has shown last: where the next run's board begins. */
  listing: Listing;
  #subscription: Subscription | undefined;
  #credit = 0;

  constructor(
    private readonly receiver: ClockedReceiver<Flight>,
    { flights }: Listing,
  ) {
    super();
    this.listing = { flights, ts: undefined };
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
    const [flight, ts] = message;
    this.clock = ts;
    if (flight !== null) this.listing = list(this.listing, flight, ts);
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
