import { concatMap, map, merge, scan, Subject } from 'rxjs';
import type { Clocked } from 'rxjs-clocked-dispatch';
import {
  Queue,
  randomNumbers,
  replay,
  type Run,
  type Scenario,
  shuffled,
  type Source,
  subscribers,
} from '../scenario.js';
import type { Context } from '../scenario.js';

/**
 * In each round every source sends one message, in random order and with the round's timestamps shared out at random;
 * a message leaves once every source has reached it. One receiver, subscribed.
 */
export const watermark: Scenario = {
  name: 'watermark',
  title: (size) => `watermark, ${size.toLocaleString('en')} sources`,
  sizes: [2, 10, 100, 1000],
  contenders: contenders(() => 0),
  batch: () => 20_000,
  most: { 2: 1.1, 100: 1.1, 1000: 1.1 },
  growth: { title: 'watermark, by sources', from: 2, to: 1000, most: 2.2 },
};

/** The same, but each source is ten rounds further behind than the one before, so that hundreds of messages wait. */
export const watermarkBehind: Scenario = {
  name: 'watermark-behind',
  title: (size) => `watermark, ${size} sources up to 90 rounds apart`,
  sizes: [10],
  contenders: contenders((source) => 10 * source),
  batch: () => 20_000,
};

function contenders(behind: (source: number) => number): Scenario['contenders'] {
  return {
    package: (context) => rounds(dispatcher(context), behind),
    bare: (context) => rounds(heapMerge(context), behind),
    rxjs: (context) => rounds(rxjs(context), behind),
  };
}

function dispatcher({ build, consumer, size }: Context): Source[] {
  const dispatcher = build.createDispatcher<number>(build.watermark(), { bound: 100 * size + 1024 });
  dispatcher.receiver('r').subscribe(consumer(0));
  return Array.from({ length: size }, (_, s) => dispatcher.sender(`s${s}`, 'r'));
}

/**
 * The textbook merge of sorted streams: a queue for each source, and a binary heap of the sources by what each brings
 * next: the head of its queue, or else what it has promised. No two messages have the same timestamp, so this loop
 * spends nothing on ties.
 */
function heapMerge(context: Context): Source[] {
  const count = context.size;
  const [receiver] = subscribers(context, 1);
  const queues = Array.from({ length: count }, () => new Queue<Clocked<number>>());
  const keys = new Float64Array(count);
  const heap = Int32Array.from({ length: count }, (_, s) => s);
  const places = Int32Array.from({ length: count }, (_, s) => s);

  /** A source's key only grows: it can only move down. */
  const sink = (source: number, key: number): void => {
    keys[source] = key;
    let at = places[source]!;
    for (let child = 2 * at + 1; child < count; child = 2 * at + 1) {
      if (child + 1 < count && keys[heap[child + 1]!]! < keys[heap[child]!]!) child++;
      const other = heap[child]!;
      if (key < keys[other]!) break;
      heap[at] = other;
      places[other] = at;
      at = child;
    }
    heap[at] = source;
    places[source] = at;
  };

  const release = (): void => {
    for (;;) {
      const source = heap[0]!;
      const queue = queues[source]!;
      if (queue.size === 0) return;
      const message = queue.shift();
      if (queue.size > 0) sink(source, queue.first[1]);
      receiver!.next(message);
    }
  };

  return queues.map((queue, source) => ({
    next: (message) => {
      queue.push(message);
      if (queue.size > 1) return;
      sink(source, message[1]);
      release();
    },
  }));
}

/** What waits is sorted by timestamp; what all sources have reached goes out. */
function rxjs({ consumer, size }: Context): Source[] {
  const sources = Array.from({ length: size }, () => new Subject<Clocked<number>>());
  const promises = sources.map(() => 0);
  merge(...sources.map((source$, source) => source$.pipe(map((message) => ({ source, message })))))
    .pipe(
      scan(
        ({ held }, { source, message }) => {
          promises[source] = message[1];
          const frontier = Math.min(...promises);
          const sorted = [...held, message].sort((a, b) => a[1] - b[1]);
          const ready = sorted.filter(([, ts]) => ts <= frontier);
          return { held: sorted.slice(ready.length), ready };
        },
        { held: [] as Clocked<number>[], ready: [] as Clocked<number>[] },
      ),
      concatMap(({ ready }) => ready),
    )
    .subscribe(consumer(0));
  return sources;
}

/** In each round, in random order, each source brings one timestamp of the round, or of that so many rounds ago. */
function rounds(sources: readonly Source[], behind: (source: number) => number): Run {
  const count = sources.length;
  const random = randomNumbers(1);
  const length = Math.ceil(20_000 / count);
  const shares = Array.from({ length }, () => shuffled(count, random));
  const order = Int32Array.from(shares.flatMap(() => [...shuffled(count, random)]));
  const offsets = order.map((source, i) => {
    const round = Math.floor(i / count) - behind(source);
    return round * count + shares[(round + length) % length]![source]! + 1;
  });
  // So that nobody has to be below zero.
  return replay(sources, order, offsets, length * count);
}
