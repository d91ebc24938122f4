import { ALL } from 'rxjs-clocked-dispatch';
import { THROWER } from './wrong-values.js';
import type { World } from './world.js';

/** What is expected of a call: that it works, or refuses with an error of the package; `undefined` where either is right. */
export type Verdict = boolean | undefined;

/** A kind of argument. */
export interface Kind {
  /** One that works. */
  readonly good: (world: World) => unknown;
  /** Whether a value is of this kind. */
  readonly takes: (value: unknown) => Verdict;
  /** It is called by the package as it is: what its Proxy does is not checked. */
  readonly isCalled?: boolean;
  /** Whether nothing is right, too, where `undefined` isn't. */
  readonly mayBeMissing?: boolean;
  /** Of an object with options: each of them, and what is unknown is refused. Of a record: an example of an entry. */
  readonly fields?: Readonly<Record<string, Kind>>;
  /** Whether other fields than these are taken. */
  readonly isOpen?: boolean;
  /** Of a list: what is in it. */
  readonly items?: readonly Kind[];
}

export const kind = (good: Kind['good'], takes: Kind['takes'] = () => false): Kind => ({ good, takes });

export const optional = ({ takes, ...rest }: Kind): Kind => ({
  ...rest,
  takes: (value) => (value === undefined ? true : takes(value)),
});

/** Something that the package only calls: through a Proxy it may well fail by itself. */
export const called = (good: Kind['good']): Kind => ({ ...kind(good), isCalled: true });

/** One of as many as there are: it may be missing, but not be `undefined`. */
export const rest = (of: Kind): Kind => ({ ...of, mayBeMissing: true });

export const oneOf = (first: Kind, ...others: readonly Kind[]): Kind => ({
  ...first,
  takes: (value) => {
    const verdicts = [first, ...others].map(({ takes }) => takes(value));
    if (verdicts.includes(true)) return true;
    return verdicts.includes(undefined) ? undefined : false;
  },
});

/** Whatever it is, it is right. */
export const anything: Kind = kind(
  () => 'value',
  () => true,
);

/** What becomes of it is nobody's business here, as long as it is no error of the language. */
export const something = (good: Kind['good']): Kind => kind(good, () => undefined);

/** Anything but `null`. */
export const value: Kind = kind(
  () => 'value',
  (given) => given !== null,
);

export const name: Kind = kind(
  ({ newName }) => newName(),
  (given) => typeof given === 'string' && given !== '',
);

export const func: Kind = kind(
  () => (given: unknown) => given,
  (given) => typeof given === 'function',
);

/** What returns something that can be subscribed to, for a string. */
export const projecting: Kind = kind(
  () => (given: unknown) => [given],
  (given) => (typeof given === 'function' ? undefined : false),
);

export const flag: Kind = kind(
  () => false,
  (given) => typeof given === 'boolean',
);

export const word = (...words: readonly string[]): Kind =>
  kind(
    () => words[0],
    (given) => words.includes(given as string),
  );

export const ts: Kind = kind(() => 7, Number.isSafeInteger);

/** Timestamps that may be refused for being in the past. */
export const upward: Kind = kind(
  () => 7,
  (given) => (Number.isSafeInteger(given) ? undefined : false),
);

export const count = (least = 0, infinite = true): Kind =>
  kind(
    () => 7,
    (given) => (infinite && given === Infinity) || (Number.isSafeInteger(given) && (given as number) >= least),
  );

export const milliseconds: Kind = kind(
  () => 7,
  (given) => typeof given === 'number' && given >= 0 && given < Infinity,
);

export const scheduler: Kind = kind(({ scheduler }) => scheduler);
export const signal: Kind = kind(({ signal }) => signal);

/** What a function returns is right or wrong when something is sent. */
export const route: Kind = kind(
  () => 'receiver',
  (given) =>
    given === ALL || (isList(given) && given.length === 0) || (typeof given === 'function' ? undefined : false),
);

export const options = (fields: Readonly<Record<string, Kind>>): Kind => ({
  good: (world) => Object.fromEntries(Object.entries(fields).map(([key, { good }]) => [key, good(world)])),
  takes: (given) => {
    if (given === undefined || isEmptyObject(given)) {
      return Object.values(fields).every((field) => field.takes(undefined));
    }
    return given === THROWER ? undefined : false;
  },
  fields,
});

/** An object in which there may be more. */
export const open = (fields: Readonly<Record<string, Kind>>): Kind => ({ ...options(fields), isOpen: true });

/** Streams by names of the user's own. */
export const record = (entry: Kind): Kind => ({
  good: (world) => ({ a: entry.good(world), b: entry.good(world) }),
  takes: (given) => (given === THROWER ? undefined : false),
  fields: { a: entry, b: entry },
  isOpen: true,
});

export const list = (...items: readonly Kind[]): Kind => ({
  good: (world) => items.map(({ good }) => good(world)),
  takes: () => false,
  items,
});

/** The list of exactly this one. */
export const listOf = (only: unknown): Kind =>
  kind(
    () => [only],
    (given) => isList(given) && JSON.stringify(given) === JSON.stringify([only]),
  );

export function isEmptyList(given: unknown): boolean {
  return isList(given) && given.length === 0;
}

export function isEmpty(given: unknown): Verdict {
  return isEmptyList(given) || isEmptyObject(given) || (given === THROWER ? undefined : false);
}

function isList(given: unknown): given is readonly unknown[] {
  try {
    return Array.isArray(given);
  } catch {
    return false;
  }
}

function isEmptyObject(given: unknown): boolean {
  try {
    return typeof given === 'object' && given !== null && !Array.isArray(given) && Object.keys(given).length === 0;
  } catch {
    return false;
  }
}
