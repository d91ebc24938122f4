import { asapScheduler, auditTime, distinctUntilChanged, map, merge, share, Subject, type Subscriber } from 'rxjs';
import { createDispatcher, type Clocked } from 'rxjs-clocked-dispatch';
import { subscribers, type Batch, type Consumers, type Scenario } from '../scenario.js';
import { inTurn, senderCount, serialize } from './serialize.js';

/**
 * Ten senders write to ten of the receivers; all are subscribed, and learn of the others' timestamps once for each
 * burst, by `asapScheduler`. A batch is one burst with its flush.
 */
export const coalesced: Scenario = {
  name: 'coalesced',
  title: 'serialize, every receiver subscribed, ticks coalesced by `asapScheduler`',
  unit: 'receivers',
  sizes: [10, 100, 1000, 10_000],
  contenders: { package: dispatcher, limit, rxjs: serialize.contenders.rxjs!, 'rxjs, coalesced': rxjsCoalesced },
  messages: (receivers, contender) => (contender === 'rxjs' ? Math.max(10, Math.ceil(20_000 / receivers)) : BURST),
  targets: [
    { sizes: [1000], against: 'rxjs', least: 800 },
    { growth: 1.5, from: 10, to: 10_000 },
  ],
};

/** Messages between two flushes of coalesced ticks. */
const BURST = 20_000;

function dispatcher(receivers: number, consumers: Consumers): Batch {
  const dispatcher = createDispatcher<number>({ mode: 'serialize', ticks: asapScheduler });
  for (let r = 0; r < receivers; r++) dispatcher.receiver(`r${r}`).subscribe(consumers(r));
  const senders = Array.from({ length: senderCount(receivers) }, (_, s) =>
    dispatcher.sender(`s${s}`, `r${s % receivers}`),
  );
  return burst(inTurn(senders));
}

function limit(receivers: number, consumers: Consumers): Batch {
  const told = subscribers(receivers, consumers);
  const seen = new Float64Array(receivers);
  const targets = Array.from({ length: senderCount(receivers) }, (_, s) => s % receivers);
  let clock = 0;
  let turn = 0;
  const flush = (): void => tick(told, seen, clock);
  return burst((messages) => {
    asapScheduler.schedule(flush);
    for (let i = 0; i < messages; i++) {
      const to = targets[turn]!;
      seen[to] = ++clock;
      told[to]!.next([i, clock]);
      if (++turn === targets.length) turn = 0;
    }
  });
}

function tick(told: Subscriber<Clocked<number>>[], seen: Float64Array, clock: number): void {
  const message: Clocked<number> = [null, clock];
  for (let r = 0; r < told.length; r++) if (seen[r] !== clock) told[r]!.next(message);
}

/** A subject for each receiver's own messages, and one audited clock for all. */
function rxjsCoalesced(receivers: number, consumers: Consumers): Batch {
  const sources = Array.from({ length: senderCount(receivers) }, () => new Subject<number>());
  const stamped$ = merge(
    ...sources.map((source$, to) => source$.pipe(map((value) => ({ to: to % receivers, value })))),
  ).pipe(
    map(({ to, value }, index) => ({ to, value, ts: index + 1 })),
    share(),
  );
  const ticks$ = stamped$.pipe(
    map(({ ts }) => ts),
    auditTime(0, asapScheduler),
    map((ts): Clocked<number> => [null, ts]),
    share(),
  );
  const own = Array.from({ length: receivers }, () => new Subject<Clocked<number>>());
  stamped$.subscribe(({ to, value, ts }) => own[to]!.next([value, ts]));
  for (let r = 0; r < receivers; r++) {
    merge(own[r]!, ticks$)
      .pipe(distinctUntilChanged((before, now) => before[1] === now[1]))
      .subscribe(consumers(r));
  }
  return burst(inTurn(sources));
}

/** A batch whose ticks have been flushed when it ends. */
function burst(send: Batch): Batch {
  return (messages) => {
    void send(messages);
    return new Promise<void>((resolve) => asapScheduler.schedule(() => resolve()));
  };
}
