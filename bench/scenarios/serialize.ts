import { do_not_optimize } from 'mitata';
import { map, merge, share, Subject } from 'rxjs';
import type { Clocked, DispatcherOptions, Sender } from 'rxjs-clocked-dispatch';
import { type Consume, type Context, inTurn, Queue, type Run, type Scenario, subscribers } from '../scenario.js';

/** Senders write in turn, each to a receiver of its own; every receiver is subscribed and told of every timestamp. */
export const serialize: Scenario = {
  name: 'serialize',
  title: (size) => `serialize 1 -> ${size.toLocaleString('en')}, each told`,
  sizes: [1, 10, 100, 1000],
  contenders: {
    package: (context) => inTurn(opened(context)),
    bare: (context) => {
      const tell = teller(context);
      return inTurn(
        Array.from({ length: Math.min(context.size, 10) }, (_, to) => ({ next: (value) => tell(to, value) })),
      );
    },
    rxjs,
  },
  batch: (size) => Math.max(50, 50_000 / size),
  most: { 1: 1.25, 10: 1.5 },
};

/** The same by `trySend`, whose answer is looked at. */
export const trySend: Scenario = {
  name: 'try-send',
  title: () => 'serialize 1 -> 1 by `trySend`',
  sizes: [1],
  contenders: {
    package: (context) => {
      const [sender] = opened(context);
      return inTurn([{ next: (value) => do_not_optimize(sender!.trySend(value)) }]);
    },
    bare: (context) => {
      const tell = teller(context);
      return inTurn([{ next: (value) => do_not_optimize({ ok: true, ts: tell(0, value) }) }]);
    },
  },
  batch: () => 50_000,
};

/** The handler of each message sends the next. */
export const chain: Scenario = {
  name: 'chain',
  title: () => 're-entrant chain: each handler sends the next message',
  sizes: [1],
  contenders: {
    package: ({ build, consumer }) => {
      const [sender, receiver] = build.createDispatcher<number>(build.serialize()).channel('s', 'r');
      return chained(sender, (handle) => receiver.subscribe(handle), consumer(0));
    },
    bare: ({ consumer }) => {
      const queue = new Queue<Clocked<number>>();
      let handle: Consume = () => {};
      const [receiver] = subscribers({ consumer: () => (message) => handle(message) }, 1);
      let clock = 0;
      let busy = false;
      const next = (value: number): void => {
        queue.push([value, ++clock]);
        if (busy) return;
        busy = true;
        while (queue.size > 0) receiver!.next(queue.shift());
        busy = false;
      };
      return chained({ next }, (handler) => (handle = handler), consumer(0));
    },
  },
  batch: () => 50_000,
};

/** One broadcaster writes to every receiver; all are subscribed. */
export const broadcast: Scenario = {
  name: 'broadcast',
  title: (size) => `broadcast to ${size}`,
  sizes: [10, 100],
  contenders: {
    package: ({ build, consumer, size }) => {
      const dispatcher = build.createDispatcher<number>(build.serialize());
      for (let r = 0; r < size; r++) dispatcher.receiver(`r${r}`).subscribe(consumer(r));
      return inTurn([dispatcher.broadcaster('everybody')]);
    },
    bare: (context) => {
      const receivers = subscribers(context, context.size);
      let clock = 0;
      const next = (value: number): void => {
        const message: Clocked<number> = [value, ++clock];
        for (let r = 0; r < receivers.length; r++) receivers[r]!.next(message);
      };
      return inTurn([{ next }]);
    },
  },
  batch: (size) => 50_000 / size,
  most: { 10: 1.5, 100: 1.5 },
};

/** Subscribes to as many receivers as the context asks for, and opens a sender to each of the first ten. */
export function opened({ build, consumer, size }: Context, options?: DispatcherOptions<number>): Sender<number>[] {
  const dispatcher = build.createDispatcher<number>(build.serialize(), options);
  for (let r = 0; r < size; r++) dispatcher.receiver(`r${r}`).subscribe(consumer(r));
  return Array.from({ length: Math.min(size, 10) }, (_, s) => dispatcher.sender(`s${s}`, `r${s}`));
}

/** The shortest way to tell: one tuple for the receiver, one that the others share. */
export function teller(context: Context): (to: number, value: number) => number {
  const receivers = subscribers(context, context.size);
  let clock = 0;
  return (to, value) => {
    const ts = ++clock;
    receivers[to]!.next([value, ts]);
    if (receivers.length > 1) {
      const tick: Clocked<number> = [null, ts];
      for (let r = 0; r < receivers.length; r++) if (r !== to) receivers[r]!.next(tick);
    }
    return ts;
  };
}

/** With a single receiver there is nothing to route and nothing to share. */
export function rxjs({ consumer, size }: Context): Run {
  const sources = Array.from({ length: Math.min(size, 10) }, () => new Subject<number>());
  if (size === 1) {
    sources[0]!.pipe(map(numbered)).subscribe(consumer(0));
    return inTurn(sources);
  }
  const stamped$ = merge(...sources.map((source$, to) => source$.pipe(map((value) => ({ to, value }))))).pipe(
    map(({ to, value }, index) => ({ to, value, ts: index + 1 })),
    share(),
  );
  for (let r = 0; r < size; r++) {
    stamped$.pipe(map(({ to, value, ts }): Clocked<number> => [to === r ? value : null, ts])).subscribe(consumer(r));
  }
  return inTurn(sources);
}

/** For `map`. */
export function numbered(value: number, index: number): Clocked<number> {
  return [value, index + 1];
}

function chained(
  sender: { next: (value: number) => void },
  subscribe: (to: Consume) => unknown,
  consume: Consume,
): Run {
  let left = 0;
  subscribe((message) => {
    consume(message);
    if (--left > 0) sender.next(left);
  });
  return (messages) => {
    left = messages;
    sender.next(left);
  };
}
