import {
  consume,
  createDispatcher,
  sequence,
  serialize,
  toReadableStream,
  watermark,
  whenClock,
} from 'rxjs-clocked-dispatch';
import type { Clocked, ClockedReceiver, Drop, Forwarder, Sender } from 'rxjs-clocked-dispatch';
import { Subject, firstValueFrom, toArray, take } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { isPending, rejection, turn } from '../support/async.js';
import { collectGarbage } from '../support/collect-garbage.js';
import { data, pullAll } from '../support/receivers.js';

const MODES = ['serialize', 'watermark', 'sequence'] as const;
interface Delivery<T = string> {
  readonly value: T;
  readonly ts: number;
  readonly ack: () => void;
}

function channelOf(mode: (typeof MODES)[number], numbers: readonly number[]) {
  const drops: Drop<string>[] = [];
  const options = { onDrop: (drop: Drop<string>) => drops.push(drop) };
  let dispatcher, sender: Sender<string> | Forwarder<string>, receiver: ClockedReceiver<string>;
  if (mode === 'serialize')
    [sender, receiver] = (dispatcher = createDispatcher<string>(serialize(), options)).channel('s', 'r');
  else {
    dispatcher = createDispatcher<string>(mode === 'watermark' ? watermark({ seed: 0 }) : sequence(), options);
    [sender, receiver] = dispatcher.channel('s', 'r');
  }
  for (const n of numbers) {
    if ('send' in sender) sender.next(`e${n}`);
    else sender.next([`e${n}`, n]);
  }
  return { dispatcher, sender, receiver, drops };
}

/** Takes so many deliveries, and leaves the loop open. */
async function taken(receiver: ClockedReceiver<string>, count: number) {
  const loop = receiver.deliveries()[Symbol.asyncIterator]();
  const deliveries: Delivery[] = [];
  while (deliveries.length < count) deliveries.push((await loop.next()).value as Delivery);
  return { loop, deliveries };
}

describe.for(MODES)('deliveries, by %s', (mode) => {
  test('law 38: the clock says what is done: all up to the oldest that is not', async () => {
    const { receiver } = channelOf(mode, [1, 2, 3, 4]);
    const { loop, deliveries } = await taken(receiver, 3);
    expect([receiver.clock, receiver.settled]).toEqual([0, 0]);
    const first = whenClock(mode === 'watermark' ? 0 : 1, receiver);
    const second = whenClock(2, receiver);

    deliveries[0]?.ack();
    expect(receiver.clock).toBe(1);
    await first;
    deliveries[2]?.ack();
    expect(receiver.clock).toBe(1);
    expect(await isPending(second)).toBe(true);
    deliveries[1]?.ack();
    expect(receiver.clock).toBe(3);
    await second;
    await loop.return?.();
    expect(pullAll(receiver)[0]).toEqual(['e4', 4]);
  });

  test('law 38: what is not acknowledged goes back in order when the loop ends; once is enough, later is too late', async () => {
    const { receiver, dispatcher } = channelOf(mode, [1, 2, 3, 4, 5]);
    const { loop, deliveries } = await taken(receiver, 4);
    for (const at of [2, 0, 0]) deliveries[at]?.ack();
    await loop.return?.();
    deliveries[1]?.ack();
    expect(receiver.clock).toBe(1);
    expect(data(pullAll(receiver))).toEqual(['e2', 'e4', 'e5']);
    deliveries[3]?.ack();
    expect(receiver.clock).toBe(5);
    const { accepted, receivers } = dispatcher.stats();
    expect([accepted, receivers[0]?.delivered, receivers[0]?.queued]).toEqual([5, 5, 0]);
  });

  test('law 38: a loop that throws gives its message back, and another one goes on', async () => {
    const { receiver } = channelOf(mode, [1, 2, 3]);
    const done: string[] = [];
    const loop = async (fails: string): Promise<void> => {
      for await (const { value, ack } of receiver.deliveries()) {
        if (value === fails) throw new Error('away');
        done.push(value);
        ack();
        if (value === 'e3') break;
      }
    };
    expect(await rejection(loop('e2'))).toEqual(new Error('away'));
    expect(receiver.clock).toBe(1);
    await loop('none');
    expect(done).toEqual(['e1', 'e2', 'e3']);
  });

  test('law 38: two loops share the work, and each is done with its own', async () => {
    const { receiver } = channelOf(mode, [1, 2, 3, 4]);
    const one = await taken(receiver, 2);
    const other = await taken(receiver, 2);
    for (const { ack } of other.deliveries) ack();
    expect(receiver.clock).toBe(0);
    await one.loop.return?.();
    for (const { ack } of one.deliveries) ack();
    expect(receiver.clock).toBe(0);
    const again = await taken(receiver, 2);
    expect(again.deliveries.map(({ value }) => value)).toEqual(['e1', 'e2']);
    for (const { ack } of again.deliveries) ack();
    expect(receiver.clock).toBe(4);
  });

  test('law 28: a receiver that is closed drops what is unread and what went back; what is in hand counts as delivered', async () => {
    const { receiver, drops, dispatcher } = channelOf(mode, [1, 2, 3]);
    const { loop, deliveries } = await taken(receiver, 1);
    const back = await taken(receiver, 1);
    await back.loop.return?.();
    receiver.close();
    deliveries[0]?.ack();
    expect(drops.map(({ value }) => value)).toEqual(['e2', 'e3']);
    expect((await loop.next()).done).toBe(true);
    const { offered, accepted, refused } = dispatcher.stats();
    expect(offered).toBe(accepted + refused);
  });

  test('law 38: consume tells the clock of what is done, also while something later is done before', async () => {
    const { receiver } = channelOf(mode, [1, 2, 3]);
    const work = [new Subject<string>(), new Subject<string>(), new Subject<string>()];
    const results = consume(receiver, (_, ts) => work[ts - 1] as Subject<string>, { concurrency: 3 });
    const all = firstValueFrom(results.pipe(take(3), toArray()));
    work[2]?.complete();
    expect(receiver.clock).toBe(0);
    work[0]?.next('a');
    work[0]?.complete();
    expect(receiver.clock).toBe(1);
    work[1]?.complete();
    expect(receiver.clock).toBe(3);
    expect((await all).map(([, ts]) => ts)).toEqual([1, 2, 3]);
    await turn();
  });
});

