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
  const states: SourceState[] = [];
  let furthest = clock;
  for (const sender of membership.senders.values()) {
    const state = observed.sourceState(sender);
    states.push(state);
    if (state.promise > furthest) furthest = state.promise;
  }
  const sources: SourceStats[] = [];
  for (const sender of membership.senders.values()) {
    sources.push(sourceStats(sender, states[sources.length] as SourceState, furthest));
  }
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

function sourceStats<T>(sender: Participant<T>, state: SourceState, furthest: Timestamp): SourceStats {
  let waiting = 0;
  for (let turn = (sender as Participant<T> & Partial<Caller>).first; turn !== undefined; turn = turn.behind) waiting++;
  const lag = furthest === state.promise ? 0 : furthest - state.promise;
  return { name: sender.name, promise: state.promise, lag, idle: state.idle, held: state.held, waiting };
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
