import { asapScheduler } from 'rxjs';
import type { Clocked } from 'rxjs-clocked-dispatch';
import { type Context, inTurn, type Run, type Scenario, subscribers } from '../scenario.js';
import { opened } from './serialize.js';

/** Messages between two flushes of coalesced ticks. */
const BURST = 20_000;

/** Ten senders write to ten of the receivers; all are subscribed, and learn of the others' timestamps once a burst. */
export const coalesced: Scenario = {
  name: 'coalesced',
  title: (size) => `serialize 1 -> ${size.toLocaleString('en')}, ticks coalesced`,
  sizes: [10, 1000, 10_000],
  contenders: {
    package: (context) => flushed(inTurn(opened(context, { ticks: asapScheduler }))),
    bare,
  },
  batch: () => BURST,
  growth: { title: 'ticks coalesced, by receivers', from: 10, to: 10_000, most: 1.3 },
};

function bare(context: Context): Run {
  const receivers = subscribers(context, context.size);
  const seen = new Float64Array(context.size);
  const senders = Math.min(context.size, 10);
  let clock = 0;
  let turn = 0;
  const flush = (): void => {
    const tick: Clocked<number> = [null, clock];
    for (let r = 0; r < receivers.length; r++) if (seen[r] !== clock) receivers[r]!.next(tick);
  };
  return flushed((messages) => {
    asapScheduler.schedule(flush);
    for (let i = 0; i < messages; i++) {
      seen[turn] = ++clock;
      receivers[turn]!.next([i, clock]);
      if (++turn === senders) turn = 0;
    }
  });
}

/** A batch whose ticks have been flushed when it ends. */
function flushed(send: Run): Run {
  return (messages) => {
    send(messages);
    return new Promise<void>((resolve) => asapScheduler.schedule(() => resolve()));
  };
}
