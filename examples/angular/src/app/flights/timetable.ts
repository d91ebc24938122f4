import { REGIONS, type Flight } from './flight';

/** A flight as `flights-20k.json` of vega-datasets has it. */
interface Row {
  readonly date: string;
  readonly delay: number;
  readonly distance: number;
  readonly origin: string;
  readonly destination: string;
}

const FIRST_DAY = Date.UTC(2001, 0, 1);
const DAY = 86_400;

/** All flights in order of departure, over and over again: what the data lacks after its last day is its first day. */
export class Timetable {
  readonly #flights: readonly Flight[];
  readonly #times: Int32Array;
  readonly #ofRegion: readonly Int32Array[];
  /** Seconds from one lap to the next: whole days. */
  readonly #span: number;

  constructor(flights: readonly Flight[]) {
    this.#flights = flights;
    this.#times = Int32Array.from(flights, ({ time }) => time);
    this.#ofRegion = REGIONS.map((_, region) =>
      Int32Array.from(flights.filter((flight) => flight.region === region).map(({ index }) => index)),
    );
    this.#span = Math.ceil((flights.at(-1)!.time + 1) / DAY) * DAY;
  }

  get length(): number {
    return this.#flights.length;
  }

  at(index: number): Flight {
    const lap = Math.floor(index / this.length);
    const flight = this.#flights[index % this.length]!;
    return lap === 0 ? flight : { ...flight, index, time: flight.time + lap * this.#span };
  }

  /** The index of the `nth` flight that a region reports. */
  indexOf(region: number, nth: number): number {
    const own = this.#ofRegion[region]!;
    return own[nth % own.length]! + Math.floor(nth / own.length) * this.length;
  }

  /** How many flights of a region come before `index`. */
  countBefore(region: number, index: number): number {
    const own = this.#ofRegion[region]!;
    return Math.floor(index / this.length) * own.length + lowerBound(own, index % this.length);
  }

  /** The index of the last flight that departs at `time` or before; -1 if there is none. */
  lastUntil(time: number): number {
    const lap = Math.floor(time / this.#span);
    return lap * this.length + lowerBound(this.#times, time - lap * this.#span + 1) - 1;
  }
}

/** The data comes with the application: it is an asset of the build, from the package `vega-datasets`. */
export async function loadTimetable(base = 'data/'): Promise<Timetable> {
  const [rows, airports] = await Promise.all([
    get(`${base}flights-20k.json`).then((response) => response.json() as Promise<Row[]>),
    get(`${base}airports.csv`).then((response) => response.text()),
  ]);
  const longitudes = new Map(airports.split('\n').map(longitudeOf));
  const flights: Flight[] = [];
  for (const row of rows) flights.push(toFlight(row, flights.length, flights.at(-1)?.time ?? -1, longitudes));
  return new Timetable(flights);
}

async function get(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  return response;
}

/** The last column of `iata,name,city,state,country,latitude,longitude`; names may contain commas. */
function longitudeOf(line: string): [airport: string, longitude: number] {
  return [line.slice(0, line.indexOf(',')), Number(line.slice(line.lastIndexOf(',') + 1))];
}

function toFlight(row: Row, index: number, last: number, longitudes: ReadonlyMap<string, number>): Flight {
  const longitude = longitudes.get(row.origin) ?? 0;
  return {
    index,
    time: Math.max(last + 1, (Date.parse(`${row.date.replaceAll('/', '-').replace(' ', 'T')}Z`) - FIRST_DAY) / 1000),
    from: row.origin,
    to: row.destination,
    miles: row.distance,
    delay: row.delay,
    region: REGIONS.findIndex(({ eastOf }) => longitude > eastOf),
  };
}

/** The first place in a sorted array whose element is not less than `least`. */
function lowerBound(sorted: Int32Array, least: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `07:12`. */
export function timeOf(time: number): string {
  const minute = Math.floor((time % DAY) / 60);
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** `Jan 3`. */
export function dayOf(time: number): string {
  const date = new Date(FIRST_DAY + time * 1000);
  return `${MONTHS[date.getUTCMonth()]} ${date.getUTCDate()}`;
}
