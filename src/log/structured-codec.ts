import { InvalidArgumentError } from '../errors/inputs.js';
import { builtin } from './builtin.js';
import type { Codec } from './codec.js';
import { notCloneable } from './not-cloneable.js';

/** The part of `node:v8` that is needed here. */
interface V8 {
  readonly serialize: (value: unknown) => Uint8Array;
  readonly deserialize: (bytes: Uint8Array) => unknown;
}

/**
 * Stores whatever the structured clone algorithm can copy: dates, maps, sets, bigints, typed arrays, cycles.
 *
 * In Node a value becomes bytes, which every log keeps. Elsewhere it becomes a copy, which IndexedDB and `memoryLog()`
 * keep as it is. Instances of classes come back as plain objects. Functions are refused with `UnstorableValueError`.
 */
export function structuredCodec<T = unknown>(): Codec<T> {
  const v8 = builtin('node:v8') as V8 | undefined;
  return v8 === undefined ? byCopy() : byBytes(v8);
}

function byBytes<T>({ serialize, deserialize }: V8): Codec<T> {
  return {
    name: 'structured',
    // A copy of its own: a Buffer is a window of a larger one, and has a toJSON.
    encode: (value) => refusing(() => new Uint8Array(serialize(value))),
    decode(stored) {
      if (stored instanceof Uint8Array) return deserialize(stored) as T;
      throw new InvalidArgumentError(
        'structuredCodec().decode',
        'stored',
        stored,
        'bytes: was it written by another codec?',
      );
    },
  };
}

function byCopy<T>(): Codec<T> {
  return {
    name: 'structured',
    encode: (value) => refusing(() => structuredClone(value)),
    // Another copy, so that who reads it can't change the log.
    decode: (stored) => structuredClone(stored) as T,
  };
}

function refusing<S>(write: () => S): S {
  try {
    return write();
  } catch (error) {
    throw notCloneable(error);
  }
}
