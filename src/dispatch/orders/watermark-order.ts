import type { Clocked, Timestamp } from '../../types.js';
import type { Tournament } from '../structures/tournament.js';
import type { Concerned } from './backlog.js';
import { LeadRule } from './lead.js';
import type { HeldMessage, Refusal, StampedOrder, Without } from './order.js';
import { ReleaseClock } from './release-clock.js';
import { WatermarkInput } from './watermark-input.js';
import type { Joining } from './watermark-input.js';
import { WatermarkSeats } from './watermark-seats.js';

/** What an order by watermark may be told. */
export interface WatermarkOrderOptions {
  /** Where the clock begins; without one it reads `-Infinity` and no timestamp is too small. */
  readonly seed?: Timestamp | undefined;
  /** How far a source may be ahead of the others. */
  readonly maxLead?: number | undefined;
  /** After how many messages in a row a source that is further ahead is believed; 3 unless given. */
  readonly resyncAfter?: number | undefined;
}

/** Forwarding by watermark: a message goes out as soon as every source has promised that nothing earlier follows. */
export class WatermarkOrder<T, P> implements StampedOrder<T, P, WatermarkInput<T, P>> {
  held = 0;
  payload!: P;
  readonly #clock: ReleaseClock;
  readonly #lead: LeadRule | undefined;
  readonly #seats: WatermarkSeats<T, P>;
  readonly #game: Tournament;
  /** Sources that are there, those that are strict, and those that are waited for and may repeat a timestamp. */
  #present = 0;
  #presentStrict = 0;
  #loose = 0;

  constructor({ seed, maxLead, resyncAfter = 3 }: WatermarkOrderOptions = {}) {
    this.#clock = new ReleaseClock(seed ?? -Infinity);
    this.#lead = maxLead === undefined ? undefined : new LeadRule(maxLead, resyncAfter);
    this.#seats = new WatermarkSeats(this.#lead !== undefined);
    this.#game = this.#seats.game;
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
    return this.#present === 1 && this.#presentStrict === 1;
  }

  get strict(): boolean {
    return this.#present > 0 && this.#loose === 0;
  }

