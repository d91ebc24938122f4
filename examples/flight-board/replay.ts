import { setImmediate } from 'node:timers/promises';
import { originsOf } from './airports.js';
import type { Mode } from './arguments.js';
import { boardsOf, type Board } from './boards.js';
import { byArrival, type Flight } from './flights.js';
import { waitedFor, wireByDispatcher, wireByMerge } from './wiring.js';

/** How the airports' reports reach the boards. */
export type Way = 'plain merge' | Mode;

/** What was seen of one replay. */
export interface Replay {
  readonly way: Way;
  /** The audit first, then the destinations. */
  readonly boards: readonly Board[];
  /** The most flights that were held at once until their turn came. */
  readonly heldMost: number;
  /** How often each airport was found to be the one that everybody waited for. */
  readonly waitedFor: ReadonlyMap<string, number>;
  /** How often that was looked up. */
  readonly samples: number;
  /** Flights a second, without the time that watching took. */
  readonly rate: number;
}

/** After so many flights the progress is told, and who is waited for. */
const CHUNK = 50;

/** Reports all flights in the order of their arrival and watches what the boards show. */
export async function replay(
  flights: readonly Flight[],
  way: Way,
  onProgress: (reported: number) => void = () => {},
): Promise<Replay> {
  const airports = originsOf(flights);
  const boards = boardsOf(flights);
  const dispatcher = way === 'plain merge' ? undefined : wireByDispatcher(way, flights, airports.values(), boards);
  if (dispatcher === undefined) wireByMerge(airports.values(), boards);

  const arrivals = byArrival(flights);
  const waits = new Map<string, number>();
  let samples = 0;
  let milliseconds = 0;

  if (way === 'watermark') for (const airport of airports.values()) airport.promise();

  for (let reported = 0; reported < arrivals.length; reported += CHUNK) {
    const start = performance.now();
    for (const flight of arrivals.slice(reported, reported + CHUNK)) {
      const airport = airports.get(flight.origin)!;
      airport.report(flight);
      if (way === 'watermark') airport.promise();
    }
    milliseconds += performance.now() - start;

    const airport = dispatcher && waitedFor(dispatcher, flights);
    if (airport !== undefined) waits.set(airport, (waits.get(airport) ?? 0) + 1);
    samples++;
    onProgress(Math.min(reported + CHUNK, arrivals.length));
    await setImmediate();
  }

  return {
    way,
    boards,
    heldMost: dispatcher?.stats().heldMost ?? 0,
    waitedFor: waits,
    samples,
    rate: flights.length / (milliseconds / 1000),
  };
}
