import { disposeNone } from '@most/disposable';
import { loop, map as mapMost, mergeArray, multicast, newStream, runEffects, tap } from '@most/core';
import { currentTime, newDefaultScheduler } from '@most/scheduler';
import type { Sink, Stream } from '@most/types';
import { Effect, Fiber, PubSub } from 'effect';
import { map, merge, share, Subject } from 'rxjs';
import { createDispatcher, type Clocked } from 'rxjs-clocked-dispatch';
import { callbacks, subscribers, type Batch, type Consumers, type Scenario } from '../scenario.js';

/**
 * Senders write in turn, each to a receiver of its own (with one receiver, four senders to it); every receiver is
 * subscribed and told of every timestamp at once.
 */
export const serialize: Scenario = {
  name: 'serialize',
  title: "serialize, every receiver subscribed, `ticks: 'each'`",
  unit: 'receivers',
  sizes: [1, 10, 100, 1000],
  contenders: {
    package: dispatcher,
    limit: (receivers, consumers) => tell(subscribers(receivers, consumers)),
    callbacks: (receivers, consumers) => tell(callbacks(receivers, consumers)),
    rxjs,
    'rxjs, for one receiver': rxjsForOne,
    '@most/core': most,
    effect,
    'web streams': webStreams,
  },
  messages: (receivers, contender) => {
    if (contender === 'effect' || contender === 'web streams') return Math.max(10, Math.ceil(1000 / receivers));
    return Math.max(10, Math.ceil(20_000 / receivers));
  },
  without: (receivers, contender) => {
    if (contender === 'rxjs, for one receiver') return receivers > 1;
    if (contender === 'effect' || contender === 'web streams') return receivers > 100;
    return false;
  },
  targets: [
    { sizes: [1, 10], against: 'limit', most: 1.5 },
    { sizes: [1], against: 'rxjs', least: 5 },
    { sizes: [10], against: 'rxjs', least: 2.5 },
  ],
};

/** Senders of a serializing scenario: one for each receiver, but four for one receiver, and ten for many. */
export function senderCount(receivers: number): number {
  return receivers === 1 ? 4 : Math.min(receivers, 10);
}

function dispatcher(receivers: number, consumers: Consumers): Batch {
  const dispatcher = createDispatcher<number>({ mode: 'serialize' });
  for (let r = 0; r < receivers; r++) dispatcher.receiver(`r${r}`).subscribe(consumers(r));
  const senders = Array.from({ length: senderCount(receivers) }, (_, s) =>
    dispatcher.sender(`s${s}`, `r${s % receivers}`),
  );
  let turn = 0;
  return (messages) => {
    for (let i = 0; i < messages; i++) {
      senders[turn]!.next(i);
      if (++turn === senders.length) turn = 0;
    }
  };
}

/** The shortest loop: one tuple for the receiver, one that the others share. */
function tell(receivers: { next: (message: Clocked<number>) => void }[]): Batch {
  const senders = senderCount(receivers.length);
  let clock = 0;
  let turn = 0;
  return (messages) => {
    for (let i = 0; i < messages; i++) {
      const to = turn % receivers.length;
      const ts = ++clock;
      receivers[to]!.next([i, ts]);
      if (receivers.length > 1) {
        const tick: Clocked<number> = [null, ts];
        for (let r = 0; r < receivers.length; r++) if (r !== to) receivers[r]!.next(tick);
      }
      if (++turn === senders) turn = 0;
    }
  };
}

function rxjs(receivers: number, consumers: Consumers): Batch {
  const sources = Array.from({ length: senderCount(receivers) }, () => new Subject<number>());
  const stamped$ = merge(
    ...sources.map((source$, s) => source$.pipe(map((value) => ({ to: s % receivers, value })))),
  ).pipe(
    map(({ to, value }, index) => ({ to, value, ts: index + 1 })),
    share(),
  );
  for (let r = 0; r < receivers; r++) {
    stamped$.pipe(map(({ to, value, ts }): Clocked<number> => [to === r ? value : null, ts])).subscribe(consumers(r));
  }
  return inTurn(sources);
}

/** With a single receiver there is nothing to route and nothing to share. */
function rxjsForOne(receivers: number, consumers: Consumers): Batch {
  const sources = Array.from({ length: senderCount(receivers) }, () => new Subject<number>());
  merge(...sources)
    .pipe(map((value, index): Clocked<number> => [value, index + 1]))
    .subscribe(consumers(0));
  return inTurn(sources);
}

