import type { Clocked } from 'rxjs-clocked-dispatch';
import { type Consume, type Context, Queue, type Run, type Scenario } from '../scenario.js';

/** The consumer takes longer for each message than the sender: the channel is full, and every `send` has to wait. */
export const slowConsumer: Scenario = {
  name: 'slow-consumer',
  title: (bound) => `a slow consumer behind \`bound: ${bound}\`, the sender awaiting \`send\``,
  sizes: [1024],
  contenders: { package: dispatcher, bare },
  batch: () => 5000,
  most: { 1024: 2 },
};

/** What the consumer has to do for each message. */
async function work(): Promise<void> {
  await Promise.resolve();
  await Promise.resolve();
}

/** A batch has ended when the consumer has finished with all messages. */
function slowly(
  send: (value: number) => Promise<unknown>,
  receive: () => Promise<Clocked<number>>,
  consume: Consume,
): Run {
  let left = 0;
  let done = (): void => {};
  void (async () => {
    for (;;) {
      consume(await receive());
      await work();
      if (--left === 0) done();
    }
  })();
  return async (messages) => {
    const all = new Promise<void>((resolve) => (done = resolve));
    left = messages;
    for (let i = 0; i < messages; i++) await send(i);
    await all;
  };
}

function dispatcher({ build, consumer, size: bound }: Context): Run {
  const [sender, receiver] = build.createDispatcher<number>(build.serialize(), { bound }).channel('s', 'r');
  const messages = receiver[Symbol.asyncIterator]();
  const receive = async (): Promise<Clocked<number>> => (await messages.next()).value as Clocked<number>;
  return slowly((value) => sender.send(value), receive, consumer(0));
}

/** A bounded queue of promises, as one writes it by hand: who finds no room waits, and who finds nothing. */
function bare({ consumer, size: bound }: Context): Run {
  const waiting = new Queue<Clocked<number>>();
  const senders = new Queue<{ value: number; accepted: (ts: number) => void }>();
  const takers = new Queue<(message: Clocked<number>) => void>();
  let clock = 0;

  const put = (value: number): number => {
    const ts = ++clock;
    if (takers.size === 0) waiting.push([value, ts]);
    else takers.shift()([value, ts]);
    return ts;
  };
  const send = (value: number): Promise<number> => {
    if (waiting.size < bound) return Promise.resolve(put(value));
    return new Promise((accepted) => senders.push({ value, accepted }));
  };
  const receive = (): Promise<Clocked<number>> => {
    if (waiting.size === 0) return new Promise((taker) => takers.push(taker));
    const message = waiting.shift();
    if (senders.size > 0) {
      const { value, accepted } = senders.shift();
      accepted(put(value));
    }
    return Promise.resolve(message);
  };

  return slowly(send, receive, consumer(0));
}
