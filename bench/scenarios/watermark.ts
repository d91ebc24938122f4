import { concatMap, map, merge, scan, Subject } from 'rxjs';
import { createDispatcher, type Clocked } from 'rxjs-clocked-dispatch';
import { callbacks, enteredOnce, randomNumbers, shuffled, subscribers } from '../scenario.js';
import type { Batch, Consumers, Scenario } from '../scenario.js';

/**
 * In each round every source sends one message, in random order and with the round's timestamps shared out at random;
 * a message leaves once every source has reached it. One receiver, subscribed.
 */
export const watermark: Scenario = {
  name: 'watermark',
  title: 'watermark, sources in random order',
  unit: 'sources',
  sizes: [2, 10, 100, 1000],
  ...contenders(() => 0),
  targets: [
    { sizes: [2, 10, 100, 1000], against: 'limit', most: 1.25 },
    { growth: 2, from: 2, to: 1000 },
  ],
};

/** The same, but each source is ten rounds further behind than the one before, so that hundreds of messages wait. */
export const watermarkBehind: Scenario = {
  name: 'watermark, behind',
  title: 'watermark, sources up to 90 rounds behind each other',
  unit: 'sources',
  sizes: [10],
  ...contenders((source) => 10 * source),
  targets: [
    { sizes: [10], against: 'limit', most: 1.25 },
    { sizes: [10], against: 'rxjs', least: 30 },
  ],
};

function contenders(behind: (source: number) => number): Pick<Scenario, 'contenders' | 'messages'> {
  return {
    contenders: {
      package: (sources, consumers) => rounds(dispatcher(sources, consumers), behind),
      limit: (sources, consumers) => rounds(heapMerge(sources, subscribers(1, consumers)[0]!), behind),
      'limit, with the laws': (sources, consumers) =>
        rounds(lawfulMerge(sources, subscribers(1, consumers)[0]!), behind),
      callbacks: (sources, consumers) => rounds(heapMerge(sources, callbacks(1, consumers)[0]!), behind),
      'message heap': (sources, consumers) => rounds(messageHeap(sources, subscribers(1, consumers)[0]!), behind),
      rxjs: (sources, consumers) => rounds(rxjs(sources, consumers), behind),
    },
    messages: (sources, contender) => (contender === 'rxjs' ? Math.max(2000, sources) : 10_000),
  };
}

interface Source {
  next: (message: Clocked<number>) => void;
}

function dispatcher(sources: number, consumers: Consumers): Source[] {
  const dispatcher = createDispatcher<number>({ mode: 'watermark', bound: 100 * sources + 1024 });
  dispatcher.receiver('r').subscribe(consumers(0));
  return Array.from({ length: sources }, (_, s) => dispatcher.sender(`s${s}`, 'r'));
}

/**
 * The textbook merge of sorted streams: a queue for each source, and a binary heap of the sources by what each brings
 * next: the head of its queue, or else what it has promised. No two messages here have the same timestamp, so this
 * loop spends nothing on ties.
 */
