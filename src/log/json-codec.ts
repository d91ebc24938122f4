import { InvalidArgumentError } from '../errors/inputs.js';
import type { Codec } from './codec.js';
import { checkJson } from './json-check.js';

/**
 * Stores values as JSON: the default.
 *
 * Refuses what JSON would change in silence, such as `undefined`, dates, maps, NaN and instances of classes, with an
 * `UnstorableValueError` that names where in the value it is.
 */
export function jsonCodec<T = unknown>(): Codec<T, string> {
  return {
    name: 'json',
    encode(value) {
      checkJson(value);
      return JSON.stringify(value);
    },
    decode(stored: unknown) {
      try {
        if (typeof stored === 'string') return JSON.parse(stored) as T;
      } catch {
        // Refused below.
      }
      throw new InvalidArgumentError('jsonCodec().decode', 'stored', stored, 'JSON: was it written by another codec?');
    },
  };
}
