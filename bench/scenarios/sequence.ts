import { concatMap, merge, scan, Subject } from 'rxjs';
import type { Clocked } from 'rxjs-clocked-dispatch';
import { randomNumbers, replay, type Run, type Scenario, shuffled, type Source, subscribers } from '../scenario.js';
import type { Context } from '../scenario.js';

const SOURCES = 4;

/** Sources share one numbering out; each block of `size` timestamps comes shuffled. One receiver, subscribed. */
export const sequence: Scenario = {
  name: 'sequence',
  title: (size) => (size === 1 ? 'sequence, in order' : `sequence, shuffled in ${size.toLocaleString('en')}s`),
  sizes: [1, 10, 1000, 100_000],
  contenders: { package: dispatcher, bare: ring, rxjs },
  // Whole blocks, so that nothing stays held from one batch to the next.
  batch: (size) => Math.max(20_000, size),
  most: { 1000: 1.8 },
};

function dispatcher({ build, consumer, size }: Context): Run {
  const window = Math.max(size, 16);
  const dispatcher = build.createDispatcher<number>(build.sequence({ window }), { bound: 2 * window });
  dispatcher.receiver('r').subscribe(consumer(0));
  return numbered(
    size,
    Array.from({ length: SOURCES }, (_, s) => dispatcher.sender(`s${s}`, 'r')),
  );
}

function ring(context: Context): Run {
  const [receiver] = subscribers(context, 1);
  const length = 2 ** Math.ceil(Math.log2(Math.max(context.size, 16)));
  const mask = length - 1;
  const slots = new Array<Clocked<number> | undefined>(length).fill(undefined);
  let next = 1;
  const source: Source = {
    next: (message) => {
      slots[message[1] & mask] = message;
      for (let waiting = slots[next & mask]; waiting !== undefined; waiting = slots[next & mask]) {
        slots[next & mask] = undefined;
        next++;
        receiver!.next(waiting);
      }
    },
  };
  return numbered(context.size, new Array<Source>(SOURCES).fill(source));
}

function rxjs({ consumer, size }: Context): Run {
  const sources = Array.from({ length: SOURCES }, () => new Subject<Clocked<number>>());
  const waiting = new Map<number, Clocked<number>>();
  merge(...sources)
    .pipe(
      scan(
        ({ next }, message) => {
          waiting.set(message[1], message);
          const ready: Clocked<number>[] = [];
          for (let m = waiting.get(next); m !== undefined; m = waiting.get(next)) {
            waiting.delete(next++);
            ready.push(m);
          }
          return { next, ready };
        },
        { next: 1, ready: [] as Clocked<number>[] },
      ),
      concatMap(({ ready }) => ready),
    )
    .subscribe(consumer(0));
  return numbered(size, sources);
}

/** Sends the timestamps from 1 on, shuffled in blocks, each by the next source. */
function numbered(size: number, sources: readonly Source[]): Run {
  const random = randomNumbers(1);
  const blocks = Array.from({ length: Math.max(1, Math.ceil(20_000 / size)) }, () => shuffled(size, random));
  const offsets = Int32Array.from(blocks.flatMap((block, b) => Array.from(block, (offset) => b * size + offset + 1)));
  return replay(
    sources,
    offsets.map((_, i) => i % sources.length),
    offsets,
  );
}
