import type { Caller } from '../admission/waiting-call.js';
import type { Engine } from '../engine.js';
import type { Participant } from '../membership/membership.js';
import type { Endpoint } from '../receivers/endpoint.js';
import type { Timestamp } from '../../types.js';
import type { OrderStats, ReceiverStats, SourceStats, Stats } from './stats.js';

/** What a mode knows of a source. */
export interface SourceState {
  readonly promise: Timestamp;
  readonly idle: boolean;
  readonly held: number;
}

/** What a mode tells of itself. */
export interface Observed<T> {
  readonly clock: Timestamp;
  stats(): OrderStats;
  sourceState(sender: Participant<T>): SourceState;
}

/** Looks at everything; nothing is counted for this beforehand that isn't needed anyway. */
export function snapshot<T>(mode: Stats['mode'], engine: Engine<T>, observed: Observed<T>): Stats {
  engine.begin();
  const { accounts, membership } = engine;
  const { clock } = observed;
  const sources: Writable<SourceStats>[] = [];
  let furthest = clock;
  for (const sender of membership.senders.values()) {
    const source = sourceStats(sender, observed.sourceState(sender));
    if (source.promise > furthest) furthest = source.promise;
    sources.push(source);
  }
  // Two that have promised nothing are not apart.
  for (const source of sources) if (source.promise !== furthest) source.lag = furthest - source.promise;
  return {
    mode,
    clock,
    ...observed.stats(),
    offered: accounts.offered,
    accepted: accounts.accepted,
    refused: accounts.refused,
    late: accounts.late,
    ahead: accounts.ahead,
    duplicates: accounts.duplicates,
    sources,
    receivers: membership.everybody.list.map((endpoint) => receiverStats(endpoint)),
  };
}

type Writable<S> = { -readonly [K in keyof S]: S[K] };

/** `lag` is set once all are known. */
function sourceStats<T>(sender: Participant<T>, { promise, idle, held }: SourceState): Writable<SourceStats> {
  let waiting = 0;
  for (let turn = (sender as Participant<T> & Partial<Caller>).first; turn !== undefined; turn = turn.behind) waiting++;
  return { name: sender.name, promise, lag: 0, idle, held, waiting };
}

function receiverStats<T>(endpoint: Endpoint<T>): ReceiverStats {
  const { name, clock, queue, delivered, dropped } = endpoint;
  return {
    name,
    clock,
    queued: queue.items.size + queue.unfinished,
    held: queue.held,
    bound: queue.bound,
    delivered,
    dropped,
    waiting: endpoint.waiting,
  };
}
