import type { Timestamp } from '../types.js';
import type { Channel } from './channel.js';
import type { Core } from './core.js';
import { ForwardMember } from './forward-member.js';
import type { Input } from './lane.js';
import type { Member } from './member.js';
import type { Order } from './order.js';
import { SequenceOrder } from './sequence-order.js';
import { WatermarkOrder } from './watermark-order.js';

/** What can be known of one source. */
export interface SourceStats {
  /** Its name. */
  readonly name: string;
  /** What it has promised: nothing below will follow. In serialize mode the clock. */
  readonly promise: Timestamp;
  /** How far its promise is behind the furthest one. */
  readonly lag: number;
  /** Whether it is left out of the frontier because it is silent. */
  readonly idle: boolean;
  /** Messages of its own that wait for their turn. */
  readonly held: number;
}

/** What can be known of one receiver. */
export interface ReceiverStats {
  /** Its name. */
  readonly name: string;
  /** The last timestamp that it has emitted. */
  readonly clock: Timestamp;
  /** Messages that wait here for a consumer. */
  readonly queued: number;
  /** How many may. */
  readonly bound: number;
  /** Messages that it did without, for whatever reason. */
  readonly dropped: number;
  /** `send` and `forward` calls that wait for room here. */
  readonly waiting: number;
}

/** A snapshot of a dispatcher, in plain data. */
export interface DispatcherStats {
  /** How the dispatcher orders. */
  readonly mode: 'serialize' | 'watermark' | 'sequence';
  /** The last timestamp that was assigned or released. */
  readonly clock: Timestamp;
  /** The least of the promises that count; `null` when no source holds anything back. In sequence mode the clock. */
  readonly frontier: Timestamp | null;
  /** Messages that wait for their turn. */
  readonly held: number;
  /** The most that ever waited at once. */
  readonly heldMost: number;
  /** Which source holds everybody back, and at what; `null` when nobody does. */
  readonly heldBy: { readonly source: string; readonly promise: Timestamp } | null;
  /** Messages refused as late. */
  readonly late: number;
  /** Messages refused because their timestamp was used already. */
  readonly duplicates: number;
  /** Timestamps given up (sequence mode). */
  readonly skipped: number;
  /** Messages sent to nobody: after their sender, or all their receivers, had left. */
  readonly refused: number;
  /** The sources that haven't left, in the order in which they joined. */
  readonly sources: readonly SourceStats[];
  /** The receivers that haven't ended, in the order in which they joined. */
  readonly receivers: readonly ReceiverStats[];
}

/** Looks at everything; nothing is counted for this beforehand that isn't needed anyway. */
export function snapshot<T>(mode: DispatcherStats['mode'], core: Core<T>): DispatcherStats {
  const { order } = core;
  const inputs =
    order instanceof WatermarkOrder ? (order as WatermarkOrder<T>).lanes.flatMap((lane) => lane.inputs) : [];
  const waitedFor = inputs.filter((input) => !input.silent);
  const holder = waitedFor.reduce<Input<T> | undefined>(
    (a, b) => (a !== undefined && a.promise <= b.promise ? a : b),
    undefined,
  );
  const furthest = Math.max(
    order.clock,
    ...inputs.filter((input) => !input.gone || input.backlog.size > 0).map((input) => input.promise),
  );
  return {
    mode,
    clock: order.clock,
    frontier: order instanceof WatermarkOrder ? (holder?.promise ?? null) : order.clock,
    held: order.held,
    heldMost: order.heldMost,
    heldBy:
      holder !== undefined && holder.promise < furthest ? { source: holder.source, promise: holder.promise } : null,
    late: core.late,
    duplicates: core.duplicates,
    skipped: order instanceof SequenceOrder ? order.skipped : 0,
    refused: core.refused,
    sources: [...core.members.values()].map((member) => ofSource(member, order, furthest)),
    receivers: core.everybody.map(ofReceiver),
  };
}

function ofSource<T>(member: Member<T>, order: Order<T>, furthest: Timestamp): SourceStats {
  const { name } = member;
  const { clock } = order;
  if (!(member instanceof ForwardMember)) return { name, promise: clock, lag: 0, idle: false, held: 0 };
  const { idle } = member;
  const inputs: { readonly promise: Timestamp; readonly backlog: { readonly size: number } }[] =
    member.input === undefined ? [...member.inputs.values()] : [member.input];
  if (order instanceof SequenceOrder) return { name, promise: clock, lag: 0, idle, held: order.heldOf(member) };
  if (inputs.length === 0) return { name, promise: clock, lag: 0, idle, held: 0 };
  const promise = Math.min(...inputs.map((input) => input.promise));
  const held = inputs.reduce((sum, input) => sum + input.backlog.size, 0);
  return { name, promise, lag: furthest - promise, idle, held };
}

function ofReceiver<T>(channel: Channel<T>): ReceiverStats {
  return {
    name: channel.name,
    clock: channel.seen,
    queued: channel.queued,
    bound: channel.bound,
    dropped: channel.dropped,
    waiting: channel.waiters?.size ?? 0,
  };
}
