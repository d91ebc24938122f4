import type { JetStreamClient, PubAck } from '@nats-io/jetstream';
import * as check from '../log/arguments.js';
import type { Codec } from '../log/codec.js';
import { LogClosedError } from '../log/errors.js';
import type { AppendOptions, Checkpoint, CheckpointName, EventLog, LogHead } from '../log/event-log.js';
import { Exclusive } from '../log/exclusive.js';
import type { Timestamp, WaitOptions } from '../types.js';
import { Checkpoints } from './checkpoints.js';
import type { JetStreamConnection } from './connection.js';
import { isUnanswered, natsFailure } from './failure.js';
import { Follower } from './follower.js';
import type { Item } from './item-queue.js';
import { Link } from './link.js';
import { encodeEntry, encodePayload, payloadCodec } from './payload.js';
import { Publisher } from './publisher.js';
import { readPage } from './read-page.js';
import { Retry } from './retry.js';
import { Source } from './source.js';
import type { Stream } from './stream.js';

/** What a log works with. */
export interface JetStreamLogParts {
  readonly client: JetStreamClient;
  readonly connection: JetStreamConnection;
  readonly stream: Stream;
  readonly filtered: boolean;
  /** Milliseconds until an answer counts as lost. */
  readonly timeout: number;
}

/** A log in a stream of JetStream, which any number of processes append to and follow. */
export class JetStreamLog<E> implements EventLog<E> {
  readonly dense = false;
  readonly atomic = false;
  readonly codec: Codec = payloadCodec;
  readonly id: string;
  readonly #stream: Stream;
  readonly #link: Link;
  readonly #retry: Retry;
  readonly #source: Source;
  readonly #publisher: Publisher;
  readonly #checkpoints: Checkpoints;
  readonly #exclusive = new Exclusive();
  readonly #followers = new Set<Follower<E>>();
  #last: Timestamp;
  #trimmed: Timestamp;
  #closing: Promise<void> | undefined;

  constructor({ client, connection, stream, filtered, timeout }: JetStreamLogParts) {
    this.id = `${stream.name}@${stream.created}`;
    this.#stream = stream;
    this.#last = stream.first.last;
    this.#trimmed = stream.first.trimmed;
    this.#link = new Link(connection);
    this.#retry = new Retry(stream.name, this.#link);
    this.#source = new Source(client, stream, this.#retry, { filtered, learn: (head) => this.#learn(head) });
    this.#publisher = new Publisher(client, connection, this.#link, stream, timeout);
    this.#checkpoints = new Checkpoints(client, stream);
  }

  get last(): Timestamp {
    return this.#last;
  }

  get trimmed(): Timestamp {
    return this.#trimmed;
  }

  head(): Promise<LogHead> {
    return this.#run(() => this.#source.head());
  }

  async append(entries: readonly E[], options?: AppendOptions): Promise<readonly Timestamp[]> {
    const checked = check.append(entries, options);
    this.#assertOpen();
    const payloads = entries.map(encodeEntry);
    const { ids } = checked;
    // Copies: the caller may reuse the arrays at once.
    const call = ids === undefined ? checked : { ...checked, ids: ids.slice() };
    this.#publisher.assertFits(payloads, ids);
    return this.#change(async () => {
      const before = this.#last;
      const acks = await this.#publisher.publish(payloads, call).catch((error: unknown) => this.#refused(error));
      return this.#stored(acks, before);
    });
  }

  async read(after: Timestamp, limit: number): Promise<readonly (readonly [E, Timestamp])[]> {
    check.position('read', 'after', after);
    check.limit('read', limit);
    return this.#run(() => readPage<E>(this.#source, after, limit));
  }

  /** Begins when it is iterated: a position that nobody reads costs nothing. */
  follow(after: Timestamp, { signal }: WaitOptions = {}): AsyncIterable<Item<E>> {
    check.position('follow', 'after', after);
    return {
      [Symbol.asyncIterator]: () => {
        this.#assertOpen();
        const follower: Follower<E> = new Follower<E>(this.#source, after, {
          known: () => this.#last,
          signal,
          onEnd: () => this.#followers.delete(follower),
        });
        this.#followers.add(follower);
        follower.start();
        return follower[Symbol.asyncIterator]();
      },
    };
  }

  async trim(upTo: Timestamp): Promise<void> {
    check.position('trim', 'upTo', upTo);
    await this.#run(async () => {
      const { last, trimmed } = await this.#source.head();
      if (Math.min(upTo, last) <= trimmed) return;
      await this.#stream.purge(Math.min(upTo, last));
      await this.#source.head();
    });
  }

  async load(name: string): Promise<Checkpoint | undefined> {
    check.checkpointName('load', name);
    return this.#run(() => this.#checkpoints.load(name));
  }

  async save(name: string, checkpoint: Checkpoint): Promise<void> {
    check.checkpointName('save', name);
    const { ts, version, state } = check.checkpoint('save', checkpoint);
    this.#assertOpen();
    const payload = encodePayload({ ts, version, state });
    // The bucket is another stream.
    this.#publisher.assertFits([payload], undefined, 0);
    return this.#change(() => this.#retry.run(() => this.#checkpoints.save(name, { ts, version, state }, payload)));
  }

  async checkpoints(): Promise<readonly CheckpointName[]> {
    return this.#run(() => this.#checkpoints.names());
  }

  async forget(name: string): Promise<void> {
    check.checkpointName('forget', name);
    return this.#change(() => this.#retry.run(() => this.#checkpoints.forget(name)));
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#exclusive.run(() => {
      this.#retry.close();
      for (const follower of this.#followers) follower.fail(new LogClosedError());
      this.#publisher.close();
      this.#link.close();
      return Promise.resolve();
    }));
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new LogClosedError();
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    this.#assertOpen();
    return this.#retry.run(work);
  }

  /** Runs after everything that was called before. What was called before `close` is still done. */
  async #change<T>(work: () => Promise<T>): Promise<T> {
    this.#assertOpen();
    return this.#exclusive.run(work);
  }

  /** Nobody answers where there is no stream. */
  async #refused(error: unknown): Promise<never> {
    if (isUnanswered(error)) await this.#stream.head();
    throw natsFailure(this.#stream.name, error, 'unknown');
  }

  async #stored(acks: readonly PubAck[], before: Timestamp): Promise<readonly Timestamp[]> {
    let last = before;
    let known = before;
    for (const { seq, duplicate } of acks) {
      known = Math.max(known, seq);
      if (duplicate) continue;
      // Positions begin anew in another stream.
      if (seq <= last) throw await this.#stream.replaced('unknown');
      last = seq;
    }
    this.#learn({ last: known, trimmed: this.#trimmed });
    return acks.map(({ seq }) => seq);
  }

  #learn({ last, trimmed }: LogHead): void {
    this.#last = Math.max(this.#last, last);
    this.#trimmed = Math.max(this.#trimmed, trimmed);
  }
}
