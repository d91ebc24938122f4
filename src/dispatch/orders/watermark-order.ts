import type { Clocked, Timestamp } from '../../types.js';
import type { Tournament } from '../structures/tournament.js';
import { extract } from './extract.js';
import { LeadRule } from './lead.js';
import type { HeldMessage, Refusal, StampedOrder, TickRefusal, Without } from './order.js';
import { PresentSources } from './present-sources.js';
import { ReleaseClock } from './release-clock.js';
import { WatermarkInput } from './watermark-input.js';
import type { Joining, WatermarkOrderOptions } from './watermark-options.js';
import { WatermarkSeats } from './watermark-seats.js';

/** Forwarding by watermark: a message goes out as soon as every source has promised that nothing earlier follows. */
export class WatermarkOrder<T, P> implements StampedOrder<T, P, WatermarkInput<T, P>> {
  held = 0;
  payload!: P;
  readonly #clock: ReleaseClock;
  readonly #lead: LeadRule | undefined;
  readonly #nothing: P;
  readonly #seats: WatermarkSeats<T, P>;
  readonly #tournament: Tournament;
  readonly #present = new PresentSources();
  /** What those who have left leave behind, besides messages. */
  #remains: WatermarkInput<T, P> | undefined;

  /** `nothing`: the payload of what was taken out and leaves a tick. */
  constructor(options: WatermarkOrderOptions = {}, nothing?: P) {
    const { seed, maxLead, resyncAfter = 3 } = options;
    this.#nothing = nothing as P;
    this.#clock = new ReleaseClock(seed ?? -Infinity);
    this.#lead = maxLead === undefined ? undefined : new LeadRule(maxLead, resyncAfter);
    this.#seats = new WatermarkSeats(this.#lead !== undefined);
    this.#tournament = this.#seats.tournament;
  }

  get clock(): Timestamp {
    return this.#clock.now;
  }

  get start(): Timestamp {
    return this.#clock.start;
  }

  get settled(): Timestamp {
    return this.#clock.settled;
  }

  get unique(): boolean {
    return this.#present.unique;
  }

  get strict(): boolean {
    return this.#present.strict;
  }

  /** Whose promise is the frontier; nobody's where a message is due, or nobody is waited for. */
  get holder(): WatermarkInput<T, P> | undefined {
    const { winnerReady, winnerKey } = this.#tournament;
    return winnerReady || winnerKey === Infinity ? undefined : this.#seats.winner;
  }

  holders(): readonly WatermarkInput<T, P>[] {
    const { holder } = this;
    return holder === undefined ? [] : [holder];
  }

  /** The least promise that counts; `Infinity` where none does. */
  get frontier(): Timestamp {
    return this.#seats.leastPromise;
  }

  // -- what comes in

