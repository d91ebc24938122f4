import type { JsMsg } from '@nats-io/jetstream';
import { ForeignMessageError } from './errors.js';
import { decodePayload } from './payload.js';
import type { Stream } from './stream.js';

/** The entry in a message, if its subject carries entries. */
export function entryOf(stream: Stream, { subject, seq, data }: JsMsg): { readonly entry: unknown } | undefined {
  if (!stream.carries(subject)) return undefined;
  try {
    return { entry: decodePayload(data) };
  } catch (error) {
    throw new ForeignMessageError(stream.name, subject, seq, error);
  }
}
