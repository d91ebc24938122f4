import { ALL, InvalidOptionError, InvalidRouteError, NoReceiverError, UnknownReceiverError } from '../../index.js';
import { isArray } from '../../options/guards.js';
import type { Addressed } from '../event-log.js';

/** Whom a message is for, as an entry keeps it. */
export type Addressees = Addressed['to'];

/** Whom a receiver reads for: one name, several, or everybody. */
export type AddressedTo = string | readonly string[] | typeof ALL;

/** The names that there are; `undefined` where there may be any. */
export type KnownNames = ReadonlySet<string> | undefined;

/** Whom a route means: any name, unless the names are known. */
export function addresseesOf(sender: string, route: unknown, known: KnownNames): Addressees {
  if (route === ALL) return '*';
  const names = typeof route === 'string' ? [route] : route;
  if (!isArray(names)) throw new InvalidRouteError(sender, route);
  if (names.length === 0) throw new NoReceiverError(sender, []);
  for (const name of names) {
    if (typeof name !== 'string' || name === '') throw new InvalidRouteError(sender, route);
    if (known !== undefined && !known.has(name)) throw new UnknownReceiverError(sender, name, [...known]);
  }
  return names.length === 1 ? (names as string[]) : [...new Set(names as string[])];
}

/** Whose messages a receiver gets: those to its own name unless it says otherwise. */
export function readsFor(owner: string, own: string, given: AddressedTo | undefined, known: KnownNames): Addressees {
  if (given === ALL) return '*';
  const names: unknown = given === undefined ? [own] : typeof given === 'string' ? [given] : given;
  const byDefault = given === undefined ? '; where it is left out, it is the own name' : '';
  const wrong = (expected: string): never => {
    throw new InvalidOptionError('addressedTo', given ?? own, expected, owner);
  };
  if (!isArray(names) || names.length === 0) return wrong('a name, a list of names, or ALL');
  for (const name of names) {
    if (typeof name !== 'string' || name === '') return wrong('a name, a list of names, or ALL');
    if (known !== undefined && !known.has(name)) wrong(`one of the names '${[...known].join("', '")}'${byDefault}`);
  }
  return [...new Set(names as string[])];
}

/** Whether a message is for whoever reads for these. */
export function isFor(to: Addressees, reads: Addressees): boolean {
  if (to === '*' || reads === '*') return true;
  for (const name of to) if (reads.includes(name)) return true;
  return false;
}
