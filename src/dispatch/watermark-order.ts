import type { Clocked, ForwardRefusal, Timestamp } from '../types.js';
import type { Channel, Time } from './channel.js';
import type { Core } from './core.js';
import { EVERYBODY } from './everybody.js';
import type { ForwardMember } from './forward-member.js';
import { IdleWatch } from './idle-watch.js';
import { Input, Lane } from './lane.js';
import type { ForwardingOrder, Targets } from './order.js';
import type { Scheduler } from './scheduler.js';

/**
 * Forwarding by watermark: a message goes out as soon as every source has promised that nothing earlier follows.
 *
 * All receivers share one lane; or, with a frontier for each receiver, each has a lane of the sources that can write to
 * it.
 */
export class WatermarkOrder<T> implements ForwardingOrder<T> {
  readonly core: Core<T>;
  readonly unique = false;
  readonly gapless: boolean = true;
  readonly window: number = Infinity;
  readonly plain: boolean;
  held = 0;
  heldMost = 0;
  clock: Timestamp;
  readonly #shared: Lane<T> | undefined;
  readonly #lanes = new Map<Channel<T>, Lane<T>>();
  /** The lanes in which something may be due, where each receiver has its own. */
  readonly #stirred = new Set<Lane<T>>();
  readonly #members = new Set<ForwardMember<T>>();
  readonly #idle: IdleWatch<ForwardMember<T>> | undefined;

  constructor(core: Core<T>, perReceiver: boolean, idleAfter: number | undefined, scheduler: Scheduler) {
    this.core = core;
    core.order = this;
    this.clock = core.seed;
    this.#shared = perReceiver ? undefined : new Lane(undefined, core.time);
    this.plain = !perReceiver && idleAfter === undefined;
    if (idleAfter !== undefined) this.#idle = new IdleWatch(idleAfter, scheduler, (member) => this.#fallIdle(member));
  }

  get lanes(): readonly Lane<T>[] {
    return this.#shared === undefined ? [...this.#lanes.values()] : [this.#shared];
  }

  // -- what comes in

  judge(member: ForwardMember<T>, ts: Timestamp, targets: Targets<T>): ForwardRefusal | undefined {
    if (this.#shared !== undefined) return this.#judge(member.input, ts, member);
    let refusal: ForwardRefusal | undefined;
    for (const channel of this.core.channelsOf(targets)) {
      refusal = this.#judge(member.inputs.get(channel), ts, member);
      if (refusal === undefined) return undefined;
    }
    return refusal;
  }

  awaits(member: ForwardMember<T>, _ts: Timestamp | undefined, channel: Channel<T>): boolean {
    const input = this.#shared === undefined ? member.inputs.get(channel) : member.input;
    return input !== undefined && input.promise <= input.lane.game.winnerKey && input.backlog.size <= member.disorder;
  }

  /**
   * The short way for what nearly every message is: a source's next, for one receiver that has room. False where
   * anything is out of the ordinary.
   */
  takeNext(member: ForwardMember<T>, item: Clocked<T>, channel: Channel<T>): boolean {
    const input = member.input as Input<T>;
    const ts = item[1];
    if (!(ts > input.promise && Number.isSafeInteger(ts)) || item[0] === null) return false;
    if (channel.life !== 'open' || channel.load >= channel.bound) return false;
    member.spoken = true;
    channel.load++;
    this.held++;
    input.promise = ts;
    const first = input.backlog.size === 0;
    input.backlog.append(item);
    // Behind another message of its own it changes nothing for anybody.
    if (first) {
      const { game, clock } = input.lane;
      game.update(input.seat, ts, true);
      if (game.winnerReady || game.winnerKey > clock) this.core.run();
    }
    if (this.held > this.heldMost) this.heldMost = this.held;
    return true;
  }

  insert(member: ForwardMember<T>, item: Clocked<T>, targets: Targets<T>): void {
    if (this.#shared !== undefined) {
      const input = member.input as Input<T>;
      this.#hold(input, item, targets);
      this.#advance(input, item[1] - member.disorder);
    } else {
      const late = this.core.channelsOf(targets).filter((channel) => {
        const input = member.inputs.get(channel);
        if (this.#judge(input, item[1], member) !== undefined) return true;
        this.#hold(input as Input<T>, item, channel.alone);
        return false;
      });
      if (late.length > 0) this.core.late++;
      for (const channel of late) channel.drop(item, 'late');
      this.#advanceAll(member, item[1] - member.disorder);
    }
    this.core.run();
    if (this.held > this.heldMost) this.heldMost = this.held;
  }

  tick(member: ForwardMember<T>, item: Clocked<T>): undefined {
    const ts = item[1];
    // However disordered its messages are, a tick is a promise.
    if (this.#shared !== undefined) this.#advance(member.input as Input<T>, ts);
    else this.#advanceAll(member, ts);
    this.core.run();
  }

  hear(member: ForwardMember<T>): void {
    if (this.#idle === undefined) return;
    this.#idle.hear(member);
    if (!member.idle) return;
    member.idle = false;
    this.#reconsider(member);
  }

  evict(channel: Channel<T>, member: ForwardMember<T>): boolean {
    const input = this.#shared === undefined ? member.inputs.get(channel) : member.input;
    const item = input?.backlog.remove(channel.alone);
    if (input === undefined || item === undefined) return false;
    input.update();
    this.held--;
    channel.load--;
    channel.drop(item, 'drop-oldest');
    return true;
  }

  makeWay(): boolean {
    return true;
  }

  #judge(input: Input<T> | undefined, ts: Timestamp, member: ForwardMember<T>): ForwardRefusal | undefined {
    if (input === undefined) return undefined;
    if (ts <= input.promise && member.spoken && member.disorder === 0 && member.strict) return 'duplicate';
    const { clock } = input.lane;
    return ts < clock || (ts === clock && (ts === this.core.seed || this.strict)) ? 'late' : undefined;
  }

  #hold(input: Input<T>, item: Clocked<T>, targets: Targets<T>): void {
    this.core.room.reserve(targets);
    input.backlog.push(item, targets);
    this.held++;
  }

  #advanceAll(member: ForwardMember<T>, ts: Timestamp): void {
    for (const input of member.inputs.values()) this.#advance(input, ts);
  }

  #advance(input: Input<T>, promise: Timestamp): void {
    if (promise > input.promise) input.promise = promise;
    input.update();
    if (input.lane !== this.#shared) this.#stirred.add(input.lane);
  }

  // -- what goes out

  drain(): void {
    if (this.#shared !== undefined) return this.#drain(this.#shared);
    for (const lane of this.#stirred) {
      this.#stirred.delete(lane);
      this.#drain(lane);
    }
  }

  #drain(lane: Lane<T>): void {
    const { game } = lane;
    for (;;) {
      if (game.winnerReady) {
        const input = lane.inputs[game.winner] as Input<T>;
        const { targets } = input.backlog;
        const item = input.shift();
        this.held--;
        this.#reach(lane, item[1]);
        this.core.release(item, targets);
        // Time may be told once nothing more is due at this timestamp.
        if (!lane.owes(item[1])) this.#pass(lane);
      } else {
        const { winnerKey } = game;
        // Where nobody is waited for, nobody vouches for anything.
        if (winnerKey > lane.clock && winnerKey < Infinity) this.#reach(lane, winnerKey);
        if (lane.time.now >= lane.clock) return;
        this.#pass(lane);
      }
    }
  }

  #reach(lane: Lane<T>, ts: Timestamp): void {
    lane.clock = ts;
    if (ts > this.clock) this.clock = ts;
  }

