import { Subject, type Observable } from 'rxjs';
import type { Clocked, Timestamp } from 'rxjs-clocked-dispatch';
import { byArrival, type Flight } from './flights.js';

/** An airport as a source: the flights that leave from here. */
export class Airport {
  readonly code: string;
  /** `[flight, ts]` for every flight whose report comes in, and `[null, ts]` for every promise; completes after the last. */
  readonly reports: Observable<Clocked<Flight>>;
  /**
   * How many places in the schedule its reports run backwards at most. A dispatcher has to be told beforehand; here it is
   * measured on the flights themselves, a real airport would know it from earlier days.
   */
  readonly disorder: number;
  readonly #reports = new Subject<Clocked<Flight>>();
  /** The flights still to be reported, by schedule. */
  readonly #expected: Set<Timestamp>;

  constructor(code: string, schedule: readonly Flight[]) {
    this.code = code;
    this.reports = this.#reports.asObservable();
    this.disorder = furthestBack(byArrival(schedule).map(({ ts }) => ts));
    this.#expected = new Set(schedule.map(({ ts }) => ts));
  }

  report(flight: Flight): void {
    this.#expected.delete(flight.ts);
    this.#reports.next([flight, flight.ts]);
    if (this.#expected.size === 0) this.#reports.complete();
  }

  /** An airport knows its own schedule: nothing comes from here before the first flight that is still expected. */
  promise(): void {
    const [first] = this.#expected;
    if (first !== undefined) this.#reports.next([null, first]);
  }
}

/** The airports that flights leave from, by code. */
export function originsOf(flights: readonly Flight[]): Map<string, Airport> {
  const schedules = new Map<string, Flight[]>();
  for (const flight of flights) {
    const schedule = schedules.get(flight.origin);
    if (schedule === undefined) schedules.set(flight.origin, [flight]);
    else schedule.push(flight);
  }
  return new Map([...schedules].map(([code, schedule]) => [code, new Airport(code, schedule)]));
}

function furthestBack(order: readonly Timestamp[]): number {
  let reached = 0;
  let furthest = 0;
  for (const ts of order) {
    reached = Math.max(reached, ts);
    furthest = Math.max(furthest, reached - ts);
  }
  return furthest;
}
