import { of } from 'rxjs';
import {
  clockedDispatch,
  createDispatcher,
  serialize,
  source,
  toReadableStream,
  watermark,
  type Clocked,
} from 'rxjs-clocked-dispatch';
import { describe, expect, test } from 'vitest';
import { isPending, rejection, turn } from '../support/async.js';
import { receiversOf } from '../support/operator.js';
import { data, errorOf, pullAll } from '../support/receivers.js';

/** How receivers behave as streams of the web platform, and such streams as sources. */

function channel(bound?: number) {
  return createDispatcher<number>(serialize(), { bound }).channel('s', 'r');
}

/** Lets a chain of streams run until it is at rest. */
async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await turn();
}

/** A sink whose writes the test finishes one by one. */
class SlowSink {
  readonly written: unknown[] = [];
  readonly stream: WritableStream<unknown>;
  aborted: unknown;
  #finish: (() => void) | undefined;
  #fail: ((error: unknown) => void) | undefined;

  constructor(highWaterMark = 1) {
    this.stream = new WritableStream(
      {
        write: (chunk) => {
          this.written.push(chunk);
          return new Promise((resolve, reject) => {
            this.#finish = resolve;
            this.#fail = reject;
          });
        },
        abort: (reason) => {
          this.aborted = reason;
        },
      },
      { highWaterMark },
    );
  }

  async finish(): Promise<void> {
    this.#finish?.();
    await settle();
  }

  async fail(error: unknown): Promise<void> {
    this.#fail?.(error);
    await settle();
  }
}

