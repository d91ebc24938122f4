import type { Consumer, ConsumerMessages, ConsumerNotification, JsMsg } from '@nats-io/jetstream';
import { describe, expect, test } from 'vitest';
import { Follower } from '../../src/nats/follower.js';
import { encodePayload } from '../../src/nats/payload.js';
import type { Source } from '../../src/nats/source.js';
import { turn } from '../support/async.js';

/** A consumer of which the test says what comes. */
class Consumers {
  /** From where each was made. */
  readonly made: number[] = [];
  pending = 0;
  delivered = 0;
  #callback!: (message: JsMsg) => void;
  #status: ((status: ConsumerNotification | undefined) => void) | undefined;
  #waiting: (ConsumerNotification | undefined)[] = [];

  /** As much of a source as a follower needs. */
  get source(): Source {
    const stream = { name: 'S', carries: (subject: string) => subject === 'own' };
    const retry = { run: <T>(work: () => Promise<T>) => work(), failure: (error: unknown) => error };
    return { stream, retry, consumer: (after: number) => this.#make(after) } as unknown as Source;
  }

  message(seq: number, deliverySequence: number, { subject = 'own', consumer = `c${this.made.length}` } = {}): void {
    const info = { consumer, deliverySequence, pending: 0 };
    this.delivered = deliverySequence;
    this.#callback({ subject, seq, info, data: encodePayload(seq) } as unknown as JsMsg);
  }

  async says(status: ConsumerNotification | undefined): Promise<void> {
    if (this.#status === undefined) this.#waiting.push(status);
    else this.#status(status);
    for (let turns = 0; turns < 3; turns++) await turn();
  }

  heartbeat(lastConsumerSequence: number, lastStreamSequence: number): Promise<void> {
    return this.says({ type: 'heartbeat', lastConsumerSequence, lastStreamSequence });
  }

  #make(after: number): Promise<Consumer> {
    const name = `c${this.made.push(after)}`;
    const info = () =>
      Promise.resolve({ name, num_pending: this.pending, delivered: { consumer_seq: this.delivered } });
    const consume = ({ callback }: { callback: (message: JsMsg) => void }) => {
      this.#callback = callback;
      return Promise.resolve(this.#messages());
    };
    return Promise.resolve({ info, consume, delete: () => Promise.resolve(true) } as unknown as Consumer);
  }

  #messages(): ConsumerMessages {
    const next = async (): Promise<IteratorResult<ConsumerNotification, undefined>> => {
      const value = await new Promise<ConsumerNotification | undefined>((resolve) => {
        if (this.#waiting.length > 0) resolve(this.#waiting.shift());
        else this.#status = resolve;
      });
      this.#status = undefined;
      return value === undefined ? { done: true, value } : { done: false, value };
    };
    return {
      status: () => ({ [Symbol.asyncIterator]: () => ({ next }) }),
      stop: () => void this.says(undefined),
      closed: () => Promise.resolve(),
    } as unknown as ConsumerMessages;
  }
}

async function follow(after = 0, known = 0) {
  const consumers = new Consumers();
  const seen: number[] = [];
  const follower = new Follower(consumers.source, after, {
    known: () => known,
    signal: undefined,
    onEnd: () => undefined,
  });
  follower.start();
  void (async () => {
    for await (const [entry, ts] of follower) seen.push(entry === null ? -ts : ts);
  })().catch(() => undefined);
  for (let turns = 0; turns < 5; turns++) await turn();
  return { consumers, seen, end: () => follower.fail(new Error('over')) };
}

describe('law 71: a heartbeat becomes a tick', () => {
  test('only where its last sequence is the one that was processed last', async () => {
    const { consumers, seen } = await follow();
    consumers.message(1, 1);
    consumers.message(2, 2);
    // The third is under way.
    await consumers.heartbeat(3, 9);
    expect(seen).toEqual([1, 2]);

    consumers.message(7, 3);
    await consumers.heartbeat(3, 9);
    expect(seen).toEqual([1, 2, -6, 7, -9]);
  });

  test('and says nothing new twice, nor anything old', async () => {
    const { consumers, seen } = await follow(5);
    await consumers.heartbeat(0, 5);
    await consumers.heartbeat(0, 3);
    await consumers.heartbeat(0, 8);
    await consumers.heartbeat(0, 8);

    expect(seen).toEqual([-8]);
  });

  test('the end of the stream, where it was deleted: only when nothing waits for the consumer', async () => {
    const { consumers, seen } = await follow(0, 12);
    consumers.message(1, 1);
    consumers.pending = 1;
    await consumers.heartbeat(1, 1);
    expect(seen).toEqual([1]);

    consumers.pending = 0;
    await consumers.heartbeat(1, 1);
    expect(seen).toEqual([1, -12]);
  });
});

describe('a consumer that is gone', () => {
  test.each(['consumer_deleted', 'heartbeats_missed', 'stream_not_found', 'ordered_consumer_recreated'] as const)(
    '%s: a new one goes on behind the last position',
    async (type) => {
      const { consumers, seen } = await follow();
      consumers.message(1, 1);
      consumers.message(4, 2, { subject: 'other' });
      await consumers.says({ type } as ConsumerNotification);
      consumers.message(5, 1);
      await turn();

      expect(consumers.made).toEqual([0, 4]);
      expect(seen).toEqual([1, -4, 5]);
    },
  );

  test('law 72: what a consumer brings whose stream was not looked at is not taken', async () => {
    const { consumers, seen } = await follow();
    consumers.message(1, 1);
    consumers.message(2, 1, { consumer: 'made by the client itself' });
    await turn();

    expect(seen).toEqual([1]);
  });

  test('what is quiet is no reason', async () => {
    const { consumers } = await follow();
    await consumers.says({ type: 'debug' } as ConsumerNotification);
    await consumers.says({ type: 'next' } as ConsumerNotification);

    expect(consumers.made).toEqual([0]);
  });

  test('after its end no other is made', async () => {
    const { consumers, end } = await follow();
    end();
    for (let turns = 0; turns < 5; turns++) await turn();

    expect(consumers.made).toEqual([0]);
  });
});