  judge(input: WatermarkInput<T, P>, ts: Timestamp): Refusal | undefined {
    const refusal = input.refuses(ts, this.#clock.settled);
    return this.#lead === undefined ? refusal : this.#lead.judge(input, ts, this.leadBase(input), refusal);
  }

  judgeTick(input: WatermarkInput<T, P>, ts: Timestamp): TickRefusal | undefined {
    const refusal = input.isPast(ts, this.#clock.settled) ? 'past' : undefined;
    return this.#lead === undefined ? refusal : this.#lead.judge(input, ts, this.leadBase(input), refusal);
  }

  /** What a lead is counted from, with `maxLead`: the least promise of the others, else the clock; `Infinity` before the first release. */
  leadBase(input: WatermarkInput<T, P>): Timestamp {
    if (!this.#clock.begun) return Infinity;
    const least = this.#seats.leastPromiseBesides(input);
    return least === Infinity ? this.#clock.now : least;
  }

  insert(input: WatermarkInput<T, P>, item: Clocked<T>, payload: P): void {
    if (!this.#seats.has(input)) this.#seats.add(input);
    input.backlog.push(item, payload);
    this.held++;
    input.bring(item[1]);
    this.#seats.update(input);
  }

  bring(input: WatermarkInput<T, P>, ts: Timestamp): void {
    input.bring(ts);
    this.#seats.update(input);
  }

  append(input: WatermarkInput<T, P>, item: Clocked<T>): 0 | 1 | 2 {
    const ts = item[1];
    if (!input.ordinary || this.#lead !== undefined || !Number.isSafeInteger(ts)) return 0;
    if (input.bounded ? !(ts > input.bound) : !this.#clock.isBehind(ts)) return 0;
    input.spoken = true;
    input.bounded = true;
    input.bound = ts;
    input.said = ts;
    const first = input.backlog.size === 0;
    input.backlog.append(item);
    this.held++;
    // Behind another message of its own it changes nothing for anybody.
    if (!first) return 1;
    const tournament = this.#tournament;
    tournament.update(input.seat, ts, true);
    return tournament.winnerReady || this.#clock.isBehind(tournament.winnerKey) ? 2 : 1;
  }

  reach(input: WatermarkInput<T, P>, ts: Timestamp): void {
    input.reach(ts);
    this.#seats.update(input);
  }

  hold(input: WatermarkInput<T, P>, ts: Timestamp | undefined): void {
    input.hold(ts);
    this.#seats.update(input);
  }

  awaits(input: WatermarkInput<T, P>, ts: Timestamp): boolean {
    const { backlog, promise, waitsAt } = input;
    if (input.silent || promise > this.#tournament.winnerKey) return false;
    // Of a source whose calls wait, the first of them.
    if (waitsAt !== undefined && waitsAt !== ts) return false;
    if (backlog.messages <= input.disorder) return true;
    // More than that only where nothing that it has brought can go out before.
    const first = backlog.peek();
    return waitsAt !== undefined && first !== undefined && first[1] > promise;
  }

  heldOf(input: WatermarkInput<T, P>): number {
    return input.backlog.messages;
  }

  // -- what goes out

  take(): Clocked<T> | undefined {
    const tournament = this.#tournament;
    if (!tournament.winnerReady) {
      this.#rest();
      return undefined;
    }
    const input = this.#seats.winner;
    const { backlog } = input;
    const item = backlog.shift();
    this.payload = backlog.payload;
    const ts = item[1];
    if (item[0] !== null) this.held--;
    // What leaves nothing behind leaves the promise, which is the same number: no second round is played.
    if (input.ordinary && backlog.size === 0) tournament.update(input.seat, input.bound, false);
    else this.#seats.update(input);
    if (input.gone) this.#retire(input);
    this.#clock.move(ts, this.#isFinal(ts));
    return item;
  }

  /** Nothing is due: the clock goes as far as the frontier. */
  #rest(): void {
    const clock = this.#clock;
    if (this.#tournament.winnerKey === Infinity) {
      // All are silent.
      if (this.#present.size > 0 && clock.begun) clock.settle();
      return;
    }
    const { bounded, bound } = this.#seats.winner;
    if (bounded && clock.isBehind(bound)) clock.move(bound, this.#isFinal(bound));
  }

  dueAt(ts: Timestamp): boolean {
    return this.#tournament.winnerReady && this.#tournament.winnerKey === ts;
  }

  evict(without: Without<P>, key?: object): HeldMessage<T, P> | undefined {
    return this.remove(without, 1, key)[0];
  }

  remove(without: Without<P>, count: number, key?: object): HeldMessage<T, P>[] {
    if (this.held === 0) return [];
    const { messages, inputs, gone } = extract(this.#seats.concerning(key), without, count);
    this.held -= gone;
    for (const input of inputs) {
      this.#seats.update(input);
      this.#retire(input);
    }
    return messages;
  }

  /** Of one that has left nothing stays but its messages, and of all these the last timestamp that is without one. */
  #retire(input: WatermarkInput<T, P>): void {
    if (!input.gone) return;
    const { backlog } = input;
    if (backlog.size > 0 && backlog.messages === 0) {
      while (backlog.size > 0) this.#leaveTick(backlog.shift()[1]);
      this.#seats.update(input);
    }
    this.#seats.vacate(input);
  }

  /** A timestamp is told in its turn, or by a later one. */
  #leaveTick(ts: Timestamp): void {
    const remains = (this.#remains ??= this.#nobody());
    const last = remains.backlog.peek();
    if (last !== undefined && last[1] >= ts) return;
    if (last !== undefined) remains.backlog.shift();
    remains.backlog.push([null, ts], this.#nothing);
    this.#seats.update(remains);
  }

  /** An input that nobody waits for. */
  #nobody(): WatermarkInput<T, P> {
    const joining = { usual: this.#nothing, keys: [], strict: true, disorder: 0 };
    const input = new WatermarkInput<T, P>({}, joining, this.#nothing);
    input.setSilent(true);
    this.#seats.add(input);
    return input;
  }

  // -- who is there

  join(owner: object, joining: Joining<P, WatermarkInput<T, P>>): WatermarkInput<T, P> {
    const input = new WatermarkInput<T, P>(owner, joining, this.#nothing);
    if (this.clock > -Infinity) input.raise(this.clock);
    this.#present.add(input);
    this.#seats.add(input);
    return input;
  }

  leave(input: WatermarkInput<T, P>): void {
    if (input.gone) return;
    this.#present.delete(input);
    input.gone = true;
    input.setSilent(true);
    this.#seats.update(input);
    this.#retire(input);
  }

  /** A source that is idle, or writes to nobody, is not waited for. One that comes back starts at the clock. */
  setSilent(input: WatermarkInput<T, P>, silent: boolean): void {
    if (input.gone || input.silent === silent) return;
    this.#present.delete(input);
    input.setSilent(silent);
    if (!silent && this.#clock.begun) input.raise(this.#clock.now);
    this.#present.add(input);
    this.#seats.update(input);
  }

  /** Whether a source repeats no timestamp has turned out, or has changed. */
  setStrict(input: WatermarkInput<T, P>, strict = true): void {
    if (input.gone || input.strict === strict) return;
    this.#present.delete(input);
    input.strict = strict;
    this.#present.add(input);
  }

  /** Whether nothing more follows at the timestamp of the clock: all that count are strict, and nothing more is due. */
  #isFinal(ts: Timestamp): boolean {
    return this.#present.strict && !this.dueAt(ts);
  }
}
