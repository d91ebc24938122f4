import { disposeNone } from '@most/disposable';
import { loop, multicast, newStream, runEffects, tap } from '@most/core';
import { currentTime, newDefaultScheduler } from '@most/scheduler';
import type { Sink } from '@most/types';
import { map, share, Subject } from 'rxjs';
import { createDispatcher, type Clocked } from 'rxjs-clocked-dispatch';
import { callbacks, subscribers, type Batch, type Consumers, type Scenario } from '../scenario.js';
import { inTurn } from './serialize.js';

/** One broadcaster writes to every receiver; all are subscribed. */
export const broadcast: Scenario = {
  name: 'broadcast',
  title: 'broadcast, every receiver subscribed',
  unit: 'receivers',
  sizes: [10, 100],
  contenders: {
    package: dispatcher,
    limit: (receivers, consumers) => tell(subscribers(receivers, consumers)),
    callbacks: (receivers, consumers) => tell(callbacks(receivers, consumers)),
    rxjs,
    '@most/core': most,
  },
  messages: (receivers) => Math.ceil(20_000 / receivers),
  targets: [{ sizes: [10, 100], against: 'limit', most: 1.5 }],
};

function dispatcher(receivers: number, consumers: Consumers): Batch {
  const dispatcher = createDispatcher<number>({ mode: 'serialize' });
  for (let r = 0; r < receivers; r++) dispatcher.receiver(`r${r}`).subscribe(consumers(r));
  return inTurn([dispatcher.broadcaster('everybody')]);
}

function tell(receivers: { next: (message: Clocked<number>) => void }[]): Batch {
  let clock = 0;
  return (messages) => {
    for (let i = 0; i < messages; i++) {
      const message: Clocked<number> = [i, ++clock];
      for (let r = 0; r < receivers.length; r++) receivers[r]!.next(message);
    }
  };
}

function rxjs(receivers: number, consumers: Consumers): Batch {
  const source$ = new Subject<number>();
  const stamped$ = source$.pipe(
    map((value, index): Clocked<number> => [value, index + 1]),
    share(),
  );
  for (let r = 0; r < receivers; r++) stamped$.subscribe(consumers(r));
  return inTurn([source$]);
}

function most(receivers: number, consumers: Consumers): Batch {
  const scheduler = newDefaultScheduler();
  let source!: Sink<number>;
  const pushed = newStream<number>((sink) => {
    source = sink;
    return disposeNone();
  });
  const stamped = multicast(loop((ts, value) => ({ seed: ts + 1, value: [value, ts] as Clocked<number> }), 1, pushed));
  for (let r = 0; r < receivers; r++) void runEffects(tap(consumers(r), stamped), scheduler);
  return (messages) => {
    const time = currentTime(scheduler);
    for (let i = 0; i < messages; i++) source.event(time, i);
  };
}