function heapMerge(count: number, receiver: Source): Source[] {
  const queues = Array.from({ length: count }, () => new Queue());
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
      receiver.next(message);
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

/**
 * The merge of `heapMerge` with what the package's laws ask for where nothing is out of the ordinary, for one receiver and
 * written out in one piece: messages are checked, ties leave in the order of the sources, the receiver has a bound, what is
 * held is counted, a message from inside a handler waits its turn, a consumer that throws stops nobody, and the clock is
 * kept. How far below the package this is shows what its parts cost; how far above the limit, what the laws do.
 */
function lawfulMerge(count: number, receiver: Source): Source[] {
  const bound = 100 * count + 1024;
  const queues = Array.from({ length: count }, () => new Queue());
  const keys = new Float64Array(count);
  const ready = new Uint8Array(count);
  const heap = Int32Array.from({ length: count }, (_, s) => s);
  const places = Int32Array.from({ length: count }, (_, s) => s);
  const state = { load: 0, held: 0, heldMost: 0, clock: 0, seen: 0, now: 0, closed: false };

  const before = (a: number, b: number): boolean => {
    const difference = keys[a]! - keys[b]!;
    if (difference !== 0) return difference < 0;
    const ahead = ready[a]! - ready[b]!;
    return ahead > 0 || (ahead === 0 && a < b);
  };

  /** A source's key only grows, and of equal ones a ready one comes first: it can only move down, but for a new message. */
  const sink = (source: number, key: number, isReady: boolean): void => {
    keys[source] = key;
    ready[source] = isReady ? 1 : 0;
    let at = places[source]!;
    for (let child = 2 * at + 1; child < count; child = 2 * at + 1) {
      if (child + 1 < count && before(heap[child + 1]!, heap[child]!)) child++;
      const other = heap[child]!;
      if (before(source, other)) break;
      heap[at] = other;
      places[other] = at;
      at = child;
    }
    heap[at] = source;
    places[source] = at;
  };

  const run = enteredOnce(() => {
    for (;;) {
      const source = heap[0]!;
      if (ready[source] === 0) break;
      const queue = queues[source]!;
      const message = queue.shift();
      const ts = message[1];
      sink(source, queue.size > 0 ? queue.first[1] : ts, queue.size > 0);
      state.load--;
      state.held--;
      state.clock = ts;
      state.seen = ts;
      receiver.next(message);
      state.now = ts;
    }
    const frontier = keys[heap[0]!]!;
    if (frontier > state.now) {
      state.clock = state.now = frontier;
      if (state.seen < frontier) receiver.next([null, (state.seen = frontier)]);
    }
  });

  return queues.map((queue, source) => ({
    next: (message) => {
      if (state.closed) return;
      if (!Array.isArray(message)) throw new TypeError('not a message');
      const ts = message[1];
      if (!Number.isSafeInteger(ts) || ts < 0) throw new RangeError('not a timestamp');
      if (message[0] === null || ts <= keys[source]! || state.load >= bound) throw new RangeError('not here');
      state.load++;
      state.held++;
      queue.push(message);
      if (queue.size === 1) {
        sink(source, ts, true);
        if (ready[heap[0]!] === 1 || keys[heap[0]!]! > state.now) run();
      }
      if (state.held > state.heldMost) state.heldMost = state.held;
    },
  }));
}

/**
 * Another textbook way: a binary heap of all messages, and an array of promises whose least is looked for again when the
 * source that has promised least speaks.
 */
function messageHeap(count: number, receiver: Source): Source[] {
  const promises = new Float64Array(count);
  const heap: Clocked<number>[] = [];
  let least = 0;

  const push = (message: Clocked<number>): void => {
    let at = heap.push(message) - 1;
    for (let up = (at - 1) >> 1; at > 0 && heap[up]![1] > message[1]; up = (at - 1) >> 1) {
      heap[at] = heap[up]!;
      at = up;
    }
    heap[at] = message;
  };
  const pop = (): Clocked<number> => {
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && heap[child + 1]![1] < heap[child]![1]) child++;
      if (heap[child]![1] >= last[1]) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  };

  return Array.from({ length: count }, (_, source) => ({
    next: (message) => {
      push(message);
      promises[source] = message[1];
      if (source !== least) return;
      for (let s = 0; s < count; s++) if (promises[s]! < promises[least]!) least = s;
      while (heap.length > 0 && heap[0]![1] <= promises[least]!) receiver.next(pop());
    },
  }));
}

/** A ring that doubles when it is full. */
class Queue {
  size = 0;
  #head = 0;
  #slots = new Array<Clocked<number> | undefined>(4).fill(undefined);

  get first(): Clocked<number> {
    return this.#slots[this.#head]!;
  }

  push(message: Clocked<number>): void {
    if (this.size === this.#slots.length) {
      const rest = new Array<undefined>(this.size).fill(undefined);
      this.#slots = [...this.#slots.slice(this.#head), ...this.#slots.slice(0, this.#head), ...rest];
      this.#head = 0;
    }
    this.#slots[(this.#head + this.size++) & (this.#slots.length - 1)] = message;
  }

  shift(): Clocked<number> {
    const message = this.#slots[this.#head]!;
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#slots.length - 1);
    this.size--;
    return message;
  }
}

/** The messages that wait in a sorted array, the promises in a Map; what all sources have reached goes out. */
function rxjs(count: number, consumers: Consumers): Source[] {
  const sources = Array.from({ length: count }, () => new Subject<Clocked<number>>());
  const promises = new Map(sources.map((_, source) => [source, 0]));
  merge(...sources.map((source$, source) => source$.pipe(map((message) => ({ source, message })))))
    .pipe(
      scan(
        ({ held }, { source, message }) => {
          promises.set(source, message[1]);
          held.splice(sortedIndex(held, message[1]), 0, message);
          const frontier = Math.min(...promises.values());
          const beyond = held.findIndex((other) => other[1] > frontier);
          return { held, ready: held.splice(0, beyond < 0 ? held.length : beyond) };
        },
        { held: [] as Clocked<number>[], ready: [] as Clocked<number>[] },
      ),
      concatMap(({ ready }) => ready),
    )
    .subscribe(consumers(0));
  return sources;
}

/** Where a message at `ts` belongs: after all that aren't later. */
function sortedIndex(held: readonly Clocked<number>[], ts: number): number {
  let low = 0;
  let high = held.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (held[middle]![1] <= ts) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** In each round, in random order, each source brings one timestamp of the round, or of that so many rounds ago. */
function rounds(sources: readonly Source[], behind: (source: number) => number): Batch {
  const count = sources.length;
  const random = randomNumbers(1);
  const length = Math.ceil(10_000 / count);
  const shares = Array.from({ length }, () => shuffled(count, random));
  const order = Int32Array.from(shares.flatMap(() => [...shuffled(count, random)]));
  const offsets = order.map((source, i) => {
    const round = Math.floor(i / count) - behind(source);
    return round * count + shares[(round + length) % length]![source]! + 1;
  });
  // So that nobody has to be below zero.
  let base = length * count;
  let at = 0;
  return (messages) => {
    for (let i = 0; i < messages; i++) {
      sources[order[at]!]!.next([i, base + offsets[at]!]);
      if (++at === order.length) {
        base += order.length;
        at = 0;
      }
    }
  };
}
