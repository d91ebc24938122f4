import { checkJson, type Path } from '../log/json-check.js';
import { crc32 } from './checksum.js';

/**
 * A record, as it is stored: a checksum, the length of the JSON, the JSON, and the bytes that were in the value.
 *
 *     crc32 (4) | length (4) | { "v": value, "b": [[path, length], ...] } | bytes ...
 *
 * The checksum covers the key and everything behind itself. It is ours because LevelDB, as it is set up, does not
 * notice altered bytes in its tables.
 */
const HEADER = 8;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Writes a value. Refuses what JSON can't say, except bytes, with `UnstorableValueError`. */
export function encodeRecord(key: string, value: unknown): Uint8Array {
  const found: { readonly path: Path; readonly bytes: Uint8Array }[] = [];
  checkJson(value, (bytes, path) => found.push({ bytes, path }));
  const record = found.length === 0 ? plain(value) : withBytes(value, found);
  view(record).setUint32(0, checksum(key, record));
  return record;
}

/** Reads a value, as long as the record is what was written under this key. */
export function decodeRecord(key: string, record: Uint8Array): unknown {
  if (record.length < HEADER || view(record).getUint32(0) !== checksum(key, record)) {
    throw new Error(`the record ${key} has a wrong checksum`);
  }
  const end = HEADER + view(record).getUint32(4);
  const json = JSON.parse(decoder.decode(record.subarray(HEADER, end))) as Json;
  let at = end;
  for (const [path, length] of json.b ?? []) put(json, path, record.slice(at, (at += length)));
  return json.v;
}

interface Json {
  readonly v: unknown;
  readonly b?: readonly (readonly [path: Path, length: number])[];
}

function plain(value: unknown): Uint8Array {
  // Room for the header comes with the text, so that nothing has to be copied.
  const record = encoder.encode(`\0\0\0\0\0\0\0\0{"v":${JSON.stringify(value)}}`);
  view(record).setUint32(4, record.length - HEADER);
  return record;
}

function withBytes(value: unknown, found: readonly { path: Path; bytes: Uint8Array }[]): Uint8Array {
  // Paths, not tags in the value: no value can be mistaken for one.
  const json: Json = { v: value, b: found.map(({ path, bytes }) => [path, bytes.length]) };
  const text = encoder.encode(JSON.stringify(json, withoutBytes));
  const size = found.reduce((sum, { bytes }) => sum + bytes.length, HEADER + text.length);
  const record = new Uint8Array(size);
  view(record).setUint32(4, text.length);
  record.set(text, HEADER);
  let at = HEADER + text.length;
  for (const { bytes } of found) {
    record.set(bytes, at);
    at += bytes.length;
  }
  return record;
}

/** Asks the parent for the value: a Buffer has been turned into something else by its toJSON. */
function withoutBytes(this: unknown, key: string, value: unknown): unknown {
  return (this as Record<string, unknown>)[key] instanceof Uint8Array ? null : value;
}

function put(json: Json, path: Path, bytes: Uint8Array): void {
  let parent = json as unknown as Record<string | number, unknown>;
  let key: string | number = 'v';
  for (const next of path) {
    parent = parent[key] as Record<string | number, unknown>;
    key = next;
  }
  // Uint8Array, also where the record is a Buffer. Defined, not assigned: a key may be __proto__.
  Object.defineProperty(parent, key, {
    value: new Uint8Array(bytes),
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

function checksum(key: string, record: Uint8Array): number {
  return crc32(record.subarray(4), crc32(encoder.encode(key)));
}

function view({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
