import { NEVER, of, ReplaySubject, take, takeUntil, timer } from 'rxjs';
import {
  consume,
  createDispatcher,
  serialize,
  toReadableStream,
  type Clocked,
  type ClockedReceiver,
  type Sender,
} from 'rxjs-clocked-dispatch';
import { expect, test } from 'vitest';
import { isPending, rejection, turn } from '../support/async.js';
import { collectGarbage } from '../support/collect-garbage.js';
import { pullAll } from '../support/receivers.js';

/**
 * The rules of the Reactive Streams specification (1.0.4) that make sense for those who ask a receiver for messages.
 *
 * `Publisher`: the receiver. `Subscriber`: whoever reads it by asking. `request(n)`: one call of `receive`, `next()` or
 * `read()` asks for 1, `receiveMany(n)` for 1 to n, `consume` for as many as it has workers. `cancel`: an `AbortSignal`,
 * leaving the `for await`, cancelling the stream, unsubscribing. `onNext`, `onComplete`, `onError`: what the promise
 * brings.
 */
type Item = Clocked<string> | undefined;

/** One who asks. */
interface Asker {
  ask(): Promise<Item>;
  /** Gives up everything that was asked for. */
  cancel(): void;
}

/** The ways to ask. */
const WAYS: Record<string, (receiver: ClockedReceiver<string>) => Asker> = {
  receive: (receiver) => {
    const stop = new AbortController();
    return { ask: () => receiver.receive({ signal: stop.signal }), cancel: () => stop.abort() };
  },
  receiveMany: (receiver) => {
    const stop = new AbortController();
    return { ask: async () => (await receiver.receiveMany(1, { signal: stop.signal }))[0], cancel: () => stop.abort() };
  },
  'for await': (receiver) => {
    const iterator = receiver[Symbol.asyncIterator]();
    return { ask: async () => (await iterator.next()).value, cancel: () => void iterator.return?.() };
  },
  toReadableStream: (receiver) => {
    const reader = toReadableStream(receiver).getReader();
    reader.closed.catch(() => undefined);
    return { ask: async () => (await reader.read()).value, cancel: () => void reader.cancel() };
  },
  consume: (receiver) => {
    const left = new ReplaySubject<void>(1);
    const one = consume(receiver, (value) => of(value)).pipe(take(1), takeUntil(left));
    return {
      ask: () =>
        new Promise((resolve, reject) => {
          one.subscribe({ next: resolve, error: reject, complete: () => resolve(undefined) });
        }),
      cancel: () => left.next(),
    };
  },
};

function everyWay(
  check: (way: string, sender: Sender<string>, receiver: ClockedReceiver<string>, asker: Asker) => Promise<void>,
): () => Promise<void> {
  return async () => {
    for (const [way, asker] of Object.entries(WAYS)) {
      const [sender, receiver] = createDispatcher<string>(serialize()).channel('s', 'r');
      await check(way, sender, receiver, asker(receiver));
    }
  };
}

/** Lets all promises, and all streams, come to rest. */
async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) await turn();
}

test(
  '1.1: never more than was asked for: each call takes one message, and none is taken ahead',
  everyWay(async (way, sender, receiver, asker) => {
    for (let i = 1; i <= 5; i++) sender.next(`m${i}`);
    await settle();
    expect(receiver.clock, way).toBe(0);

    for (let i = 1; i <= 3; i++) {
      expect(await asker.ask(), way).toEqual([`m${i}`, i]);
      await settle();
      expect(receiver.clock, way).toBe(i);
    }

    expect(await receiver.receiveMany(1), way).toHaveLength(1);
    expect(pullAll(receiver), way).toEqual([['m5', 5]]);
  }),
);

test(
  '1.3: one after the other: those who ask at the same time are answered in the order in which they asked',
  everyWay(async (way, sender, _, asker) => {
    const answers: (readonly [asked: number, item: Item])[] = [];
    const asked = Array.from({ length: 6 }, (_, i) => asker.ask().then((item) => answers.push([i + 1, item])));
    await settle();
    for (let i = 1; i <= 5; i++) sender.next(`m${i}`);
    sender.complete();
    await Promise.all(asked);

    expect(answers, way).toEqual([
      ...Array.from({ length: 5 }, (_, i) => [i + 1, [`m${i + 1}`, i + 1]]),
      [6, undefined],
    ]);
  }),
);

test(
  '1.7: nothing follows the end: whoever asks again is told again that it is the end',
  everyWay(async (way, sender, receiver, asker) => {
    sender.next('last');
    sender.complete();
    expect(await asker.ask(), way).toEqual(['last', 1]);

    for (let i = 0; i < 3; i++) expect(await asker.ask(), way).toBeUndefined();
    expect(sender.trySend('more').ok, way).toBe(false);
    expect(receiver.closed, way).toBe(true);
  }),
);

test(
  '1.8: who has cancelled gets nothing more, and what it had asked for stays for others',
  everyWay(async (way, sender, receiver, asker) => {
    let item: unknown = 'nothing';
    asker.ask().then(
      (given) => (item = given),
      () => (item = undefined),
    );
    await settle();

    asker.cancel();
    await settle();
    sender.next('a');
    await settle();

    expect(item, way).toBeUndefined();
    expect(pullAll(receiver), way).toEqual([['a', 1]]);
  }),
);

test(
  '2.9: the end comes whether or not anything was asked for: who asks later finds it, who waits is told',
  everyWay(async (way, sender, receiver, asker) => {
    const waiting = asker.ask();
    await settle();
    sender.complete();
    expect(await waiting, way).toBeUndefined();

    expect(await WAYS[way]?.(receiver).ask(), way).toBeUndefined();
  }),
);

