import type { Consumer, JetStreamClient } from '@nats-io/jetstream';
import type { LogHead } from '../log/event-log.js';
import type { Timestamp } from '../types.js';
import { codeOf, STREAM_NOT_FOUND } from './failure.js';
import type { Retry } from './retry.js';
import type { Stream } from './stream.js';

/** What reads a stream, and by what. */
export class Source {
  readonly stream: Stream;
  readonly retry: Retry;
  readonly #client: JetStreamClient;
  readonly #filter: readonly string[] | undefined;
  readonly #learn: (head: LogHead) => void;

  /** `filtered`: the server sends the subjects of the log only. `learn` is told where the stream begins and ends. */
  constructor(
    client: JetStreamClient,
    stream: Stream,
    retry: Retry,
    options: { readonly filtered: boolean; readonly learn: (head: LogHead) => void },
  ) {
    this.#client = client;
    this.stream = stream;
    this.retry = retry;
    this.#filter = options.filtered ? stream.own : undefined;
    this.#learn = options.learn;
  }

  /** Where the stream begins and ends now. */
  async head(): Promise<LogHead> {
    const head = await this.stream.head();
    this.#learn(head);
    return head;
  }

  /**
   * A consumer of what comes after a position, of this stream and not of another one of its name: that is looked up when
   * the consumer is there, for it goes with its stream (law 72).
   */
  async consumer(after: Timestamp): Promise<Consumer> {
    const filter = this.#filter;
    let consumer: Consumer | undefined;
    try {
      consumer = await this.#client.consumers.get(this.stream.name, {
        opt_start_seq: after + 1,
        // Several in one consumer are unknown to servers before 2.10.
        ...(filter !== undefined && { filter_subjects: filter.length === 1 ? filter[0]! : [...filter] }),
      });
      await this.head();
      return consumer;
    } catch (error) {
      if (consumer !== undefined) letGo(consumer);
      throw codeOf(error) === STREAM_NOT_FOUND ? await this.stream.replaced('nothing') : error;
    }
  }
}

/** Deletes a consumer, without waiting for it: one that is not used is deleted by the server, later. */
export function letGo(consumer: Consumer): void {
  consumer.delete().catch(() => undefined);
}
