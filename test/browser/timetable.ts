import { readFileSync } from 'node:fs';

/** A flight, as the application should show it. */
export interface Expected {
  readonly leg: string;
  readonly time: string;
  readonly late: boolean;
  readonly hawaii: boolean;
}

interface Row {
  readonly date: string;
  readonly delay: number;
  readonly origin: string;
  readonly destination: string;
}

const ISLANDS = ['HNL', 'OGG', 'KOA', 'LIH', 'ITO'];

/** All flights in order of departure, computed here, from the same data and by other code. */
export function expectedFlights(): Expected[] {
  const file = new URL('../../node_modules/vega-datasets/data/flights-20k.json', import.meta.url);
  const rows = JSON.parse(readFileSync(file, 'utf8')) as Row[];
  return rows
    .map((row, place) => ({ ...row, place }))
    .sort((a, b) => a.date.localeCompare(b.date) || a.place - b.place)
    .map(({ date, delay, origin, destination }) => ({
      leg: `${origin} to ${destination}`,
      time: date.slice(11),
      late: delay >= 15,
      hawaii: ISLANDS.includes(origin) || ISLANDS.includes(destination),
    }));
}
