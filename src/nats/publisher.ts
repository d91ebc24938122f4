import type { JetStreamClient, PubAck } from '@nats-io/jetstream';
import { LogFencedError, LogOutcomeUnknownError } from '../log/errors.js';
import type { AppendOptions } from '../log/event-log.js';
import type { Timestamp } from '../types.js';
import { Acks } from './acks.js';
import type { JetStreamConnection } from './connection.js';
import { PayloadTooLargeError } from './errors.js';
import { closedConnection, codeOf, isRefusal, natsFailure, WRONG_LAST_SEQUENCE } from './failure.js';
import type { Link } from './link.js';
import { messageId } from './message-id.js';
import type { Stream } from './stream.js';

/** More than the headers of a message need, besides its id. */
const HEADERS = 128;

/** Publishes batches of entries. */
export class Publisher {
  readonly #client: JetStreamClient;
  readonly #connection: JetStreamConnection;
  readonly #link: Link;
  readonly #stream: Stream;
  readonly #timeout: number;
  readonly #acks: Acks;
  #limit = Infinity;

  constructor(client: JetStreamClient, connection: JetStreamConnection, link: Link, stream: Stream, timeout: number) {
    this.#client = client;
    this.#connection = connection;
    this.#link = link;
    this.#stream = stream;
    this.#timeout = timeout;
    this.#acks = new Acks(connection);
    link.onRefusal = (error) => {
      const { operation, subject } = error as { readonly operation?: string; readonly subject?: string };
      if (operation === 'publish' && subject === stream.subject) this.#acks.forget(error);
    };
  }

  close(): void {
    this.#acks.close();
  }

  /** Refuses what the server would: one message that fails among others would leave a hole. */
  assertFits(
    payloads: readonly Uint8Array[],
    ids: AppendOptions['ids'],
    own: number = this.#stream.config.max_msg_size,
  ): void {
    this.#limit = this.#connection.info?.max_payload ?? this.#limit;
    const limit = own > 0 ? Math.min(own, this.#limit) : this.#limit;
    payloads.forEach(({ length }, i) => {
      const bytes = length + HEADERS + 3 * (ids?.[i]?.length ?? 0);
      if (bytes > limit) throw new PayloadTooLargeError(bytes, limit);
    });
  }

  /**
   * Publishes a batch, and resolves with the answers. One batch at a time.
   *
   * A batch is handed to the connection in one turn. So a connection that breaks down loses the end of it, never its
   * middle: the client drops what it has not written, and writes nothing of it to the next connection (law 41).
   */
  async publish(payloads: readonly Uint8Array[], { expected, ids }: AppendOptions): Promise<readonly PubAck[]> {
    await this.#link.up(this.#timeout);
    if (this.#link.isClosed) throw natsFailure(this.#stream.name, closedConnection(), 'nothing');
    if (!this.#link.isUp)
      throw natsFailure(this.#stream.name, new Error('there is no connection to the server'), 'nothing');
    const acks: PubAck[] = [];
    // Until the fence has let something in: what is stored already is answered, wherever the log ends.
    while (expected !== undefined && acks.length < payloads.length && acks.every(({ duplicate }) => duplicate)) {
      acks.push(...(await this.#settle([this.#send(payloads, ids, acks.length, expected)], acks, expected)));
    }
    // A stream that refuses the large and takes the small, when it is full, gets one after the other.
    const step = this.#stream.config.discard === 'new' ? 1 : payloads.length;
    while (acks.length < payloads.length) {
      const sent: Promise<PubAck>[] = [];
      for (let i = acks.length; i < Math.min(payloads.length, acks.length + step); i++) {
        sent.push(this.#send(payloads, ids, i, undefined));
      }
      acks.push(...(await this.#settle(sent, acks, undefined)));
    }
    return acks;
  }

  #send(
    payloads: readonly Uint8Array[],
    ids: AppendOptions['ids'],
    i: number,
    expected: Timestamp | undefined,
  ): Promise<PubAck> {
    const id = ids?.[i];
    if (id === undefined && expected === undefined) {
      return this.#acks.publish(this.#stream.subject, payloads[i]!);
    }
    return this.#client.publish(this.#stream.subject, payloads[i], {
      ...(id !== undefined && { msgID: messageId(id) }),
      ...(expected !== undefined && { expect: { lastSequence: expected } }),
    });
  }

  /** The answers; where one is an error, or none comes, what that means for the whole batch. */
  async #settle(
    sent: readonly Promise<PubAck>[],
    before: readonly PubAck[],
    expected: Timestamp | undefined,
  ): Promise<readonly PubAck[]> {
    let outcomes: PromiseSettledResult<PubAck>[];
    try {
      outcomes = await this.#link.whileUp(Promise.allSettled(sent), this.#timeout);
    } catch (error) {
      this.#acks.forget(error);
      throw new LogOutcomeUnknownError(error);
    }
    const acks: PubAck[] = [];
    let failure: { readonly error: unknown } | undefined;
    let nothing = before.every(({ duplicate }) => duplicate);
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') {
        acks.push(outcome.value);
        nothing &&= outcome.value.duplicate;
      } else {
        failure ??= { error: outcome.reason };
        nothing &&= isRefusal(outcome.reason);
      }
    }
    if (failure === undefined) return acks;
    const { error } = failure;
    if (expected !== undefined && codeOf(error) === WRONG_LAST_SEQUENCE) {
      throw new LogFencedError(expected, Number(/\d+$/.exec((error as Error).message)?.[0] ?? NaN));
    }
    if (nothing) throw natsFailure(this.#stream.name, error, 'nothing');
    throw isRefusal(error) ? natsFailure(this.#stream.name, error, 'unknown') : new LogOutcomeUnknownError(error);
  }
}
