import { createDispatcher, type Clocked } from 'rxjs-clocked-dispatch';

/** Bytes of one thing, found by keeping many of them. */
export interface Weight {
  readonly name: string;
  readonly title: string;
  readonly most: number;
  readonly weigh: () => number;
}

export const weights: readonly Weight[] = [
  {
    name: 'held, sequence',
    title: 'held message, sequence, beside its tuple',
    most: 64,
    weigh: () => Math.max(...COUNTS.map(heldBySequence)),
  },
  {
    name: 'held, watermark',
    title: 'held message, watermark, beside its tuple',
    most: 64,
    weigh: () => Math.max(...COUNTS.map(heldByWatermark)),
  },
  { name: 'idle receiver', title: 'idle receiver, beside its name', most: 600, weigh: idleReceiver },
];

/** Buffers double when they are full: just below and just above a power of two show the best and the worst. */
const COUNTS = [50_000, 65_500, 65_600];

const tuple = (value: number, ts: number): Clocked<number> => [value, ts];

function heldBySequence(count: number): number {
  return (
    growth(count, () => {
      const dispatcher = createDispatcher<number>({ mode: 'sequence', window: count + 1, bound: count + 1 });
      dispatcher.receiver('r').subscribe();
      const sender = dispatcher.sender('s', 'r');
      return {
        add: (i) => sender.next(tuple(i, i + 2)),
        kept: () => [dispatcher, sender],
        check: () => dispatcher.stats().held,
      };
    }) - tuples(count)
  );
}

function heldByWatermark(count: number): number {
  return (
    growth(count, () => {
      const dispatcher = createDispatcher<number>({ mode: 'watermark', bound: count + 1 });
      dispatcher.receiver('r').subscribe();
      const silent = dispatcher.sender('silent', 'r');
      const sender = dispatcher.sender('s', 'r');
      return {
        add: (i) => sender.next(tuple(i, i + 2)),
        kept: () => [dispatcher, sender, silent],
        check: () => dispatcher.stats().held,
      };
    }) - tuples(count)
  );
}

/** What the tuples alone weigh, in an array that was there before. */
function tuples(count: number): number {
  return growth(count, () => {
    const kept = new Array<Clocked<number> | null>(count).fill(null);
    return { add: (i) => (kept[i] = tuple(i, i + 2)), kept: () => kept, check: () => count };
  });
}

function idleReceiver(): number {
  const count = 10_000;
  const names = Array.from({ length: count }, (_, i) => `receiver ${i}`);
  return growth(count, () => {
    const dispatcher = createDispatcher<number>({ mode: 'serialize' });
    dispatcher.receiver('one');
    return {
      add: (i) => dispatcher.receiver(names[i]!),
      kept: () => dispatcher,
      check: () => dispatcher.stats().receivers.length - 1,
    };
  });
}

interface Store {
  readonly add: (i: number) => unknown;
  readonly kept: () => unknown;
  /** How many it says that it has. */
  readonly check: () => number;
}

/** By how many bytes the heap grows for each that is added. */
function growth(count: number, make: () => Store): number {
  const store = make();
  const before = heap();
  for (let i = 0; i < count; i++) store.add(i);
  const after = heap();
  if (store.check() !== count) throw new Error(`${store.check()} are kept, not ${count}`);
  store.kept();
  return (after - before) / count;
}

function heap(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
