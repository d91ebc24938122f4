import { concatMap, merge, scan, Subject } from 'rxjs';
import { createDispatcher, type Clocked } from 'rxjs-clocked-dispatch';
import { callbacks, enteredOnce, randomNumbers, shuffled, subscribers } from '../scenario.js';
import type { Batch, Consumers, Scenario } from '../scenario.js';

/** Four sources share one numbering out; each block of `window` timestamps comes shuffled. One receiver, subscribed. */
export const sequence: Scenario = {
  name: 'sequence',
  title: 'sequence, shuffled within the window',
  unit: 'window',
  sizes: [10, 100, 1000, 10_000, 100_000],
  contenders: {
    package: dispatcher,
    limit: (window, consumers) => ring(window, subscribers(1, consumers)[0]!),
    'limit, with the laws': (window, consumers) => lawfulRing(window, subscribers(1, consumers)[0]!),
    callbacks: (window, consumers) => ring(window, callbacks(1, consumers)[0]!),
    rxjs,
  },
  // Whole blocks, so that nothing stays held from one batch to the next.
  messages: (window) => Math.max(10_000, window),
  targets: [
    { sizes: [1000], against: 'limit', most: 1.5 },
    { growth: 2, from: 10, to: 100_000 },
  ],
};

const SOURCES = 4;

function dispatcher(window: number, consumers: Consumers): Batch {
  const dispatcher = createDispatcher<number>({ mode: 'sequence', window, bound: 2 * window });
  dispatcher.receiver('r').subscribe(consumers(0));
  return outOfOrder(
    window,
    Array.from({ length: SOURCES }, (_, s) => dispatcher.sender(`s${s}`, 'r')),
  );
}

function ring(window: number, receiver: { next: (message: Clocked<number>) => void }): Batch {
  const size = 2 ** Math.ceil(Math.log2(window));
  const mask = size - 1;
  const slots = new Array<Clocked<number> | undefined>(size).fill(undefined);
  let next = 1;
  const source = {
    next: (message: Clocked<number>): void => {
      slots[message[1] & mask] = message;
      for (let waiting = slots[next & mask]; waiting !== undefined; waiting = slots[next & mask]) {
        slots[next & mask] = undefined;
        next++;
        receiver.next(waiting);
      }
    },
  };
  return outOfOrder(window, new Array<typeof source>(SOURCES).fill(source));
}

/**
 * The ring with what the package's laws ask for where nothing is out of the ordinary, for one receiver and written out in
 * one piece: messages are checked, a repeated timestamp is refused, the receiver has a bound, what is held is counted by
 * source, a message from inside a handler waits its turn, a consumer that throws stops nobody, and the clock is kept.
 */
function lawfulRing(window: number, receiver: { next: (message: Clocked<number>) => void }): Batch {
  const bound = 2 * window;
  const size = 2 ** Math.ceil(Math.log2(window));
  const mask = size - 1;
  const slots = new Array<Clocked<number> | undefined>(size).fill(undefined);
  const origins = new Array<{ next: unknown } | undefined>(size).fill(undefined);
  const state = { load: 0, held: 0, heldMost: 0, clock: 0, seen: 0, now: 0, closed: false };

  const run = enteredOnce(() => {
    for (;;) {
      const ts = state.clock + 1;
      const message = slots[ts & mask];
      if (message === undefined) return;
      slots[ts & mask] = undefined;
      state.clock = ts;
      state.held--;
      state.load--;
      state.seen = ts;
      receiver.next(message);
      state.now = ts;
    }
  });
  const sources = Array.from({ length: SOURCES }, () => {
    const source = {
      next: (message: Clocked<number>): void => {
        if (state.closed) return;
        if (!Array.isArray(message)) throw new TypeError('not a message');
        const ts = message[1];
        if (!Number.isSafeInteger(ts) || message[0] === null) throw new RangeError('not here');
        const ahead = ts - state.clock;
        if (ahead <= 0 || ahead > window || state.load >= bound) throw new RangeError('not now');
        const slot = ts & mask;
        if (slots[slot] !== undefined) throw new RangeError('not again');
        slots[slot] = message;
        origins[slot] = source;
        state.load++;
        state.held++;
        if (ahead === 1) run();
        if (state.held > state.heldMost) state.heldMost = state.held;
      },
    };
    return source;
  });
  return outOfOrder(window, sources);
}

function rxjs(window: number, consumers: Consumers): Batch {
  const sources = Array.from({ length: SOURCES }, () => new Subject<Clocked<number>>());
  merge(...sources)
    .pipe(
      scan(
        (state, message) => {
          const { waiting } = state;
          waiting.set(message[1], message);
          const ready: Clocked<number>[] = [];
          let next = state.next;
          for (let m = waiting.get(next); m !== undefined; m = waiting.get(next)) {
            waiting.delete(next++);
            ready.push(m);
          }
          return { waiting, next, ready };
        },
        { waiting: new Map<number, Clocked<number>>(), next: 1, ready: [] as Clocked<number>[] },
      ),
      concatMap(({ ready }) => ready),
    )
    .subscribe(consumers(0));
  return outOfOrder(window, sources);
}

/** Sends the timestamps from 1 on, shuffled in blocks of `window`, each by the next source. */
function outOfOrder(window: number, sources: readonly { next: (message: Clocked<number>) => void }[]): Batch {
  const random = randomNumbers(1);
  const blocks = Array.from({ length: Math.max(1, Math.ceil(10_000 / window)) }, () => shuffled(window, random));
  const offsets = Int32Array.from(blocks.flatMap((block, b) => Array.from(block, (offset) => b * window + offset + 1)));
  let at = 0;
  let base = 0;
  return (messages) => {
    for (let i = 0; i < messages; i++) {
      sources[i & (SOURCES - 1)]!.next([i, base + offsets[at]!]);
      if (++at === offsets.length) {
        base += offsets.length;
        at = 0;
      }
    }
  };
}
