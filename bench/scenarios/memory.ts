import type { Clocked } from 'rxjs-clocked-dispatch';
import type { Contender, Run, Scenario } from '../scenario.js';

/** Just above a power of two: buffers double when they are full. */
const HELD = 65_600;

/** By how many bytes the heap grows for each that is kept. */
export const weights: readonly Scenario[] = [
  // The first timestamp never comes.
  weight('held-sequence', 'bytes of a message held in sequence mode', HELD, 64, ({ build, size }) => {
    const dispatcher = build.createDispatcher<number>(build.sequence({ window: size + 1 }), { bound: size + 1 });
    dispatcher.receiver('r').subscribe();
    const sender = dispatcher.sender('s', 'r');
    const tuples = Array.from({ length: size }, (_, i): Clocked<number> => [i, i + 2]);
    return weighed(
      size,
      (i) => sender.next(tuples[i]!),
      () => dispatcher.stats().held,
    );
  }),
  // One of two sources never speaks.
  weight('held-watermark', 'bytes of a message held in watermark mode', HELD, 64, ({ build, size }) => {
    const dispatcher = build.createDispatcher<number>(build.watermark(), { bound: size + 1 });
    dispatcher.receiver('r').subscribe();
    dispatcher.sender('silent', 'r');
    const sender = dispatcher.sender('s', 'r');
    const tuples = Array.from({ length: size }, (_, i): Clocked<number> => [i, i + 2]);
    return weighed(
      size,
      (i) => sender.next(tuples[i]!),
      () => dispatcher.stats().held,
    );
  }),
  weight('idle-receiver', 'bytes of an idle receiver', 10_000, 600, ({ build, size }) => {
    const dispatcher = build.createDispatcher<number>(build.serialize());
    const names = Array.from({ length: size }, (_, i) => `receiver ${i}`);
    return weighed(
      size,
      (i) => dispatcher.receiver(names[i]!),
      () => dispatcher.stats().receivers.length,
    );
  }),
];

function weight(name: string, title: string, size: number, most: number, contender: Contender): Scenario {
  return {
    name,
    title: () => title,
    sizes: [size],
    contenders: { package: (context) => () => contender(context)(size) },
    batch: () => 1,
    measuresItself: 'bytes',
    most: { [size]: most },
  };
}

function weighed(count: number, add: (i: number) => unknown, kept: () => number): Run {
  return () => {
    const before = heap();
    for (let i = 0; i < count; i++) add(i);
    const after = heap();
    // It keeps itself alive by being asked.
    if (kept() !== count) throw new Error(`${kept()} are kept, not ${count}`);
    return (after - before) / count;
  };
}

function heap(): number {
  globalThis.gc!();
  globalThis.gc!();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
