import { isArray } from '../../options/guards.js';
import { ProtocolError } from '../errors.js';
import { BATCH, type ClientFrame, type Extra, type Hello, type Join, type Open } from './frames.js';
import { flag, integer, list, names, orNull, record, text } from './parts.js';
import { checkValues } from './values.js';

/** A frame of a client, checked in all its parts. Throws `ProtocolError`. */
export function readClientFrame(frame: unknown): ClientFrame {
  if (!isArray(frame)) throw new ProtocolError('it is no list');
  const [kind, id, ...rest] = frame;
  switch (kind) {
    case 'hello':
      sized(frame, 2);
      return ['hello', hello(id)];
    case 'ping':
    case 'pong':
      sized(frame, 1);
      return [kind];
    case 'open':
      sized(frame, 3);
      return ['open', idOf(id), open(rest[0])];
    case 'join':
      sized(frame, 3);
      return ['join', idOf(id), join(rest[0])];
    case 'credit':
      sized(frame, 3);
      return ['credit', idOf(id), integer(rest[0], 'the credit', 1)];
    case 'close':
      sized(frame, 2);
      return ['close', idOf(id)];
    case 'send': {
      sized(frame, 4, 5);
      const values = messages(rest[1]);
      const first = integer(rest[0], 'the number', 1);
      return frame.length === 4
        ? ['send', idOf(id), first, values]
        : ['send', idOf(id), first, values, extras(rest[2], values.length)];
    }
    default:
      throw new ProtocolError(typeof kind === 'string' ? `a client says no '${kind.slice(0, 20)}'` : 'it has no kind');
  }
}

/** What a server would say of a frame; nothing of a good one. */
export function problemOf(frame: ClientFrame): ProtocolError | undefined {
  try {
    readClientFrame(frame);
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
  return undefined;
}

function sized(frame: readonly unknown[], least: number, most = least): void {
  if (frame.length < least || frame.length > most) throw new ProtocolError(`it has ${frame.length} parts`);
}

function idOf(value: unknown): number {
  return integer(value, 'the id', 1);
}

function hello(value: unknown): Hello {
  const { version, session, token, maxFrame } = record(value, 'hello');
  checkValues([token], 'the token');
  return {
    version: integer(version, 'the version'),
    session: text(session, 'the session'),
    token,
    ...(maxFrame !== undefined && { maxFrame: integer(maxFrame, 'maxFrame', 1) }),
  };
}

function open(value: unknown): Open {
  const { name, reads, from, of, credit, orNow } = record(value, 'open');
  return {
    name: text(name, 'the name'),
    reads: names(reads, 'reads'),
    from: orNull(from, (ts) => integer(ts, 'from')),
    of: orNull(of, (id) => text(id, 'of')),
    credit: integer(credit, 'the credit', 0),
    orNow: flag(orNow, 'orNow'),
  };
}

function join(value: unknown): Join {
  const { name, to, key, next, sent, since } = record(value, 'join');
  const read: Join = {
    name: text(name, 'the name'),
    to: names(to, 'to'),
    key: text(key, 'the key'),
    next: integer(next, 'next', 1),
    sent: integer(sent, 'sent', 0),
    since: orNull(since, (ts) => integer(ts, 'since')),
  };
  if (read.sent < read.next - 1) throw new ProtocolError('next is beyond what was sent');
  return read;
}

function messages(value: unknown): readonly unknown[] {
  const values = list(value, 'send', BATCH);
  if (values.length === 0) throw new ProtocolError('send is empty');
  if (values.includes(null)) throw new ProtocolError('null is no message');
  checkValues(values, 'a message');
  return values;
}

function extras(value: unknown, length: number): readonly (Extra | null)[] {
  const read = list(value, 'what is said of messages', BATCH);
  if (read.length !== length)
    throw new ProtocolError(`${length} messages, of ${read.length} of which something is said`);
  return read.map((extra) => orNull(extra, extraOf));
}

/** What is said of a message. Throws `ProtocolError`. */
export function extraOf(value: unknown): Extra {
  const { id, meta } = record(value, 'what is said of a message');
  if (meta !== undefined) checkValues([record(meta, 'meta')], 'meta');
  return {
    ...(id !== undefined && { id: text(id, 'the id of a message') }),
    ...(meta !== undefined && { meta: meta as Extra['meta'] & object }),
  };
}
