import type { Clocked, ClockedReceiver } from 'rxjs-clocked-dispatch';
import { type Consume, type Contender, type Context, cpuTime, type Run, type Scenario } from '../scenario.js';

const BURST = 1000;

/** Reads messages, and tells how many have arrived. */
type Read = (receiver: ClockedReceiver<number>, consume: Consume, arrived: Arrived) => Promise<void>;

/** Bursts lie in a channel, and one consumer reads them; only the reading is measured. */
export const pull = scenario('pull', 'pulling by `for await`', consumeEach, 1 / 0.7);
export const pullMany = scenario('pull-many', 'pulling by `receiveMany(256)`', consumeMany, 0.1);
/** The same, but the sending is measured too. */
export const sendAndPull = scenario('send-and-pull', 'sending, and pulling by `for await`', consumeEach);

function scenario(name: string, title: string, read: Read, most?: number): Scenario {
  const both = most === undefined;
  return {
    name,
    title: () => title,
    sizes: [1],
    contenders: { package: bursts(both, pulled(read)), bare: bursts(both, bare) },
    batch: () => 20_000,
    measuresItself: 'nanoseconds',
    ...(most !== undefined && { most: { 1: most } }),
  };
}

type Arrived = (count: number) => void;
type Build = (context: Context, arrived: Arrived) => (value: number) => void;

/** Sends burst after burst; the next one when the consumer has had all of the last. */
function bursts(both: boolean, build: Build): Contender {
  return (context): Run => {
    let left = 0;
    let done = (): void => {};
    const send = build(context, (count) => {
      if ((left -= count) === 0) done();
    });
    return async (messages) => {
      let nanoseconds = 0;
      for (let sent = 0; sent < messages; sent += BURST) {
        left = Math.min(BURST, messages - sent);
        const arrived = new Promise<void>((resolve) => (done = resolve));
        const before = cpuTime();
        for (let i = 0, burst = left; i < burst; i++) send(i);
        const between = cpuTime();
        await arrived;
        nanoseconds += cpuTime() - (both ? before : between);
      }
      return nanoseconds;
    };
  };
}

function pulled(read: Read): Build {
  return ({ build, consumer }, arrived) => {
    const [sender, receiver] = build.createDispatcher<number>(build.serialize()).channel('s', 'r');
    void read(receiver, consumer(0), arrived);
    return (value) => sender.next(value);
  };
}

async function consumeEach(
  messages: AsyncIterable<Clocked<number>>,
  consume: Consume,
  arrived: Arrived,
): Promise<void> {
  for await (const message of messages) {
    consume(message);
    arrived(1);
  }
}

async function consumeMany(...[receiver, consume, arrived]: Parameters<Read>): Promise<void> {
  for (;;) {
    const messages = await receiver.receiveMany(256);
    for (const message of messages) consume(message);
    arrived(messages.length);
  }
}

/** An async generator over an array, for each burst, so that it does nothing but yield. */
function bare({ consumer }: Context, arrived: Arrived): (value: number) => void {
  let waiting: Clocked<number>[] = [];
  let clock = 0;
  // eslint-disable-next-line @typescript-eslint/require-await -- that is what makes it bare
  async function* received(messages: Clocked<number>[]): AsyncGenerator<Clocked<number>> {
    for (const message of messages) yield message;
  }
  const consume = consumer(0);
  const read = (): void => {
    void consumeEach(received(waiting), consume, arrived);
    waiting = [];
  };
  return (value) => {
    if (waiting.push([value, ++clock]) === 1) queueMicrotask(read);
  };
}