test('law 27: a next() that is answered as its loop is left, from inside a handler, settles, and its message goes back', async () => {
  const dispatcher = createDispatcher<string>(serialize());
  const [sender, receiver] = dispatcher.channel('s', 'r');
  const [other, elsewhere] = dispatcher.channel('o', 'elsewhere');
  const loop = receiver.deliveries()[Symbol.asyncIterator]();
  const next = loop.next();
  elsewhere.subscribe(([value]) => {
    if (value === null) return;
    sender.next('a');
    void loop.return?.();
  });
  other.next('go');

  expect(await isPending(next)).toBe(false);
  expect(await next).toEqual({ done: true, value: undefined });
  expect(receiver.tryReceive()).toEqual(['a', 2]);
});

test('law 29: 50,000 at once go back, are taken again, and are done with in any order', async () => {
  const many = 50_000;
  const [sender, receiver] = createDispatcher<number>(serialize(), { bound: Infinity }).channel('s', 'r');
  for (let i = 1; i <= many; i++) sender.next(i);
  const take = async (loop: AsyncIterator<Delivery<number>>): Promise<Delivery<number>[]> => {
    const taken: Delivery<number>[] = [];
    while (taken.length < many) taken.push((await loop.next()).value as Delivery<number>);
    return taken;
  };
  const left = receiver.deliveries()[Symbol.asyncIterator]();
  await take(left);
  await left.return?.();

  const again = await take(receiver.deliveries()[Symbol.asyncIterator]());
  expect(again.map(({ ts }) => ts)).toEqual(Array.from({ length: many }, (_, i) => i + 1));
  for (const { ack } of again.reverse()) ack();
  expect(receiver.clock).toBe(many);
});

test('law 38: while one of several at one timestamp is unfinished, the clock stays below it', async () => {
  const dispatcher = createDispatcher<string>(watermark({ seed: 0 }));
  const [sender, receiver] = dispatcher.channel('s', 'r');
  const items: Clocked<string>[] = [
    ['a', 3],
    ['b', 5],
    ['c', 5],
    ['d', 5],
    [null, 6],
  ];
  for (const item of items) sender.next(item);
  const { loop, deliveries } = await taken(receiver, 4);
  deliveries[0]?.ack();
  expect(receiver.clock).toBe(3);
  deliveries[1]?.ack();
  deliveries[3]?.ack();
  expect(receiver.clock).toBe(3);
  deliveries[2]?.ack();
  expect(receiver.clock).toBeGreaterThanOrEqual(5);
  await loop.return?.();
  expect(pullAll(receiver)).toEqual([[null, 6]]);
});

test('law 29: what a loop may not have any more, as it is older, costs it nothing', async () => {
  const many = 100_000;
  const [sender, receiver] = createDispatcher<number>(serialize(), { bound: Infinity }).channel('s', 'r');
  for (let i = 1; i <= 2 * many; i++) sender.next(i);
  const left = receiver.deliveries()[Symbol.asyncIterator]();
  for (let i = 1; i <= many; i++) await left.next();
  const loop = receiver.deliveries()[Symbol.asyncIterator]();
  await loop.next();
  await left.return?.();

  for (let i = 1; i < many; i++) ((await loop.next()).value as Delivery<number>).ack();
  expect(receiver.clock).toBe(0);
  expect(receiver.tryReceive()).toEqual([1, 1]);
});

test('law 15: what is done with behind a delivery that takes long is kept no more', async () => {
  const [sender, receiver] = createDispatcher<object>(serialize()).channel('s', 'r');
  const loop = receiver.deliveries()[Symbol.asyncIterator]();
  sender.next({});
  const first = (await loop.next()).value as Delivery<object>;
  const references: WeakRef<object>[] = [];
  for (let i = 0; i < 500; i++) {
    const value = {};
    references.push(new WeakRef(value));
    sender.next(value);
    ((await loop.next()).value as Delivery<object>).ack();
  }
  const kept = (): number => references.filter((reference) => reference.deref() !== undefined).length;
  for (let i = 0; i < 20 && kept() > 50; i++) {
    await turn();
    collectGarbage();
  }

  expect(kept()).toBeLessThan(50);
  expect(receiver.clock).toBe(0);
  first.ack();
  expect(receiver.clock).toBe(501);
});

test('law 38: what a stream puts back between two deliveries holds the clock back', async () => {
  const [sender, receiver] = createDispatcher<string>(serialize()).channel('s', 'r');
  for (const value of ['a', 'b', 'c']) sender.next(value);
  const loop = receiver.deliveries()[Symbol.asyncIterator]();
  const first = (await loop.next()).value as Delivery;
  const stream = toReadableStream(receiver, { highWaterMark: 1 });
  await turn();
  expect(((await loop.next()).value as Delivery).ts).toBe(3);
  await stream.cancel();

  first.ack();
  expect([receiver.clock, receiver.settled]).toEqual([1, 1]);
  expect(receiver.tryReceive()).toEqual(['b', 2]);
  expect(receiver.clock).toBe(2);
});
