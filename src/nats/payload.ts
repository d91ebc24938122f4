import type { Codec } from '../log/codec.js';
import type { Addressed, Entry } from '../log/event-log.js';
import { checkJson, type Path } from '../log/json-check.js';

/** A value that is JSON already, as it was when it was sent. */
class Json {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Values are part of the JSON of their entry: written once, and read with it. */
export const payloadCodec: Codec = Object.freeze({
  name: 'json',
  encode(value: unknown): Json {
    checkJson(value);
    return new Json(JSON.stringify(value));
  },
  decode: (stored: unknown) => stored,
});

/**
 * A value, as it is stored: JSON, which anybody can read; where it has bytes in it, a mark, JSON that says where they
 * are, and the bytes.
 *
 *     {"messages":[{"value":{"total":9},"to":["till"]}],"at":1790000000000}
 *     1 | {"v":value,"b":[[path,length],...]} | \n | bytes ...
 */
const MARK = 1;
const LINE_FEED = 10;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Writes a value. Refuses what JSON can't say, except bytes, with `UnstorableValueError`. */
export function encodePayload(value: unknown): Uint8Array {
  const found: [path: Path, bytes: Uint8Array][] = [];
  checkJson(value, (bytes, path) => found.push([path, bytes]));
  if (found.length === 0) return encoder.encode(JSON.stringify(value));
  const head = JSON.stringify({ v: value, b: found.map(([path, { length }]) => [path, length]) }, withoutBytes);
  const parts = [Uint8Array.of(MARK), encoder.encode(`${head}\n`), ...found.map(([, bytes]) => bytes)];
  const payload = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    payload.set(part, at);
    at += part.length;
  }
  return payload;
}

/** Writes an entry, whose values may be JSON already. */
export function encodeEntry(entry: unknown): Uint8Array {
  const { messages } = Object(entry) as Partial<Entry>;
  if (!Array.isArray(messages) || messages.length === 0 || !messages.every(isJson)) return encodePayload(entry);
  const { id, at, meta } = entry as Entry;
  const texts = messages.map(({ value, to }) => `{"value":${value.text},"to":${JSON.stringify(to)}}`);
  const rest = JSON.stringify({ id, at, meta });
  return encoder.encode(`{"messages":[${texts.join(',')}],${rest.slice(1)}`);
}

function isJson(message: Addressed): message is Addressed<Json> {
  return message.value instanceof Json;
}

/** Reads a value. Throws where it is none. */
export function decodePayload(payload: Uint8Array): unknown {
  if (payload[0] !== MARK) return JSON.parse(decoder.decode(payload));
  let at = payload.indexOf(LINE_FEED);
  const head = JSON.parse(decoder.decode(payload.subarray(1, at++))) as { b: [path: Path, length: number][] };
  for (const [path, length] of head.b) put(head, ['v', ...path], payload.slice(at, (at += length)));
  return (head as { readonly v?: unknown }).v;
}

/** Asks the parent for the value: a Buffer has been turned into something else by its toJSON. */
function withoutBytes(this: unknown, key: string, value: unknown): unknown {
  return (this as Record<string, unknown>)[key] instanceof Uint8Array ? null : value;
}

function put(root: object, path: Path, bytes: Uint8Array): void {
  let parent = root as Record<string | number, unknown>;
  const last = path[path.length - 1]!;
  for (const key of path.slice(0, -1)) parent = parent[key] as Record<string | number, unknown>;
  // Uint8Array, also where the payload is a Buffer. Defined, not assigned: a key may be __proto__.
  const value = new Uint8Array(bytes);
  Object.defineProperty(parent, last, { value, writable: true, enumerable: true, configurable: true });
}
