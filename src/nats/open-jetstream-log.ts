import { InvalidArgumentError } from '../errors/inputs.js';
import { InvalidOptionError } from '../errors/options.js';
import type { Entry, EventLog } from '../log/event-log.js';
import { flag, count } from '../options/check.js';
import { hasMethods, isArray } from '../options/guards.js';
import { knownOptions } from '../options/known-options.js';
import type { JetStreamConnection } from './connection.js';
import { natsFailure } from './failure.js';
import { JetStreamLog } from './jetstream-log.js';
import { loadJetStream } from './peers.js';
import { Stream } from './stream.js';

/** Options of {@link openJetStreamLog}. */
export interface JetStreamLogOptions {
  /** The name of the stream. */
  readonly stream: string;
  /**
   * The subjects whose messages are entries; those on other subjects of the stream pass as time. Entries are published
   * on the first of them, with `log` in place of each wildcard. Where there is no such stream, it is made with these.
   * Default: all subjects of the stream.
   */
  readonly subjects?: string | readonly string[] | undefined;
  /**
   * For how many milliseconds ids are remembered, so that what is sent again is stored once: the duplicate window of a
   * stream that is made here, and the least that one which is there may have. Default: what the stream has; the server
   * gives new ones two minutes.
   */
  readonly dedupe?: number | undefined;
  /**
   * Whether the server sends messages on `subjects` only. What passes on other subjects is learned then from the
   * server's heartbeats, one second after the last message. Default: false, everything is sent and time is told at once.
   */
  readonly filtered?: boolean | undefined;
  /** After how many milliseconds an answer of the server counts as lost. Default: 5000. */
  readonly timeout?: number | undefined;
}

/**
 * Opens a stream of JetStream as a log: a message's sequence number is its timestamp. Any number of processes may append
 * to it and follow it.
 *
 *     one        a1 ------ c3 ------
 *     another    --- b2 ---------- d5        4 was deleted
 *     follow     a1 b2 --- c3 _4 - d5
 *
 * The connection is one of `@nats-io/transport-node`, or of `@nats-io/nats-core` in browsers; it stays yours to close.
 * What the log promises, and what is for the server to keep, says docs/nats.md.
 *
 * @throws InvalidArgumentError, InvalidOptionError, UnknownOptionError
 * @throws MissingPeerError where `@nats-io/jetstream` is not installed
 * @throws StreamMissingError, StreamUnfitError, StreamAccessError, LogStoreError
 */
export async function openJetStreamLog<E = Entry>(
  connection: JetStreamConnection,
  options: JetStreamLogOptions,
): Promise<EventLog<E>> {
  const owner = 'openJetStreamLog';
  if (!hasMethods(connection, ['publish', 'subscribe', 'status', 'isClosed'])) {
    throw new InvalidArgumentError(owner, 'connection', connection, 'a connection of @nats-io/transport-node');
  }
  const read = knownOptions(owner, options, ['stream', 'subjects', 'dedupe', 'filtered', 'timeout']);
  const { stream: name, dedupe } = read;
  if (typeof name !== 'string' || !/^[^\s.*>/\\]+$/.test(name)) {
    throw new InvalidOptionError('stream', name, 'the name of a stream: no blanks, and none of . * > / \\', owner);
  }
  const timeout = count(owner, 'timeout', read.timeout, 5000, 1, false);
  const filtered = flag(owner, 'filtered', read.filtered);
  const wanted = {
    stream: name,
    subjects: subjectsOf(owner, read.subjects),
    dedupe: dedupe === undefined ? undefined : count(owner, 'dedupe', dedupe, 0, 100, false),
  };
  const { jetstream, jetstreamManager } = await loadJetStream();
  // The client's type is its own: what is not used of it here is left out of ours.
  const own = connection as Parameters<typeof jetstream>[0];
  try {
    const client = jetstream(own, { timeout });
    const stream = await Stream.open(await jetstreamManager(own, { timeout, checkAPI: false }), wanted);
    return new JetStreamLog<E>({ client, connection, stream, filtered, timeout });
  } catch (error) {
    throw natsFailure(name, error, 'nothing');
  }
}

function subjectsOf(owner: string, given: unknown): readonly string[] | undefined {
  if (given === undefined) return undefined;
  const subjects: readonly unknown[] = isArray(given) ? given : [given];
  const isSubject = (subject: unknown): subject is string =>
    typeof subject === 'string' && /^([^\s.>*]+|\*)(\.([^\s.>*]+|\*))*(\.>)?$|^>$/.test(subject);
  if (subjects.length > 0 && subjects.every(isSubject)) return subjects;
  throw new InvalidOptionError('subjects', given, 'a subject, such as orders.>, or a list of them', owner);
}
