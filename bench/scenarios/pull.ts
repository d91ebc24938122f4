import { Effect, Queue } from 'effect';
import { map, Subject } from 'rxjs';
import { createDispatcher, type Clocked } from 'rxjs-clocked-dispatch';
import type { Batch, Consume, Contender, Scenario } from '../scenario.js';

/**
 * Bursts of 1,000 messages lie in a channel, and one consumer reads them by pulling. Only the reading is measured. The
 * limit is a bare async generator over an array.
 */
export const pull: Scenario = {
  name: 'pull',
  title: 'pulling what lies in the channel',
  unit: 'receivers',
  sizes: [1],
  contenders: contenders('pulling'),
  measuresItself: true,
  messages: () => 10_000,
  targets: [
    { sizes: [1], against: 'limit', most: 1 / 0.7 },
    { sizes: [1], of: 'receiveMany', against: 'limit', least: 10 },
  ],
};

/** The same, but the sending is measured too. */
export const sendAndPull: Scenario = {
  name: 'send and pull',
  title: 'sending in bursts of 1,000, and pulling',
  unit: 'receivers',
  sizes: [1],
  contenders: contenders('both'),
  measuresItself: true,
  messages: () => 10_000,
  targets: [],
};

const BURST = 1000;

type Measured = 'pulling' | 'both';

function contenders(measured: Measured): Scenario['contenders'] {
  const contender =
    (build: (consume: Consume, arrived: (count: number) => void) => (value: number) => void): Contender =>
    (_, consumers) =>
      bursts(measured, (arrived) => build(consumers(0), arrived));
  return {
    package: contender(forAwait),
    receiveMany: contender(receiveMany),
    limit: contender(limit),
    rxjs: contender(rxjs),
    effect: contender(effect),
    'web streams': contender(webStreams),
  };
}

/** Sends burst after burst; the next one when the consumer has had all of the last. */
function bursts(measured: Measured, build: (arrived: (count: number) => void) => (value: number) => void): Batch {
  let left = 0;
  let done = (): void => {};
  const send = build((count) => {
    if ((left -= count) === 0) done();
  });
  return async (messages) => {
    let milliseconds = 0;
    for (let sent = 0; sent < messages; sent += BURST) {
      left = Math.min(BURST, messages - sent);
      const arrived = new Promise<void>((resolve) => (done = resolve));
      const before = performance.now();
      for (let i = 0, burst = left; i < burst; i++) send(i);
      const between = performance.now();
      await arrived;
      milliseconds += performance.now() - (measured === 'both' ? before : between);
    }
    return milliseconds * 1e6;
  };
}

function forAwait(consume: Consume, arrived: (count: number) => void): (value: number) => void {
  const [sender, receiver] = createDispatcher<number>({ mode: 'serialize' }).channel('s', 'r');
  void consumeEach(receiver, consume, arrived);
  return (value) => sender.next(value);
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

function receiveMany(consume: Consume, arrived: (count: number) => void): (value: number) => void {
  const [sender, receiver] = createDispatcher<number>({ mode: 'serialize' }).channel('s', 'r');
  const loop = async (): Promise<void> => {
    for (;;) {
      const messages = await receiver.receiveMany(256);
      if (messages.length === 0) return;
      for (const message of messages) consume(message);
      arrived(messages.length);
    }
  };
  void loop();
  return (value) => sender.next(value);
}

/** For each burst a generator, so that it does nothing but yield. */
function limit(consume: Consume, arrived: (count: number) => void): (value: number) => void {
  let waiting: Clocked<number>[] = [];
  let clock = 0;
  // eslint-disable-next-line @typescript-eslint/require-await -- that is what makes it bare
  async function* received(messages: Clocked<number>[]): AsyncGenerator<Clocked<number>> {
    for (const message of messages) yield message;
  }
  const read = (): void => {
    void consumeEach(received(waiting), consume, arrived);
    waiting = [];
  };
  return (value) => {
    if (waiting.push([value, ++clock]) === 1) queueMicrotask(read);
  };
}

/** A subscription that fills an array, and an async generator that empties it. */
function rxjs(consume: Consume, arrived: (count: number) => void): (value: number) => void {
  const source$ = new Subject<number>();
  const stamped$ = source$.pipe(map((value, index): Clocked<number> => [value, index + 1]));
  async function* received(): AsyncGenerator<Clocked<number>> {
    let waiting: Clocked<number>[] = [];
    let wake = (): void => {};
    const subscription = stamped$.subscribe((message) => {
      waiting.push(message);
      wake();
    });
    try {
      for (;;) {
        if (waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve));
        const ready = waiting;
        waiting = [];
        for (const message of ready) yield message;
      }
    } finally {
      subscription.unsubscribe();
    }
  }
  void consumeEach(received(), consume, arrived);
  return (value) => source$.next(value);
}

function effect(consume: Consume, arrived: (count: number) => void): (value: number) => void {
  const queue = Effect.runSync(Queue.unbounded<Clocked<number>>());
  let clock = 0;
  Effect.runFork(
    Effect.gen(function* () {
      for (;;) {
        consume(yield* Queue.take(queue));
        arrived(1);
      }
    }),
  );
  return (value) => void Queue.offerUnsafe(queue, [value, ++clock]);
}

function webStreams(consume: Consume, arrived: (count: number) => void): (value: number) => void {
  let controller!: ReadableStreamDefaultController<Clocked<number>>;
  const stream = new ReadableStream<Clocked<number>>({ start: (c) => void (controller = c) });
  let clock = 0;
  void consumeEach(stream, consume, arrived);
  return (value) => controller.enqueue([value, ++clock]);
}
