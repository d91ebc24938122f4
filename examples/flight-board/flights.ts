import type { Timestamp } from 'rxjs-clocked-dispatch';
import { InputError } from './input-error.js';
import { readRows, type Row } from './rows.js';

/** One flight of the schedule. */
export interface Flight {
  /** Its place in the schedule, from 1 on. */
  readonly ts: Timestamp;
  readonly origin: string;
  readonly destination: string;
  /** When its report comes in: its date plus its delay, in minutes. */
  readonly reported: number;
}

/** The first `limit` flights of a data file, by schedule. */
export async function loadFlights(file: string, limit: number): Promise<Flight[]> {
  const entries = (await readRows(file)).map(entry);
  entries.sort((a, b) => a.scheduled - b.scheduled);
  return entries.slice(0, limit).map(({ scheduled, delay, origin, destination }, index) => ({
    ts: index + 1,
    origin,
    destination,
    reported: scheduled + delay,
  }));
}

/** The same flights, by the time at which their reports come in. */
export function byArrival(flights: readonly Flight[]): Flight[] {
  return [...flights].sort((a, b) => a.reported - b.reported);
}

function entry({ where, columns }: Row) {
  return {
    scheduled: minutes(where, columns.date),
    delay: wholeNumber(where, 'delay', columns.delay),
    origin: airport(where, 'origin', columns.origin),
    destination: airport(where, 'destination', columns.destination),
  };
}

/** Minutes since 1970 of a date such as 2001/01/31 23:59. */
function minutes(where: string, date: unknown): number {
  const iso = typeof date === 'string' ? date.replaceAll('/', '-').replace(' ', 'T') : '';
  const ms = Date.parse(`${iso}Z`);
  // The way back finds what Date would put right by itself, such as 30 February.
  const valid = !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(`${iso}:`);
  return valid ? ms / 60_000 : refuse(where, 'date', date, "a date such as '2001/01/31 23:59'");
}

function wholeNumber(where: string, column: string, value: unknown): number {
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
  return refuse(where, column, value, 'a whole number of minutes');
}

function airport(where: string, column: string, value: unknown): string {
  if (typeof value === 'string' && /^[A-Z0-9]{3,4}$/.test(value)) return value;
  return refuse(where, column, value, "an airport such as 'ATL'");
}

function refuse(where: string, column: string, value: unknown, expected: string): never {
  const found = value === undefined ? 'missing' : JSON.stringify(value);
  throw new InputError(`${where}: '${column}' is ${found}, expected ${expected}`);
}
