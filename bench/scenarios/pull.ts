import { Effect, Queue } from 'effect';
import { Subject } from 'rxjs';
import { createDispatcher, type Clocked } from 'rxjs-clocked-dispatch';
import type { Batch, Consume, Consumers, Scenario } from '../scenario.js';

/**
 * Bursts of 1,000 messages are sent at once, and one consumer reads them by pulling. The limit is an async generator that makes
 * the tuples itself: nobody sends, nothing is queued.
 */
export const pull: Scenario = {
  name: 'pull',
  title: 'pulling, bursts of 1,000',
  unit: 'receivers',
  sizes: [1],
  contenders: { package: forAwait, receiveMany, limit, rxjs, effect, 'web streams': webStreams },
  messages: () => 10_000,
  targets: [
    { sizes: [1], against: 'limit', most: 1 / 0.7 },
    { sizes: [1], of: 'receiveMany', against: 'limit', least: 10 },
  ],
};

const BURST = 1000;

/** Counts what a consumer has had, and answers each burst when all of it has arrived. */
function bursts(send: (burst: number) => void): { batch: Batch; arrived: (count: number) => void } {
  let left = 0;
  let done = (): void => {};
  const next = (burst: number): Promise<void> =>
    new Promise((resolve) => {
      left = burst;
      done = resolve;
      send(burst);
    });
  return {
    batch: async (messages) => {
      for (let sent = 0; sent < messages; sent += BURST) await next(Math.min(BURST, messages - sent));
    },
    arrived: (count) => {
      if ((left -= count) === 0) done();
    },
  };
}

function forAwait(_: number, consumers: Consumers): Batch {
  const [sender, receiver] = createDispatcher<number>({ mode: 'serialize' }).channel('s', 'r');
  const { batch, arrived } = bursts((burst) => {
    for (let i = 0; i < burst; i++) sender.next(i);
  });
  void consumeEach(receiver, consumers(0), arrived);
  return batch;
}

async function consumeEach(
  messages: AsyncIterable<Clocked<number>>,
  consume: Consume,
  arrived: (count: number) => void,
): Promise<void> {
  for await (const message of messages) {
    consume(message);
    arrived(1);
  }
}

function receiveMany(_: number, consumers: Consumers): Batch {
  const [sender, receiver] = createDispatcher<number>({ mode: 'serialize' }).channel('s', 'r');
  const { batch, arrived } = bursts((burst) => {
    for (let i = 0; i < burst; i++) sender.next(i);
  });
  const consume = consumers(0);
  const loop = async (): Promise<void> => {
    for (;;) {
      const messages = await receiver.receiveMany(256);
      if (messages.length === 0) return;
      for (const message of messages) consume(message);
      arrived(messages.length);
    }
  };
  void loop();
  return batch;
}

function limit(_: number, consumers: Consumers): Batch {
  const consume = consumers(0);
  let clock = 0;
  async function* stamped(messages: number): AsyncGenerator<Clocked<number>> {
    for (let i = 0; i < messages; i++) yield [i % BURST, ++clock];
  }
  return async (messages) => {
    for await (const message of stamped(messages)) consume(message);
  };
}

/** A subscription that fills an array, and an async generator that empties it. */
function rxjs(_: number, consumers: Consumers): Batch {
  const source$ = new Subject<Clocked<number>>();
  let clock = 0;
  const { batch, arrived } = bursts((burst) => {
    for (let i = 0; i < burst; i++) source$.next([i, ++clock]);
  });
  let waiting: Clocked<number>[] = [];
  let wake = (): void => {};
  source$.subscribe((message) => {
    waiting.push(message);
    wake();
  });
  async function* received(): AsyncGenerator<Clocked<number>> {
    for (;;) {
      if (waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      const ready = waiting;
      waiting = [];
      yield* ready;
    }
  }
  void consumeEach(received(), consumers(0), arrived);
  return batch;
}

function effect(_: number, consumers: Consumers): Batch {
  const queue = Effect.runSync(Queue.unbounded<Clocked<number>>());
  let clock = 0;
  const { batch, arrived } = bursts((burst) => {
    for (let i = 0; i < burst; i++) Queue.offerUnsafe(queue, [i, ++clock]);
  });
  const consume = consumers(0);
  Effect.runFork(
    Effect.gen(function* () {
      for (;;) {
        consume(yield* Queue.take(queue));
        arrived(1);
      }
    }),
  );
  return batch;
}

function webStreams(_: number, consumers: Consumers): Batch {
  let controller!: ReadableStreamDefaultController<Clocked<number>>;
  const stream = new ReadableStream<Clocked<number>>({ start: (c) => void (controller = c) });
  let clock = 0;
  const { batch, arrived } = bursts((burst) => {
    for (let i = 0; i < burst; i++) controller.enqueue([i, ++clock]);
  });
  void consumeEach(stream, consumers(0), arrived);
  return batch;
}
