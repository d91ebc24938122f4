import type { Clocked } from 'rxjs-clocked-dispatch';
import type { Contender, Run, Scenario, Source } from '../scenario.js';

/** By how many bytes the heap grows for each that is kept; buffers double, so just above a power of two is the worst. */
export const weights: readonly Scenario[] = [
  // The first timestamp never comes.
  weight('held-sequence', 'bytes of a message held in sequence mode', 65_600, 64, ({ build, size }) => {
    const dispatcher = build.createDispatcher<number>(build.sequence({ window: size + 1 }), { bound: size + 1 });
    dispatcher.receiver('r').subscribe();
    return held(size, dispatcher.sender('s', 'r'), () => dispatcher.stats().held);
  }),
  // One of two sources never speaks.
  weight('held-watermark', 'bytes of a message held in watermark mode', 65_600, 64, ({ build, size }) => {
    const dispatcher = build.createDispatcher<number>(build.watermark(), { bound: size + 1 });
    dispatcher.receiver('r').subscribe();
    dispatcher.sender('silent', 'r');
    return held(size, dispatcher.sender('s', 'r'), () => dispatcher.stats().held);
  }),
  weight('idle-receiver', 'bytes of an idle receiver', 10_000, 600, ({ build, size }) => {
    const dispatcher = build.createDispatcher<number>(build.serialize());
    const names = Array.from({ length: size }, (_, i) => `receiver ${i}`);
    const add = (i: number) => dispatcher.receiver(names[i]!);
    return weighed(size, add, () => dispatcher.stats().receivers.length);
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

/** The tuples are there before. */
function held(count: number, sender: Source, kept: () => number): Run {
  const tuples = Array.from({ length: count }, (_, i): Clocked<number> => [i, i + 2]);
  return weighed(count, (i) => sender.next(tuples[i]!), kept);
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