/** Writes to the sources in turn. */
export function inTurn(sources: readonly { next: (value: number) => void }[]): Batch {
  let turn = 0;
  return (messages) => {
    for (let i = 0; i < messages; i++) {
      sources[turn]!.next(i);
      if (++turn === sources.length) turn = 0;
    }
  };
}

function most(receivers: number, consumers: Consumers): Batch {
  const scheduler = newDefaultScheduler();
  const sinks: Sink<number>[] = [];
  const pushed = (): Stream<number> =>
    newStream((sink) => {
      sinks.push(sink);
      return disposeNone();
    });
  const tagged = Array.from({ length: senderCount(receivers) }, (_, s) =>
    mapMost((value) => ({ to: s % receivers, value }), pushed()),
  );
  const stamped = multicast(
    loop((ts, { to, value }) => ({ seed: ts + 1, value: { to, value, ts } }), 1, mergeArray(tagged)),
  );
  for (let r = 0; r < receivers; r++) {
    const received = mapMost(({ to, value, ts }): Clocked<number> => [to === r ? value : null, ts], stamped);
    void runEffects(tap(consumers(r), received), scheduler);
  }
  let turn = 0;
  return (messages) => {
    // Once a batch: reading the time is no part of the job.
    const time = currentTime(scheduler);
    for (let i = 0; i < messages; i++) {
      sinks[turn]!.event(time, i);
      if (++turn === sinks.length) turn = 0;
    }
  };
}

async function effect(receivers: number, consumers: Consumers): Promise<Batch> {
  const pubsub = Effect.runSync(PubSub.unbounded<{ to: number; value: number; ts: number }>());
  let clock = 0;
  let awaited = 0;
  let left = 0;
  let done = (): void => {};
  const receive = (r: number): Effect.Effect<never> =>
    Effect.scoped(
      Effect.gen(function* () {
        const consume = consumers(r);
        const subscription = yield* PubSub.subscribe(pubsub);
        for (;;) {
          for (const { to, value, ts } of yield* PubSub.takeAll(subscription)) {
            consume([to === r ? value : null, ts]);
            if (ts === awaited && --left === 0) done();
          }
        }
      }),
    );
  const fibers = Array.from({ length: receivers }, (_, r) => Effect.runFork(receive(r)));
  await new Promise((resolve) => setTimeout(resolve, 10));
  if (fibers.some((fiber: Fiber.Fiber<never>) => fiber.pollUnsafe() !== undefined))
    throw new Error('a fiber has ended');
  const senders = senderCount(receivers);
  let turn = 0;
  return (messages) =>
    new Promise<void>((resolve) => {
      awaited = clock + messages;
      left = receivers;
      done = resolve;
      for (let i = 0; i < messages; i++) {
        PubSub.publishUnsafe(pubsub, { to: turn % receivers, value: i, ts: ++clock });
        if (++turn === senders) turn = 0;
      }
    });
}

function webStreams(receivers: number, consumers: Consumers): Batch {
  let awaited = 0;
  let left = 0;
  let done = (): void => {};
  const controllers = Array.from({ length: receivers }, (_, r) => {
    let controller!: ReadableStreamDefaultController<Clocked<number>>;
    const stream = new ReadableStream<Clocked<number>>({ start: (c) => void (controller = c) });
    void read(stream, consumers(r), (ts) => {
      if (ts === awaited && --left === 0) done();
    });
    return controller;
  });
  const senders = senderCount(receivers);
  let clock = 0;
  let turn = 0;
  return (messages) =>
    new Promise<void>((resolve) => {
      awaited = clock + messages;
      left = receivers;
      done = resolve;
      for (let i = 0; i < messages; i++) {
        const to = turn % receivers;
        const ts = ++clock;
        const tick: Clocked<number> = [null, ts];
        for (let r = 0; r < receivers; r++) controllers[r]!.enqueue(r === to ? [i, ts] : tick);
        if (++turn === senders) turn = 0;
      }
    });
}

async function read(
  stream: ReadableStream<Clocked<number>>,
  consume: (message: Clocked<number>) => void,
  seen: (ts: number) => void,
): Promise<void> {
  const reader = stream.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    consume(value);
    seen(value[1]);
  }
}
