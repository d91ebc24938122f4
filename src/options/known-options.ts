import { InvalidArgumentError } from '../errors/inputs.js';
import { UnknownOptionError } from '../errors/options.js';

/**
 * The options as a plain object, each read once, so that no getter runs, or answers otherwise, later on.
 *
 * Refuses what is no object, and options that `owner` does not have; `elsewhere` says of some of these where they
 * belong. `internal` ones are read, but not spoken of. An error that a getter throws is passed on as it is.
 */
export function knownOptions<O extends object>(
  owner: string,
  options: O | undefined,
  known: readonly (keyof O & string)[],
  elsewhere: Readonly<Record<string, string>> = {},
  internal: readonly (keyof O & string)[] = [],
): Partial<O> {
  const read: Partial<O> = {};
  if (options === undefined) return read;
  const all: readonly (keyof O & string)[] = internal.length === 0 ? known : [...known, ...internal];
  for (const key of keysOf(owner, options)) {
    if ((all as readonly string[]).includes(key)) continue;
    throw new UnknownOptionError(owner, key, known, Object.hasOwn(elsewhere, key) ? elsewhere[key] : undefined);
  }
  for (const key of all) {
    const value = options[key];
    if (value !== undefined) read[key] = value;
  }
  return read;
}

/** The options as they are, for somebody else to read: only what is no object is refused. */
export function anyOptions<O extends object>(owner: string, options: O | undefined): O | undefined {
  if (options !== undefined) void keysOf(owner, options);
  return options;
}

function keysOf(owner: string, options: unknown): readonly string[] {
  if (typeof options === 'object' && options !== null) {
    try {
      if (!Array.isArray(options)) return Object.keys(options);
    } catch (error) {
      // A revoked Proxy; what a trap throws is passed on.
      if (!(error instanceof TypeError)) throw error;
    }
  }
  throw new InvalidArgumentError(owner, 'options', options, 'an object with options');
}
