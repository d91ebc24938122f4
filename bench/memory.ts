import { createDispatcher, type Clocked } from 'rxjs-clocked-dispatch';

/** Something that is weighed by keeping many of it. */
export interface Weight {
  readonly name: string;
  /** What is asked for: bytes each, beside what `beside` weighs. */
  readonly most: number;
  readonly beside?: keyof typeof stores;
  readonly store: keyof typeof stores;
  /** How many to keep. Buffers double when they are full: just below and just above a power of two are the extremes. */
  readonly counts: readonly number[];
}

const HELD = { most: 64, beside: 'tuples', counts: [50_000, 65_500, 65_600] } as const;

export const weights: readonly Weight[] = [
  { name: 'a message held in sequence mode, beside its tuple', store: 'sequence', ...HELD },
  { name: 'a message held in watermark mode, beside its tuple', store: 'watermark', ...HELD },
  { name: 'an idle receiver, beside its name', store: 'receivers', most: 600, counts: [10_000] },
];

interface Store {
  readonly add: (i: number) => void;
  /** How many it says that it has; and it keeps itself alive by being asked. */
  readonly size: () => number;
}

const stores = {
  tuples: (count: number): Store => {
    const kept = new Array<Clocked<number> | null>(count).fill(null);
    return { add: (i) => (kept[i] = [i, i + 2]), size: () => kept.length };
  },
  /** The first timestamp never comes. */
  sequence: (count: number): Store => {
    const dispatcher = createDispatcher<number>({ mode: 'sequence', window: count + 1, bound: count + 1 });
    dispatcher.receiver('r').subscribe();
    const sender = dispatcher.sender('s', 'r');
    return { add: (i) => sender.next([i, i + 2]), size: () => dispatcher.stats().held };
  },
  /** One of two sources never speaks. */
  watermark: (count: number): Store => {
    const dispatcher = createDispatcher<number>({ mode: 'watermark', bound: count + 1 });
    dispatcher.receiver('r').subscribe();
    dispatcher.sender('silent', 'r');
    const sender = dispatcher.sender('s', 'r');
    return { add: (i) => sender.next([i, i + 2]), size: () => dispatcher.stats().held };
  },
  receivers: (count: number): Store => {
    const names = Array.from({ length: count }, (_, i) => `receiver ${i}`);
    const dispatcher = createDispatcher<number>({ mode: 'serialize' });
    return {
      add: (i) => void dispatcher.receiver(names[i]!),
      size: () => dispatcher.stats().receivers.length,
    };
  },
} satisfies Record<string, (count: number) => Store>;

/** By how many bytes the heap grows for each that is kept; to be asked once in a process. */
export function weigh(name: keyof typeof stores, count: number): number {
  const store = stores[name](count);
  const before = heap();
  for (let i = 0; i < count; i++) store.add(i);
  const after = heap();
  if (store.size() !== count) throw new Error(`${store.size()} are kept, not ${count}`);
  return (after - before) / count;
}

function heap(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
