import { UnstorableValueError } from './errors.js';

/** Where in a value something is: the keys that lead there. */
export type Path = readonly (string | number)[];

/** Told of bytes in a value. */
export type OnBytes = (bytes: Uint8Array, path: Path) => void;

/** Deeper than this, a value is taken for one that contains itself. */
const DEEPEST = 1000;

/** What JSON would change, and where; paths are from the inside out, so that nothing is kept for a value that is sound. */
interface Refusal {
  readonly found: string;
  readonly path: (string | number)[];
}

/** Bytes that were met. */
interface Met {
  readonly bytes: Uint8Array;
  readonly path: (string | number)[];
}

/**
 * Refuses what JSON would change in silence, and names where it is.
 *
 * JSON leaves out `undefined`, functions and symbols, makes `null` of NaN, Infinity and holes, 0 of -0, strings of
 * dates, and plain objects of everything else.
 *
 * With `onBytes` it is the check of a store, behind that of a codec: a `Uint8Array` is passed to it instead of being
 * refused; keys that are symbols, and fields of arrays, are not looked for, which takes half of the time.
 */
export function checkJson(value: unknown, onBytes?: OnBytes): void {
  const met: Met[] | undefined = onBytes === undefined ? undefined : [];
  const refusal = checkValue(value, 0, met);
  if (refusal !== undefined) {
    const path = refusal.path.reverse();
    throw new UnstorableValueError(
      pathText(path.length > DEEPEST ? path.slice(0, 3) : path),
      refusal.found,
      'store what JSON can say, or use another codec, such as structuredCodec()',
    );
  }
  for (const { bytes, path } of met ?? []) onBytes!(bytes, path.reverse());
}

function checkValue(value: unknown, depth: number, met: Met[] | undefined): Refusal | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'number':
      if (!Number.isFinite(value)) return refuse(`${value}`);
      return value === 0 && Object.is(value, -0) ? refuse('-0') : undefined;
    case 'object':
      return value === null ? undefined : checkObject(value, depth, met);
    case 'undefined':
      return refuse('undefined');
    case 'bigint':
      return refuse(`the bigint ${value}`);
    case 'function':
    case 'symbol':
      return refuse(`a ${typeof value}`);
  }
}

function checkObject(value: object, depth: number, met: Met[] | undefined): Refusal | undefined {
  try {
    if (depth > DEEPEST) return refuse(`nested more than ${DEEPEST} levels deep, or contains itself`);
    if (Array.isArray(value)) return checkArray(value, depth, met);
    if (met === undefined || !(value instanceof Uint8Array)) return checkFields(value, depth, met);
    met.push({ bytes: value, path: [] });
    return undefined;
  } catch (error) {
    // A revoked Proxy, for instance.
    if (error instanceof TypeError) return refuse(`not readable (${error.message})`);
    throw error;
  }
}

function checkArray(value: readonly unknown[], depth: number, met: Met[] | undefined): Refusal | undefined {
  const { length } = value;
  // More, and it has fields of its own; fewer, and it has holes; as many, and a hole hides a field.
  if (met === undefined && Object.keys(value).length > length) return refuse('an array with fields of its own');
  if (!isPlain(value, Array.prototype)) return refuse(classOf(value));
  for (let i = 0; i < length; i++) {
    const item = value[i];
    const isHole = item === undefined && !(i in value);
    const refusal = isHole ? refuse('a hole in an array', [i]) : checkIn(i, item, depth + 1, met);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function checkFields(value: object, depth: number, met: Met[] | undefined): Refusal | undefined {
  if (!isPlain(value, Object.prototype)) return refuse(classOf(value));
  if (met === undefined && Object.getOwnPropertySymbols(value).length > 0) {
    return refuse('an object with a symbol as a key');
  }
  // Own keys only, for a plain object inherits none; and no array of them is made.
  for (const key in value) {
    const refusal = checkIn(key, (value as Record<string, unknown>)[key], depth + 1, met);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** Adds the key to the paths of what was met behind it. */
function checkIn(key: string | number, value: unknown, depth: number, met: Met[] | undefined): Refusal | undefined {
  if (typeof value === 'string') return undefined;
  const before = met === undefined ? 0 : met.length;
  const refusal = checkValue(value, depth, met);
  refusal?.path.push(key);
  if (met !== undefined) for (let i = before; i < met.length; i++) met[i]!.path.push(key);
  return refusal;
}

function refuse(found: string, path: (string | number)[] = []): Refusal {
  return { found, path };
}

/** Also true for plain objects and arrays of another realm, such as a frame. */
function isPlain(value: object, prototype: object): boolean {
  const own = Object.getPrototypeOf(value) as object | null;
  if (own === prototype || own === null) return true;
  const above = Object.getPrototypeOf(own) as object | null;
  if (Array.isArray(value)) return Array.isArray(own) && above !== null && Object.getPrototypeOf(above) === null;
  return above === null && Object.hasOwn(own, 'hasOwnProperty');
}

/** `a Date`, `an Order`, so that who reads the error finds it. */
function classOf(value: object): string {
  const { constructor } = value as { readonly constructor?: unknown };
  const name = typeof constructor === 'function' ? constructor.name : '';
  return name === '' || name === 'Object' ? 'an object of a class' : `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;
}

/** `$.lines[2]["due date"]`. */
function pathText(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return /^[A-Za-z_$][\w$]*$/.test(key) ? `${text}.${key}` : `${text}[${JSON.stringify(key)}]`;
  }, '$');
}
