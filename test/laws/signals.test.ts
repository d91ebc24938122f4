import { createDispatcher, sequence, serialize, watermark, type AbortSignalLike } from 'rxjs-clocked-dispatch';
import { describe, expect, test } from 'vitest';
import { isPending, rejection } from '../support/async.js';
import { data, pullAll } from '../support/receivers.js';
import { unhandledIn } from '../support/unhandled.js';

/** What may be aborted while it waits for room: a sender of each mode, and several messages at once. */
const CALLS = {
  send: (route?: () => void) => {
    const dispatcher = createDispatcher<string>(serialize(), { bound: 1 });
    const receiver = dispatcher.receiver('r');
    const sender = dispatcher.sender('s', to(route));
    return { dispatcher, receiver, call: (value: string, signal?: AbortSignalLike) => sender.send(value, { signal }) };
  },
  transact: (route?: () => void) => {
    const dispatcher = createDispatcher<string>(serialize(), { bound: 1 });
    const receiver = dispatcher.receiver('r');
    const sender = dispatcher.sender('s', to(route));
    const call = (value: string, signal?: AbortSignalLike): Promise<unknown> =>
      dispatcher.transact([[sender, value]], { signal });
    return { dispatcher, receiver, call };
  },
  ...Object.fromEntries(
    ([watermark, sequence] as const).map((mode) => [
      `forward by ${mode.name}`,
      (route?: () => void) => {
        const dispatcher = createDispatcher<string>(mode(), { bound: 1 });
        const receiver = dispatcher.receiver('r');
        const sender = dispatcher.sender('s', to(route));
        let ts = 0;
        // An aborted call has used up no number.
        const call = async (value: string, signal?: AbortSignalLike): Promise<unknown> => {
          const sent = sender.forward(value, ts + 1, { signal });
          sent.then(
            () => ts++,
            () => undefined,
          );
          return sent;
        };
        return { dispatcher, receiver, call };
      },
    ]),
  ),
};

function to(route: (() => void) | undefined): 'r' | (() => 'r') {
  if (route === undefined) return 'r';
  return () => {
    route();
    return 'r';
  };
}

const REASON = new Error('given up');

describe.for(Object.entries(CALLS))('law 27: aborting %s', ([, open]) => {
  test.for([false, true])(
    'by its own route takes it back, whether it would have to wait or not: %s',
    async (isFull) => {
      const controller = new AbortController();
      const { dispatcher, receiver, call } = open(() => {
        if (!isFull || dispatcher.stats().accepted > 0) controller.abort(REASON);
      });
      if (isFull) await call('first');

      expect(await rejection(call('taken back', controller.signal))).toBe(REASON);
      expect(data(pullAll(receiver))).toEqual(isFull ? ['first'] : []);
      expect(dispatcher.stats().receivers[0]?.waiting).toBe(0);
    },
  );

  test('by a signal that calls back at once takes it back, and leaves the turn to the next', async () => {
    const { dispatcher, receiver, call } = open();
    await call('first');
    let listeners = 0;
    const signal: AbortSignalLike = {
      aborted: false,
      reason: REASON,
      addEventListener: (_: string, listener: () => void) => {
        listeners++;
        listener();
      },
      removeEventListener: () => listeners--,
    };

    expect(await rejection(call('taken back', signal))).toBe(REASON);
    expect(dispatcher.stats()).toMatchObject({ accepted: 1, refused: 1, receivers: [{ waiting: 0 }] });
    const next = call('next');
    expect(data(pullAll(receiver))).toEqual(['first', 'next']);
    await next;
    expect(listeners).toBe(0);
  });

  test('by a signal that can not be listened to refuses it, and leaves nothing', async () => {
    const { dispatcher, receiver, call } = open();
    await call('first');
    const broken = new Error('no listeners');
    const signal: AbortSignalLike = {
      aborted: false,
      addEventListener: () => {
        throw broken;
      },
      removeEventListener: () => undefined,
    };

    expect(await rejection(call('refused', signal))).toBe(broken);
    expect(dispatcher.stats()).toMatchObject({ accepted: 1, refused: 1, receivers: [{ waiting: 0 }] });
    expect(data(pullAll(receiver))).toEqual(['first']);
  });

  test('a signal that can not be left is reported, and the call settles', async () => {
    const { receiver, call } = open();
    const broken = new Error('no way out');
    const signal: AbortSignalLike = {
      aborted: false,
      addEventListener: () => undefined,
      removeEventListener: () => {
        throw broken;
      },
    };
    const reported = await unhandledIn(async () => {
      await call('first');
      const second = call('second', signal);
      expect(data(pullAll(receiver))).toEqual(['first', 'second']);
      await second;
    });
    expect(reported).toEqual([broken]);
  });
});

test('law 27: receive by a signal that calls back at once takes nothing', async () => {
  const [sender, receiver] = createDispatcher<string>(serialize()).channel('s', 'r');
  let isAborted = false;
  const signal: AbortSignalLike = {
    get aborted() {
      return isAborted;
    },
    reason: REASON,
    addEventListener: (_: string, listener: () => void) => {
      isAborted = true;
      listener();
    },
    removeEventListener: () => undefined,
  };

  expect(await rejection(receiver.receive({ signal }))).toBe(REASON);
  const waiting = receiver.receive();
  expect(await isPending(waiting)).toBe(true);
  sender.next('a');
  expect(await waiting).toEqual(['a', 1]);
});