  #pass(lane: Lane<T>): void {
    if (lane.channel === undefined) return this.core.pass(lane.clock);
    lane.time.now = lane.clock;
    this.core.ticker.passFor(lane.channel);
  }

  // -- who is there

  /** Whether no source ever repeats a timestamp. */
  get strict(): boolean {
    for (const member of this.#members) if (!member.strict) return false;
    return true;
  }

  join(member: ForwardMember<T>, like?: ForwardMember<T>): void {
    this.#members.add(member);
    if (this.#shared !== undefined) {
      member.input = new Input(
        this.#shared,
        member.name,
        Math.max(like?.input?.promise ?? 0, this.#shared.clock),
        member.everybody ? EVERYBODY : member.named,
      );
    } else {
      for (const channel of member.named ?? this.core.everybody) this.#connect(member, channel, like);
    }
    this.#reconsider(member);
    this.#idle?.hear(member);
  }

  leave(member: ForwardMember<T>): void {
    this.#members.delete(member);
    this.#idle?.forget(member);
    for (const input of this.#inputs(member)) input.gone = true;
    this.#reconsider(member);
  }

  open(channel: Channel<T>): Time {
    if (this.#shared !== undefined) return this.core.time;
    const time = { now: this.clock };
    this.#lanes.set(channel, new Lane(channel, time));
    for (const member of this.#members) if (member.named === undefined) this.#connect(member, channel);
    return time;
  }

  close(channel: Channel<T>): void {
    for (const member of this.#members) if (member.named?.includes(channel)) this.#reconsider(member);
    this.core.run();
    const lane = this.#lanes.get(channel);
    if (lane === undefined) return;
    this.#lanes.delete(channel);
    this.#stirred.delete(lane);
    for (const member of this.#members) member.inputs.delete(channel);
    for (const input of lane.inputs) this.held -= input.backlog.size;
  }

  stop(): void {
    this.#idle?.stop();
  }

  #connect(member: ForwardMember<T>, channel: Channel<T>, like?: ForwardMember<T>): void {
    const lane = this.#lanes.get(channel);
    if (lane === undefined) return;
    member.inputs.set(
      channel,
      new Input(lane, member.name, Math.max(like?.inputs.get(channel)?.promise ?? 0, lane.clock), channel.alone),
    );
  }

  #fallIdle(member: ForwardMember<T>): void {
    member.idle = true;
    this.#reconsider(member);
    this.core.run();
  }

  /** A source isn't waited for when it has left, is idle, or can write to nobody any more. */
  #reconsider(member: ForwardMember<T>): void {
    const silent = member.closed || member.idle || (member.named?.every(({ life }) => life === 'ended') ?? false);
    for (const input of this.#inputs(member)) {
      input.silent = silent;
      this.#advance(input, input.promise);
    }
  }

  #inputs(member: ForwardMember<T>): Iterable<Input<T>> {
    return member.input === undefined ? member.inputs.values() : [member.input];
  }
}
