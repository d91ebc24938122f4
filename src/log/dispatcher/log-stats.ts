import type { Stats, Timestamp } from '../../index.js';
import type { Cursor } from './cursor.js';
import type { DurableStats } from './durable-dispatcher.js';
import type { Outbox } from './outbox.js';

/** What there is to look at. */
export interface Observed {
  readonly head: Timestamp;
  readonly outbox: Outbox;
  readonly senders: Iterable<string>;
  readonly cursors: ReadonlyMap<string, Pick<Cursor<unknown>, 'live' | 'held'>>;
}

/** The stats of the dispatcher inside, with what the log adds. */
export function logStats(inner: Stats, { head, outbox, senders, cursors }: Observed): DurableStats {
  const { stored, refused, waiting } = outbox;
  return {
    ...inner,
    head,
    stored,
    waiting,
    offered: stored + refused,
    accepted: stored,
    refused,
    sources: Array.from(senders, (name) => ({ name, ...NOT_WAITED_FOR, promise: inner.clock })),
    receivers: inner.receivers.map((receiver) => {
      const cursor = cursors.get(receiver.name);
      const lag = Math.max(0, head - receiver.clock);
      return { ...receiver, held: cursor?.held ?? 0, lag, live: cursor?.live === true };
    }),
  };
}

/** Nobody waits for a sender of a log. */
const NOT_WAITED_FOR = { lag: 0, idle: false, held: 0, waiting: 0 };
