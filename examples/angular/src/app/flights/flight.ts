/** One flight, as the sources report it: a message. */
export interface Flight {
  /** Its place among all flights, by time of departure. */
  readonly index: number;
  /** Time of departure, in seconds since the data begins. The data has minutes: flights of one minute are a second apart. */
  readonly time: number;
  readonly from: string;
  readonly to: string;
  readonly miles: number;
  /** Minutes too late at the destination; negative when early. */
  readonly delay: number;
  /** Which of `REGIONS` reports it. */
  readonly region: number;
}

/** A source: the airports of a stretch of longitude, and how well its line works. */
export interface Region {
  readonly letter: string;
  readonly name: string;
  /** Airports east of this longitude that no earlier region has. */
  readonly eastOf: number;
  /** How far its reports are behind, in flights of the whole replay. */
  readonly lag: number;
  /** How many flights it reports at once. */
  readonly batch: number;
}

/** From a good line to a bad one. */
export const REGIONS: readonly Region[] = [
  { letter: 'A', name: 'East', eastOf: -82, lag: 1, batch: 1 },
  { letter: 'B', name: 'Central', eastOf: -97, lag: 4, batch: 1 },
  { letter: 'C', name: 'Mountain', eastOf: -114, lag: 2, batch: 2 },
  { letter: 'D', name: 'West', eastOf: -Infinity, lag: 7, batch: 3 },
];

/** A receiver: what it shows, and which flights are for it. */
export interface BoardDefinition {
  readonly name: 'departures' | 'late' | 'hawaii';
  readonly title: string;
  readonly about: string;
  readonly wants: (flight: Flight) => boolean;
}

const HAWAII = new Set(['HNL', 'OGG', 'KOA', 'LIH', 'ITO']);

/** From the one that gets every message to the one that gets hardly any. */
export const BOARDS: readonly BoardDefinition[] = [
  { name: 'departures', title: 'Departures', about: 'every flight', wants: () => true },
  { name: 'late', title: 'Late', about: '15 minutes or more', wants: isLate },
  {
    name: 'hawaii',
    title: 'Hawaii',
    about: 'to or from the islands',
    wants: ({ from, to }) => HAWAII.has(from) || HAWAII.has(to),
  },
];

export function isLate({ delay }: Flight): boolean {
  return delay >= 15;
}
