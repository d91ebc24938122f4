import { UnstorableValueError } from './errors.js';

/** Where in a value something is: the keys that lead there. */
export type Path = readonly (string | number)[];

/** Told of bytes in a value. */
export type OnBytes = (bytes: Uint8Array, path: Path) => void;

/** Deeper than this, a value is taken for one that contains itself. */
const DEEPEST = 1000;

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
  const path: (string | number)[] = [];
  try {
    checkValue(value, path, onBytes);
  } catch (error) {
    // A revoked Proxy, for instance.
    if (error instanceof TypeError) refuse(path, `not readable (${error.message})`);
    throw error;
  }
}

function checkValue(value: unknown, path: (string | number)[], onBytes: OnBytes | undefined): void {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return;
    case 'number':
      if (!Number.isFinite(value)) refuse(path, `${value}`);
      if (value === 0 && Object.is(value, -0)) refuse(path, '-0');
      return;
    case 'object':
      if (value !== null) checkObject(value, path, onBytes);
      return;
    case 'undefined':
      return refuse(path, 'undefined');
    case 'bigint':
      return refuse(path, `the bigint ${value}`);
    case 'function':
    case 'symbol':
      return refuse(path, `a ${typeof value}`);
  }
}

function checkObject(value: object, path: (string | number)[], onBytes: OnBytes | undefined): void {
  if (path.length > DEEPEST) refuse(path.slice(0, 3), `nested more than ${DEEPEST} levels deep, or contains itself`);
  if (Array.isArray(value)) checkArray(value, path, onBytes);
  else if (onBytes !== undefined && value instanceof Uint8Array) onBytes(value, path.slice());
  else checkFields(value, path, onBytes);
}

function checkArray(value: readonly unknown[], path: (string | number)[], onBytes: OnBytes | undefined): void {
  const { length } = value;
  // More, and it has fields of its own; fewer, and it has holes; as many, and a hole hides a field.
  if (onBytes === undefined && Object.keys(value).length > length) refuse(path, 'an array with fields of its own');
  if (!isPlain(value, Array.prototype)) refuse(path, classOf(value));
  for (let i = 0; i < length; i++) {
    const item = value[i];
    path.push(i);
    if (item === undefined && !(i in value)) refuse(path, 'a hole in an array');
    checkValue(item, path, onBytes);
    path.pop();
  }
}

function checkFields(value: object, path: (string | number)[], onBytes: OnBytes | undefined): void {
  if (!isPlain(value, Object.prototype)) refuse(path, classOf(value));
  if (onBytes === undefined && Object.getOwnPropertySymbols(value).length > 0) {
    refuse(path, 'an object with a symbol as a key');
  }
  // Own keys only, for a plain object inherits none; and no array of them is made.
  for (const key in value) {
    path.push(key);
    checkValue((value as Record<string, unknown>)[key], path, onBytes);
    path.pop();
  }
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

function refuse(path: Path, found: string): never {
  throw new UnstorableValueError(
    pathText(path),
    found,
    'store what JSON can say, or use another codec, such as structuredCodec()',
  );
}

/** `$.lines[2]["due date"]`. */
function pathText(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return /^[A-Za-z_$][\w$]*$/.test(key) ? `${text}.${key}` : `${text}[${JSON.stringify(key)}]`;
  }, '$');
}
