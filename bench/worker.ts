/**
 * A process of its own for one contender at one size, so that each meets the machine in the same fresh state; or, with
 * several entrants, one that they share. Told what to do by `harness.ts`.
 */
import { measure } from 'mitata';
import { PerformanceObserver } from 'node:perf_hooks';
import { weigh, type Weight } from './memory.js';
import type { Batch, Consumers } from './scenario.js';
import { scenarios } from './scenarios/index.js';

/** What a worker is asked. */
export type Request =
  | { do: 'prepare'; entrant: number; scenario: string; size: number; contender: string }
  | { do: 'round'; entrant: number; milliseconds: number }
  | { do: 'bytes'; entrant: number }
  | { do: 'weigh'; store: Weight['store']; count: number };

/** What it answers: nanoseconds a message, or bytes. */
export type Answer = { readonly answer: number } | { readonly failure: string };

interface Prepared {
  readonly batch: Batch;
  readonly messages: number;
  readonly measuresItself: boolean;
}

const prepared: Prepared[] = [];

/** What the consumers do with what they get: they read it and keep it, so that no tuple can be optimised away. */
class Sink {
  sum = 0;
  last: unknown;
}
const sink = new Sink();
const consumers: Consumers = () => (message) => {
  sink.sum = (sink.sum + message[1]) | 0;
  sink.last = message;
};

async function answer(request: Request): Promise<number> {
  switch (request.do) {
    case 'prepare': {
      const { entrant, size, contender } = request;
      const scenario = scenarios.find(({ name }) => name === request.scenario)!;
      const batch = await scenario.contenders[contender]!(size, consumers);
      const { measuresItself = false } = scenario;
      prepared[entrant] = { batch, messages: scenario.messages(size, contender), measuresItself };
      return 0;
    }
    case 'round':
      return round(prepared[request.entrant]!, request.milliseconds);
    case 'bytes':
      return bytes(prepared[request.entrant]!);
    case 'weigh':
      return weigh(request.store, request.count);
  }
}

/** The median batch of a round, in nanoseconds a message. */
async function round({ batch, messages, measuresItself }: Prepared, milliseconds: number): Promise<number> {
  const options = { min_cpu_time: milliseconds * 1e6, min_samples: 3, batch_threshold: 0, warmup_samples: 0 };
  const run = (): ReturnType<Batch> => batch(messages);
  const itself = function* (): Generator<() => unknown, void, undefined> {
    yield { manual: run } as never;
  };
  const { p50 } = await (measuresItself ? measure(itself, options) : measure(run, options));
  return p50 / messages;
}

/** What a batch allocates for each message, -1 if that can't be told: batches that the collector interrupts don't count. */
async function bytes({ batch, messages }: Prepared): Promise<number> {
  let collections = 0;
  const observer = new PerformanceObserver((list) => (collections += list.getEntries().length));
  observer.observe({ entryTypes: ['gc'] });
  const results: number[] = [];
  let count = messages;
  for (let tries = 0; tries < 40 && results.length < 5; tries++) {
    globalThis.gc?.();
    await settled();
    const collected = collections;
    const before = process.memoryUsage().heapUsed;
    await batch(count);
    const after = process.memoryUsage().heapUsed;
    await settled();
    if (collections === collected) results.push((after - before) / count);
    else count = Math.max(1, count >> 1);
  }
  observer.disconnect();
  return results.sort((a, b) => a - b)[results.length >> 1] ?? -1;
}

/** Until the observer has been told. */
async function settled(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}

process.on('message', (request: Request) => {
  answer(request).then(
    (result) => process.send!({ answer: result } satisfies Answer),
    (error: unknown) =>
      process.send!({ failure: String(error instanceof Error ? error.stack : error) } satisfies Answer),
  );
});