  /** Whose promise is the frontier; nobody's where a message is due, or nobody is waited for. */
  get holder(): WatermarkInput<T, P> | undefined {
    const { winnerReady, winnerKey } = this.#game;
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

  judge(input: WatermarkInput<T, P>, ts: Timestamp, payload: P | undefined): Refusal | undefined {
    const refusal = this.refusal(input, ts, payload === undefined);
    if (this.#lead === undefined) return refusal;
    input.leadRun = refusal === undefined ? this.#lead.next(input.leadRun, ts, this.leadBase(input)) : undefined;
    return refusal ?? (this.#lead.refuses(input.leadRun) ? 'ahead' : undefined);
  }

  /** `judge`, but for the lead. */
  refusal(input: WatermarkInput<T, P>, ts: Timestamp, isTick: boolean): 'duplicate' | 'late' | undefined {
    if (input.hasBrought(ts, isTick)) return 'duplicate';
    if (ts <= this.#clock.settled) return 'late';
    return input.hasExcluded(ts) ? 'duplicate' : undefined;
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
    const game = this.#game;
    game.update(input.seat, ts, true);
    return game.winnerReady || this.#clock.isBehind(game.winnerKey) ? 2 : 1;
  }

  reach(input: WatermarkInput<T, P>, ts: Timestamp): void {
    input.reach(ts);
    this.#update(input);
  }

  hold(input: WatermarkInput<T, P>, ts: Timestamp | undefined): void {
    input.hold(ts);
    this.#update(input);
  }

  awaits(input: WatermarkInput<T, P>): boolean {
    return !input.silent && input.backlog.size <= input.disorder && input.promise <= this.#game.winnerKey;
  }

  heldOf(input: WatermarkInput<T, P>): number {
    return input.backlog.size;
  }

  // -- what goes out

  take(): Clocked<T> | undefined {
    const game = this.#game;
    if (game.winnerReady) {
      const input = this.#seats.winner;
      this.payload = input.backlog.payload;
      const item = input.backlog.shift();
      this.held--;
      this.#seats.update(input);
      if (input.gone) this.#vacate(input);
      this.#clock.move(item[1]);
      this.#settle(item[1]);
      return item;
    }
    if (game.winnerKey < Infinity) {
      const { promise } = this.#seats.winner;
      if (!this.#clock.isBehind(promise)) return undefined;
      this.#clock.move(promise);
      this.#settle(promise);
    } else if (this.#present > 0 && this.#clock.begun) {
      // All are silent.
      this.#clock.settle(this.#clock.now);
    }
    return undefined;
  }

  dueAt(ts: Timestamp): boolean {
    return this.#game.winnerReady && this.#game.winnerKey === ts;
  }

  evict(without: Without<P>): HeldMessage<T, P> | undefined {
    return this.#extract(without, 1)[0];
  }

  remove(without: Without<P>, count: number): HeldMessage<T, P>[] {
    return this.#extract(without, count);
  }

  /** The first of those that `without` concerns; their payloads are reduced. */
  #extract(without: Without<P>, count: number): HeldMessage<T, P>[] {
    if (this.held === 0) return [];
    const found: { input: WatermarkInput<T, P>; message: Concerned<T, P> }[] = [];
    for (const input of this.#seats.inputs) {
      if (input.backlog.size === 0) continue;
      for (const message of input.backlog.find(without, count)) found.push({ input, message });
    }
    // Equal timestamps stay in the order of seats.
    const taken = found.sort((a, b) => a.message.item[1] - b.message.item[1]).slice(0, count);
    const byInput = new Map<WatermarkInput<T, P>, Concerned<T, P>[]>();
    for (const { input, message } of taken) {
      const ofInput = byInput.get(input);
      if (ofInput === undefined) byInput.set(input, [message]);
      else ofInput.push(message);
    }
    for (const [input, messages] of byInput) {
      input.backlog.reduce(messages);
      this.held -= messages.filter(({ rest }) => rest === undefined).length;
      this.#update(input);
      if (input.gone) this.#vacate(input);
    }
    return taken.map(({ message: { item, payload } }) => ({ item, payload }));
  }

  // -- who is there

  join(owner: object, joining: Joining<P, WatermarkInput<T, P>>): WatermarkInput<T, P> {
    const input = new WatermarkInput<T, P>(owner, joining.usual, joining);
    if (this.clock > -Infinity) input.raise(this.clock);
    this.#count(input, 1);
    this.#seats.add(input);
    return input;
  }

  leave(input: WatermarkInput<T, P>): void {
    if (input.gone) return;
    this.#count(input, -1);
    input.gone = true;
    input.setSilent(true);
    this.#seats.update(input);
    this.#vacate(input);
  }

  /** A source that is idle, or writes to nobody, is not waited for. One that comes back starts at the clock. */
  setSilent(input: WatermarkInput<T, P>, silent: boolean): void {
    if (input.gone || input.silent === silent) return;
    this.#count(input, -1);
    input.setSilent(silent);
    if (!silent && this.#clock.begun) input.raise(this.#clock.now);
    this.#count(input, 1);
    this.#seats.update(input);
  }

  /** The source turns out never to repeat a timestamp. */
  setStrict(input: WatermarkInput<T, P>): void {
    if (input.gone || input.strict) return;
    this.#count(input, -1);
    input.strict = true;
    this.#count(input, 1);
  }

  #count({ silent, strict }: WatermarkInput<T, P>, by: 1 | -1): void {
    this.#present += by;
    if (strict) this.#presentStrict += by;
    if (!silent && !strict) this.#loose += by;
  }

  #vacate(input: WatermarkInput<T, P>): void {
    if (input.backlog.size === 0) this.#seats.vacate(input);
  }

  #update(input: WatermarkInput<T, P>): void {
    if (this.#seats.has(input)) this.#seats.update(input);
  }

  /** The clock is at `ts`: nothing below can follow, and nothing at it where all that count are strict and nothing more is due. */
  #settle(ts: Timestamp): void {
    const final = this.#loose === 0 && this.#present > 0 && !this.dueAt(ts);
    this.#clock.settle(final ? ts : ts - 1);
  }
}
