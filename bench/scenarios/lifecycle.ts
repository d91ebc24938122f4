import { asapScheduler } from 'rxjs';
import type { ClockedReceiver } from 'rxjs-clocked-dispatch';
import { type Contender, type Context, cpuTime, inTurn, type Run, type Scenario } from '../scenario.js';

/** What is to cost n times as much for n times as many: ten thousand beside a hundred thousand. */
export const lifecycles: readonly Scenario[] = [
  lifecycle('create', 'create and close n receivers', ({ build, size }) => () => {
    const dispatcher = build.createDispatcher<number>(build.serialize());
    return timed(() => {
      const receivers = Array.from({ length: size }, (_, i) => dispatcher.receiver(`r${i}`));
      for (const receiver of receivers) receiver.close();
    });
  }),

  lifecycle('subscribe', 'subscribe to and complete n receivers', ({ build, size }) => async () => {
    const dispatcher = build.createDispatcher<number>(build.serialize());
    const channels = Array.from({ length: size }, (_, i) => dispatcher.channel(`s${i}`, `r${i}`));
    let completed = 0;
    const nanoseconds = await timed(() => {
      for (const [, receiver] of channels) receiver.subscribe({ complete: () => completed++ });
      for (const [sender] of channels) sender.complete();
    });
    expect(completed, size);
    return nanoseconds;
  }),

  // They wait, the one in their middle gives up, and the receiver is read until all are through.
  lifecycle('waiting', 'n waiting sends on one receiver, one aborted', ({ build, size }) => async () => {
    const dispatcher = build.createDispatcher<number>(build.serialize(), { bound: 1, maxWaiting: Infinity });
    const [sender, receiver] = dispatcher.channel('s', 'r');
    const aborted = new AbortController();
    let rejected = 0;
    const nanoseconds = await timed(async () => {
      const sends = Array.from({ length: size }, (_, i) =>
        sender.send(i, i === size >> 1 ? { signal: aborted.signal } : undefined).catch(() => rejected++),
      );
      aborted.abort();
      receiver.subscribe();
      await Promise.all(sends);
    });
    expect(rejected, 1);
    return nanoseconds;
  }),

  lifecycle('when-clock-many', 'one `whenClock` over n receivers', ({ build, size }) => {
    const dispatcher = build.createDispatcher<number>(build.serialize());
    const everybody = dispatcher.broadcaster('everybody');
    const receivers: ClockedReceiver<number>[] = Array.from({ length: size }, (_, i) => dispatcher.receiver(`r${i}`));
    for (const receiver of receivers) receiver.subscribe();
    let ts = 0;
    return () =>
      timed(async () => {
        const reached = build.whenClock(++ts, receivers);
        everybody.next(ts);
        await reached;
      });
  }),

  lifecycle('when-clock-one', 'n `whenClock` on one receiver', ({ build, size }) => () => {
    const [sender, receiver] = build.createDispatcher<number>(build.serialize()).channel('s', 'r');
    receiver.subscribe();
    return timed(async () => {
      const reached = Array.from({ length: size }, (_, i) => build.whenClock(i + 1, receiver));
      for (let i = 0; i < size; i++) sender.next(i);
      await Promise.all(reached);
    });
  }),

  lifecycle(
    'stats',
    '`stats()` of n sources',
    ({ build, size }) => {
      const dispatcher = build.createDispatcher<number>(build.watermark());
      dispatcher.receiver('r');
      for (let s = 0; s < size; s++) dispatcher.sender(`s${s}`, 'r');
      return () => timed(() => expect(dispatcher.stats().sources.length, size));
    },
    [20_000, 200_000],
    // That it works is what is asked; most of it is memory that is fetched and collected.
    'no target',
  ),

  // One receiver is written to; the others have neither a sender nor a consumer, and must cost nothing.
  {
    name: 'idle',
    title: (size) => `serialize, 1 of ${size.toLocaleString('en')} receivers is not idle`,
    sizes: [1, 10_000],
    contenders: {
      package: ({ build, consumer, size }) => {
        const dispatcher = build.createDispatcher<number>(build.serialize());
        for (let r = 1; r < size; r++) dispatcher.receiver(`idle${r}`);
        const [sender, receiver] = dispatcher.channel('s', 'busy');
        receiver.subscribe(consumer(0));
        return inTurn([sender]);
      },
    },
    batch: () => 50_000,
    growth: { title: 'serialize 1 -> 1, by idle receivers', from: 1, to: 10_000, most: 1.25 },
  },

  ...[besideSerialize, besideWatermark].map((contender): Scenario => {
    const mode = contender === besideSerialize ? 'serialize' : 'watermark';
    return {
      name: `beside-${mode}`,
      title: (size) => `${mode} to 1 of 5,000 receivers, ${size} sends waiting elsewhere`,
      sizes: [0, 1],
      contenders: { package: contender },
      batch: () => 5000,
      growth: { title: `${mode} to 1 of 5,000 receivers, by sends that wait elsewhere`, from: 0, to: 1, most: 1.1 },
    };
  }),
];

function lifecycle(
  name: string,
  title: string,
  contender: Contender,
  [from, to] = [10_000, 100_000],
  most: number | 'no target' = 12,
): Scenario {
  return {
    name,
    title: (size) => title.replace(/\bn\b/, size.toLocaleString('en')),
    sizes: [from, to],
    contenders: { package: contender },
    batch: () => 1,
    measuresItself: 'nanoseconds',
    growth: { title, from, to, most: most === 'no target' ? undefined : most },
  };
}

/** Messages flow to 5,000 receivers, told of each other once in a while, and `size` sends wait for another one. */
function besideSerialize({ build, consumer, size }: Context): Run {
  const dispatcher = build.createDispatcher<number>(build.serialize(), { ticks: asapScheduler });
  const names = Array.from({ length: 5000 }, (_, r) => `r${r}`);
  names.forEach((name, r) => dispatcher.receiver(name).subscribe(consumer(r)));
  const [slow] = dispatcher.channel('slow', 'full', { bound: 1 });
  for (let i = 0; i <= size; i++) void slow.send(i);
  const sender = dispatcher.sender('s', (value) => names[value]!);
  return inTurn([{ next: (value) => sender.next(value) }]);
}

/** The source whose call waits has promised a time that nobody reaches, so that the frontier does not stand still. */
function besideWatermark({ build, consumer, size }: Context): Run {
  const dispatcher = build.createDispatcher<number>(build.watermark(), { ticks: asapScheduler });
  const names = Array.from({ length: 5000 }, (_, r) => `r${r}`);
  names.forEach((name, r) => dispatcher.receiver(name).subscribe(consumer(r)));
  const sender = dispatcher.sender('s', (value) => names[value]!);
  const [slow] = dispatcher.channel('slow', 'full', { bound: 1 });
  for (let i = 0; i <= size; i++) void slow.forward(i, 1e12 + i);
  let ts = 0;
  return inTurn([{ next: (value) => sender.next([value, ++ts]) }]);
}

async function timed(work: () => unknown): Promise<number> {
  const began = cpuTime();
  const result = work();
  if (result instanceof Promise) await result;
  return cpuTime() - began;
}

function expect(actual: number, expected: number): void {
  if (actual !== expected) throw new Error(`${actual} instead of ${expected}`);
}