test(
  '2.10: and so does an error',
  everyWay(async (way, sender, receiver, asker) => {
    const broken = new Error('broken');
    const waiting = rejection(asker.ask());
    await settle();
    sender.error(broken);
    expect(await waiting, way).toBe(broken);

    expect(await rejection(WAYS[way]!(receiver).ask()), way).toBe(broken);
  }),
);

test('3.2: more may be asked for from inside the handling of a message, also when that comes at once', () => {
  for (const there of [true, false]) {
    const [sender, receiver] = createDispatcher<string>(serialize()).channel('s', 'r');
    const received: unknown[] = [];
    const send = (): void => ['a', 'b', 'c'].forEach((value) => sender.next(value));
    if (there) send();

    consume(receiver, (value) => of(value), { concurrency: 2 }).subscribe(([value]) => {
      received.push(value);
      received.push(receiver.tryReceive()?.[0]);
    });
    if (!there) send();

    expect(received.filter((value) => value !== undefined)).toEqual(['a', 'b', 'c']);
  }
});

test('3.3: asking and answering do not recurse: 100,000 messages that are there at once take no stack', async () => {
  const [sender, receiver] = createDispatcher<string>(serialize(), { bound: Infinity }).channel('s', 'r');
  const fill = (): void => {
    for (let i = 0; i < 100_000; i++) sender.next('m');
  };
  const depths = new Set<number>();
  let count = 0;
  fill();
  consume(receiver, (value) => of(value)).subscribe(() => {
    count++;
    if (count % 20_000 === 0) depths.add(new Error().stack?.split('\n').length ?? 0);
  });
  expect(count).toBe(100_000);
  expect(depths.size).toBe(1);

  fill();
  sender.complete();
  for await (const [value] of receiver) if (value !== null) count++;
  expect(count).toBe(200_000);
});

test(
  '3.5: cancelling returns at once, and doing it again changes nothing',
  everyWay(async (way, sender, receiver, asker) => {
    void asker.ask().catch(() => undefined);
    await settle();

    for (let i = 0; i < 3; i++) asker.cancel();
    await settle();

    expect(receiver.closed, way).toBe(false);
    sender.next('a');
    expect(await WAYS[way]?.(receiver).ask(), way).toEqual(['a', 1]);
  }),
);

test(
  '3.6: asking after cancelling takes nothing',
  everyWay(async (way, sender, receiver, asker) => {
    sender.next('a');
    asker.cancel();
    await settle();

    const item = await asker.ask().catch(() => undefined);

    expect(item, way).toBeUndefined();
    expect(pullAll(receiver), way).toEqual([['a', 1]]);
  }),
);

test(
  '3.8: what is asked for adds up: whoever asked three times gets three, and the fourth message waits',
  everyWay(async (way, sender, receiver, asker) => {
    const asked = [asker.ask(), asker.ask()];
    await settle();
    asked.push(asker.ask());
    await settle();
    for (const value of ['a', 'b', 'c', 'd']) sender.next(value);

    expect(await Promise.all(asked), way).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
    expect(pullAll(receiver), way).toEqual([['d', 4]]);
  }),
);

test('3.9: asking for less than one is refused, and the error says what was asked for', async () => {
  const [sender, receiver] = createDispatcher<string>(serialize()).channel('s', 'r');
  sender.next('a');
  for (const n of [0, -1, 0.5, NaN]) {
    expect(await rejection(receiver.receiveMany(n))).toMatchObject({
      name: 'InvalidOptionError',
      option: 'max',
      value: n,
    });
    expect(() => consume(receiver, () => NEVER, { concurrency: n })).toThrow(/concurrency/);
  }
  expect(() => toReadableStream(receiver, { highWaterMark: -1 })).toThrow(/highWaterMark/);

  expect(pullAll(receiver)).toEqual([['a', 1]]);
});

test(
  '3.13: after cancelling, the receiver no longer knows who asked',
  everyWay(async (way, _sender, receiver, asker) => {
    const reference = ((): WeakRef<object> => {
      const consumer = { got: [] as unknown[] };
      asker.ask().then(
        (item) => consumer.got.push(item),
        () => consumer.got.push('given up'),
      );
      return new WeakRef(consumer);
    })();
    await settle();
    expect(reference.deref(), way).toBeDefined();

    asker.cancel();
    await collected(reference);

    expect(reference.deref(), way).toBeUndefined();
    expect(receiver.closed, way).toBe(false);
  }),
);

test('3.17: as much may be asked for as anybody likes: all there is, and any number of waiting calls', async () => {
  const [sender, receiver] = createDispatcher<string>(serialize(), { bound: Infinity }).channel('s', 'r');
  for (let i = 0; i < 10_000; i++) sender.next('m');
  expect(await receiver.receiveMany(Number.MAX_SAFE_INTEGER)).toHaveLength(10_000);

  const calls = Array.from({ length: 10_000 }, () => receiver.receive());
  for (let i = 0; i < 10_000; i++) sender.next('m');
  expect(await Promise.all(calls)).toHaveLength(10_000);

  let worked = 0;
  consume(receiver, () => timer(0), { concurrency: Infinity, bound: Infinity }).subscribe(() => worked++);
  for (let i = 0; i < 1000; i++) sender.next('m');
  expect(await isPending(receiver.receive())).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(worked).toBe(1000);
});

/** Lets the garbage collector run until it has taken what nobody holds, or has had its chances. */
async function collected(reference: WeakRef<object>): Promise<void> {
  for (let i = 0; i < 20 && reference.deref() !== undefined; i++) {
    await turn();
    collectGarbage();
  }
}
