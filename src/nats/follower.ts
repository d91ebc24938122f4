import type { Consumer, ConsumerMessages, ConsumerNotification, JsMsg } from '@nats-io/jetstream';
import type { AbortSignalLike, Timestamp } from '../types.js';
import { entryOf } from './decoder.js';
import { isPassing } from './failure.js';
import { ItemQueue, type Item } from './item-queue.js';
import { letGo, type Source } from './source.js';

/** How many messages are under way at most, and how many, of how many bytes, may wait before the consumer is let go. */
const UNDER_WAY = 1000;
const MOST = 4000;
const MOST_BYTES = 32 * 1024 * 1024;
/** Milliseconds: how long a request for messages stands, and after which silence the server says that it is there. */
const EXPIRES = 30_000;
const HEARTBEAT = 1000;

/** What tells nothing of the consumer. */
const QUIET: readonly ConsumerNotification['type'][] = ['next', 'debug', 'discard', 'flow_control', 'exceeded_limits'];

/** What a follower needs to know. */
export interface FollowerOptions {
  /** The last position that is known to be stored. */
  readonly known: () => Timestamp;
  readonly signal: AbortSignalLike | undefined;
  readonly onEnd: () => void;
}

/**
 * Follows a stream by one ordered consumer at a time. Where that is gone, with a server that was killed for instance, a
 * new one goes on behind the last position.
 *
 *     stream     1 2 - 4 ---- X -- 5 (6 deleted)
 *     items      1 2 _3 4 ----------- 5 --- _6
 */
export class Follower<E> implements AsyncIterable<Item<E>> {
  readonly #source: Source;
  readonly #known: () => Timestamp;
  readonly #queue: ItemQueue<E>;
  readonly #signal: AbortSignalLike | undefined;
  readonly #abort = (): void => this.fail(this.#signal?.reason);
  #messages: ConsumerMessages | undefined;
  /** Everything up to here is in the queue, or has passed through it. */
  #at: Timestamp;
  /** The size of what has come since nothing was waiting. */
  #bytes = 0;
  /** The number that the consumer gave the last message that came. */
  #delivered = 0;

  constructor(source: Source, after: Timestamp, { known, signal, onEnd }: FollowerOptions) {
    this.#source = source;
    this.#at = after;
    this.#known = known;
    this.#signal = signal;
    this.#queue = new ItemQueue<E>(() => {
      this.#messages?.stop();
      signal?.removeEventListener('abort', this.#abort);
      onEnd();
    });
  }

  /** Begins, unless it was aborted before. */
  start(): void {
    if (this.#signal?.aborted === true) return this.#abort();
    this.#signal?.addEventListener('abort', this.#abort, { once: true });
    void this.#run();
  }

  [Symbol.asyncIterator](): AsyncIterator<Item<E>> {
    return this.#queue;
  }

  /** Whoever iterates is told. */
  fail(error: unknown): void {
    this.#queue.end({ error });
  }

  async #run(): Promise<void> {
    const { retry } = this.#source;
    for (let tries = 1; !this.#queue.ended; tries++) {
      const before = this.#at;
      try {
        await this.#queue.room();
        const consumer = await retry.run(() => this.#source.consumer(this.#at));
        await this.#consume(consumer).finally(() => letGo(consumer));
      } catch (error) {
        if (!isPassing(error)) this.fail(retry.failure(error));
        else await retry.pause(tries).catch((closed: unknown) => this.fail(closed));
      }
      if (this.#at > before) tries = 0;
    }
  }

  /** Takes what the consumer brings, until it is gone or is let go. */
  async #consume(consumer: Consumer): Promise<void> {
    const { name } = await consumer.info(true);
    this.#delivered = 0;
    const messages = await consumer.consume({
      max_messages: UNDER_WAY,
      expires: EXPIRES,
      idle_heartbeat: HEARTBEAT,
      callback: (message) => {
        // The client makes new consumers by itself, of whatever stream has the name by then.
        if (message.info.consumer === name) this.#take(message);
      },
    });
    this.#messages = messages;
    // What is asked for after the stop doesn't end.
    const statuses = messages.status();
    if (this.#queue.ended) messages.stop();
    for await (const status of statuses) {
      if (status.type === 'heartbeat') {
        if (status.lastConsumerSequence === this.#delivered) await this.#idle(consumer, status.lastStreamSequence);
      } else if (!QUIET.includes(status.type)) messages.stop();
    }
    const error = await messages.closed();
    if (error instanceof Error) throw error;
  }

  #take(message: JsMsg): void {
    const { seq, info, data } = message;
    if (this.#queue.length === 0) this.#bytes = 0;
    this.#bytes += data.length;
    this.#delivered = info.deliverySequence;
    try {
      const carried = entryOf(this.#source.stream, message);
      if (carried === undefined) this.#queue.pass(seq);
      else {
        if (seq > this.#at + 1) this.#queue.pass(seq - 1);
        this.#queue.add([carried.entry as E, seq]);
      }
      this.#at = seq;
    } catch (error) {
      this.fail(error);
    }
    if (this.#queue.length >= MOST || this.#bytes >= MOST_BYTES) this.#messages?.stop();
  }

  /** Nothing was under way when the server said where it is (law 71). */
  async #idle(consumer: Consumer, ts: Timestamp): Promise<void> {
    this.#pass(ts);
    const known = this.#known();
    if (known <= this.#at) return;
    // What comes last was deleted, perhaps: the consumer has nothing to say of that.
    const { num_pending: pending, delivered } = await consumer.info();
    if (pending === 0 && delivered.consumer_seq === this.#delivered) this.#pass(known);
  }

  #pass(ts: Timestamp): void {
    if (ts <= this.#at) return;
    this.#at = ts;
    this.#queue.pass(ts);
  }
}