describe('pipeTo', () => {
  test('a slow sink makes the senders of the receiver wait, and nobody else', async () => {
    const dispatcher = createDispatcher<number>(serialize(), { bound: 1 });
    const [sender, receiver] = dispatcher.channel('s', 'r');
    const [other, free] = dispatcher.channel('o', 'free');
    const sink = new SlowSink();
    void toReadableStream(receiver).pipeTo(sink.stream);

    const sent: number[] = [];
    void (async () => {
      for (let i = 1; i <= 10; i++) sent.push(await sender.send(i));
    })();
    await settle();
    // One is being written, one waits in the receiver: pipeTo reads no further than the sink's highWaterMark of 1.
    expect([sink.written.length, sent.length]).toEqual([1, 2]);
    expect(other.trySend(0).ok).toBe(true);
    expect(data(pullAll(free))).toEqual([0]);

    for (let i = 1; i <= 3; i++) {
      await sink.finish();
      expect([sink.written.length, sent.length]).toEqual([1 + i, 2 + i]);
    }
  });

  test('resolves when the receiver completes and everything is written', async () => {
    const [sender, receiver] = channel();
    for (const n of [1, 2]) sender.next(n);
    sender.complete();
    const sink = new SlowSink();
    const piped = toReadableStream(receiver).pipeTo(sink.stream);
    await settle();
    expect(await isPending(piped)).toBe(true);

    await sink.finish();
    await sink.finish();

    await piped;
    expect(sink.written).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  test('downstream: an error of the receiver comes after what it brought before, and aborts the sink', async () => {
    const broken = new Error('broken');
    const [sender, receiver] = channel();
    for (const n of [1, 2]) sender.next(n);
    sender.error(broken);
    const sink = new SlowSink();
    const piped = rejection(toReadableStream(receiver).pipeTo(sink.stream));
    await settle();
    await sink.finish();
    await sink.finish();

    expect(await piped).toBe(broken);
    expect(sink.written).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(sink.aborted).toBe(broken);
  });

  test('upstream: an error of the sink cancels the stream, and the receiver stays open with the rest', async () => {
    const broken = new Error('disk full');
    const [sender, receiver] = channel();
    for (const n of [1, 2, 3]) sender.next(n);
    const sink = new SlowSink();
    const piped = rejection(toReadableStream(receiver).pipeTo(sink.stream));
    await settle();

    await sink.fail(broken);

    expect(await piped).toBe(broken);
    expect(receiver.closed).toBe(false);
    expect(sender.trySend(4).ok).toBe(true);
    expect(pullAll(receiver)).toEqual([
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
  });

  test('upstream: with close: true it closes the receiver', async () => {
    const [sender, receiver] = channel();
    sender.next(1);
    const sink = new SlowSink();
    const piped = rejection(toReadableStream(receiver, { close: true }).pipeTo(sink.stream));
    await settle();
    await sink.fail(new Error('disk full'));
    await piped;

    expect(sender.trySend(2)).toEqual({ ok: false, reason: 'no-receiver' });
  });

  test('an AbortSignal stops it, and the next message stays with the receiver', async () => {
    const [sender, receiver] = channel();
    const stop = new AbortController();
    const sink = new SlowSink();
    const piped = rejection(toReadableStream(receiver).pipeTo(sink.stream, { signal: stop.signal }));
    await settle();

    stop.abort(new Error('enough'));
    await settle();
    sender.next(1);

    expect(await piped).toEqual(new Error('enough'));
    expect(sink.written).toEqual([]);
    expect(pullAll(receiver)).toEqual([[1, 1]]);
  });

  test('preventCancel leaves the stream as it is, for another reader', async () => {
    const [sender, receiver] = channel();
    sender.next(1);
    sender.next(2);
    const stream = toReadableStream(receiver, { close: true });
    const sink = new SlowSink();
    const piped = rejection(stream.pipeTo(sink.stream, { preventCancel: true }));
    await settle();
    await sink.fail(new Error('disk full'));
    await piped;

    expect((await stream.getReader().read()).value).toEqual([2, 2]);
  });
});

test('pipeThrough keeps the clock when the transform passes timestamps on', async () => {
  const [sender, receiver] = channel();
  for (const n of [1, 2]) sender.next(n);
  sender.complete();
  const doubled = new TransformStream<Clocked<number>, Clocked<number>>({
    transform: ([value, ts], controller) => controller.enqueue([value === null ? null : 2 * value, ts]),
  });

  const chunks: unknown[] = [];
  const stream = toReadableStream(receiver).pipeThrough(doubled);
  for await (const chunk of stream as unknown as AsyncIterable<unknown>) chunks.push(chunk);

  expect(chunks).toEqual([
    [2, 1],
    [4, 2],
  ]);
});

describe('tee', () => {
  test('both branches get every chunk, and the faster one decides how far it is read: to one ahead', async () => {
    const [sender, receiver] = channel();
    for (const n of [1, 2, 3, 4]) sender.next(n);
    const [fast, slow] = toReadableStream(receiver)
      .tee()
      .map((branch) => branch.getReader());

    await fast?.read();
    await fast?.read();
    await settle();
    expect(receiver.clock).toBe(3);

    expect((await slow?.read())?.value).toEqual([1, 1]);
    expect((await slow?.read())?.value).toEqual([2, 2]);
    expect((await slow?.read())?.value).toEqual([3, 3]);
    expect((await fast?.read())?.value).toEqual([3, 3]);
  });

  test('the receiver is let go when both branches are cancelled', async () => {
    const [sender, receiver] = channel();
    const branches = toReadableStream(receiver, { close: true }).tee();
    const cancelled = branches[0].cancel('one');
    await settle();
    expect(sender.trySend(1).ok).toBe(true);

    await Promise.all([cancelled, branches[1].cancel('two')]);

    expect(sender.trySend(2)).toEqual({ ok: false, reason: 'no-receiver' });
  });
});

test('breaking out of for await over the stream cancels it', async () => {
  const [sender, receiver] = channel();
  for (const n of [1, 2, 3]) sender.next(n);

  for await (const [value] of toReadableStream(receiver) as unknown as AsyncIterable<Clocked<number>>) {
    if (value === 2) break;
  }

  expect(pullAll(receiver)).toEqual([[3, 3]]);
});

test('a receiver goes on to another reader when the lock of the first is released', async () => {
  const [sender, receiver] = channel();
  const stream = toReadableStream(receiver);
  const first = stream.getReader();
  for (const n of [1, 2]) sender.next(n);
  await first.read();
  first.releaseLock();

  expect((await stream.getReader().read()).value).toEqual([2, 2]);
});

describe('a ReadableStream as a source', () => {
  /** A stream that counts what is asked of it. */
  function counting(limit = Infinity) {
    const asked = { pulls: 0, cancelled: undefined as unknown, isCancelled: false };
    const stream = new ReadableStream<number>(
      {
        pull: (controller) => {
          if (asked.pulls === limit) controller.close();
          else controller.enqueue(++asked.pulls);
        },
        cancel: (reason) => {
          asked.isCancelled = true;
          asked.cancelled = reason;
        },
      },
      { highWaterMark: 0 },
    );
    return { asked, stream };
  }

  test('is cancelled on teardown', async () => {
    const { asked, stream } = counting();
    const { subscription } = receiversOf<number>(
      of(source('s', stream, { to: 'r' })).pipe(clockedDispatch(serialize(), { receivers: ['r'], bound: 2 })),
      { unwatched: ['r'] },
    );
    await settle();

    subscription.unsubscribe();
    await settle();

    expect(asked).toMatchObject({ pulls: 2, isCancelled: true });
  });

  test('is cancelled on teardown while a read waits for it', async () => {
    let cancelled = false;
    const silent = new ReadableStream<number>({ cancel: () => void (cancelled = true) });
    const { watched, subscription } = receiversOf<number>(
      of(source('s', silent, { to: 'r' })).pipe(clockedDispatch(serialize(), { receivers: ['r'] })),
    );
    await settle();

    subscription.unsubscribe();
    await settle();

    expect(cancelled).toBe(true);
    expect(watched.r?.seen).toEqual([]);
  });

  test('is cancelled when its sender fails', async () => {
    let cancelled = false;
    const stream = new ReadableStream<number>({
      pull: (controller) => controller.enqueue(null as unknown as number),
      cancel: () => void (cancelled = true),
    });
    const { watched } = receiversOf<number>(
      of(source('s', stream, { to: 'r' })).pipe(clockedDispatch(serialize(), { receivers: ['r'] })),
    );
    await settle();

    expect(errorOf(watched.r!)).toMatchObject({ name: 'NullValueError' });
    expect(cancelled).toBe(true);
  });

  test('is read to its end, and not cancelled', async () => {
    const { asked, stream } = counting(3);
    const { watched } = receiversOf<number>(
      of(source('s', stream, { to: 'r' })).pipe(clockedDispatch(serialize(), { receivers: ['r'] })),
    );
    await settle();

    expect(watched.r?.seen).toEqual([[1, 1], [2, 2], [3, 3], '|']);
    expect(asked.isCancelled).toBe(false);
  });

  test('a slow sink at the end of two dispatchers stops the source at the top', async () => {
    const { asked, stream } = counting();
    const sink = new SlowSink();
    const top = receiversOf<number>(
      of(source('s', stream, { to: 'r' })).pipe(clockedDispatch(serialize(), { receivers: ['r'], bound: 1 })),
      { unwatched: ['r'] },
    );
    const below = receiversOf<number>(
      of(source('top', toReadableStream(top.receivers.r!), { to: 'r', strict: true })).pipe(
        clockedDispatch(watermark(), { receivers: ['r'], bound: 1 }),
      ),
      { unwatched: ['r'] },
    );
    void toReadableStream(below.receivers.r!).pipeTo(sink.stream);
    await settle();
    // One is written, and one waits in each receiver.
    expect(asked.pulls).toBe(3);

    await sink.finish();
    expect(asked.pulls).toBe(4);

    top.stop();
    below.stop();
    await settle();
    expect(asked.isCancelled).toBe(true);
  });
});
