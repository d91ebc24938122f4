import { Effect, Queue } from 'effect';
import { BehaviorSubject, concatMap, filter, firstValueFrom, map, Subject } from 'rxjs';
import { createDispatcher, type Clocked } from 'rxjs-clocked-dispatch';
import type { Batch, Consume, Consumers, Scenario } from '../scenario.js';

/**
 * A sender awaits the room for each message; the consumer takes longer for each than the sender, so that the channel is
 * full and every message has to wait.
 */
export const slowConsumer: Scenario = {
  name: 'slow consumer',
  title: 'a slow consumer, the sender awaiting `send`',
  unit: 'bound',
  sizes: [1024],
  contenders: { package: dispatcher, limit, rxjs, effect, 'web streams': webStreams },
  messages: (_, contender) => (contender === 'limit' || contender === 'package' ? 10_000 : 3000),
  targets: [{ sizes: [1024], against: 'limit', most: 2 }],
};

/** What the consumer has to do for each message. */
async function work(): Promise<void> {
  await Promise.resolve();
  await Promise.resolve();
}

/** A batch that has ended when the consumer has finished with all messages. */
function finished(send: (messages: number) => Promise<void>): { batch: Batch; arrived: () => void } {
  let left = 0;
  let done = (): void => {};
  return {
    batch: async (messages) => {
      const all = new Promise<void>((resolve) => (done = resolve));
      left = messages;
      await send(messages);
      await all;
    },
    arrived: () => {
      if (--left === 0) done();
    },
  };
}

function dispatcher(bound: number, consumers: Consumers): Batch {
  const [sender, receiver] = createDispatcher<number>({ mode: 'serialize', bound }).channel('s', 'r');
  const { batch, arrived } = finished(async (messages) => {
    for (let i = 0; i < messages; i++) await sender.send(i);
  });
  void consumeSlowly(receiver, consumers(0), arrived);
  return batch;
}

async function consumeSlowly(
  messages: AsyncIterable<Clocked<number>>,
  consume: Consume,
  arrived: () => void,
): Promise<void> {
  for await (const message of messages) {
    consume(message);
    await work();
    arrived();
  }
}

/** A bounded queue of promises, as one writes it by hand: who finds no room waits, and who finds nothing. */
function limit(bound: number, consumers: Consumers): Batch {
  const waiting: Clocked<number>[] = [];
  const senders: { value: number; accepted: (ts: number) => void }[] = [];
  const takers: ((message: Clocked<number>) => void)[] = [];
  let clock = 0;

  const put = (value: number): number => {
    const ts = ++clock;
    const taker = takers.shift();
    if (taker === undefined) waiting.push([value, ts]);
    else taker([value, ts]);
    return ts;
  };
  const send = (value: number): Promise<number> => {
    if (waiting.length < bound) return Promise.resolve(put(value));
    return new Promise((accepted) => senders.push({ value, accepted }));
  };
  const receive = (): Promise<Clocked<number>> => {
    const message = waiting.shift();
    if (message === undefined) return new Promise((taker) => takers.push(taker));
    const sender = senders.shift();
    if (sender !== undefined) sender.accepted(put(sender.value));
    return Promise.resolve(message);
  };

  const { batch, arrived } = finished(async (messages) => {
    for (let i = 0; i < messages; i++) await send(i);
  });
  const consume = consumers(0);
  const loop = async (): Promise<void> => {
    for (;;) {
      consume(await receive());
      await work();
      arrived();
    }
  };
  void loop();
  return batch;
}

/** RxJS has no channel to wait for: `concatMap` buffers, and a subject tells the sender how much it holds. */
function rxjs(bound: number, consumers: Consumers): Batch {
  const source$ = new Subject<number>();
  const held$ = new BehaviorSubject(0);
  const { batch, arrived } = finished(async (messages) => {
    for (let i = 0; i < messages; i++) {
      if (held$.value >= bound) await firstValueFrom(held$.pipe(filter((held) => held < bound)));
      held$.next(held$.value + 1);
      source$.next(i);
    }
  });
  const consume = consumers(0);
  source$
    .pipe(
      map((value, index): Clocked<number> => [value, index + 1]),
      concatMap(async (message) => {
        held$.next(held$.value - 1);
        consume(message);
        await work();
        arrived();
      }),
    )
    .subscribe();
  return batch;
}

function effect(bound: number, consumers: Consumers): Batch {
  const queue = Effect.runSync(Queue.bounded<Clocked<number>>(bound));
  let clock = 0;
  const { batch, arrived } = finished((messages) =>
    Effect.runPromise(
      Effect.gen(function* () {
        for (let i = 0; i < messages; i++) yield* Queue.offer(queue, [i, ++clock]);
      }),
    ),
  );
  const consume = consumers(0);
  Effect.runFork(
    Effect.gen(function* () {
      for (;;) {
        consume(yield* Queue.take(queue));
        yield* Effect.promise(work);
        arrived();
      }
    }),
  );
  return batch;
}

function webStreams(bound: number, consumers: Consumers): Batch {
  const { readable, writable } = new TransformStream<Clocked<number>, Clocked<number>>(
    undefined,
    { highWaterMark: bound },
    { highWaterMark: 0 },
  );
  const writer = writable.getWriter();
  let clock = 0;
  const { batch, arrived } = finished(async (messages) => {
    for (let i = 0; i < messages; i++) {
      await writer.ready;
      void writer.write([i, ++clock]);
    }
  });
  void consumeSlowly(readable, consumers(0), arrived);
  return batch;
}
