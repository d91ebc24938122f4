import type { Clocked, Timestamp } from '../../types.js';
import { FrontierInput } from './frontier-input.js';
import type { FrontierPart } from './frontier-input.js';
import { Frontiers } from './frontiers.js';
import { LeadRule } from './lead.js';
import type { HeldMessage, Refusal, StampedOrder, TickRefusal, Without } from './order.js';
import { PresentSources } from './present-sources.js';
import { ReceiverFrontier } from './receiver-frontier.js';
import type { Promising, WatermarkOrderOptions } from './watermark-options.js';

/** What is known of a source when it joins: `keys` are the receivers that it can write to. */
export interface FrontierJoining<T, K extends object> extends Promising<FrontierInput<T, K>> {
  readonly keys: readonly K[] | 'all';
}

/**
 * Forwarding by watermark with a frontier for each receiver: a message goes out at a receiver as soon as every source
 * that can write there has promised that nothing earlier follows. A message of several receivers is held, and goes out,
 * at each by itself; all of them see one order, also of what has the same timestamp.
 */
export class ReceiverFrontierOrder<T, K extends object> implements StampedOrder<T, readonly K[], FrontierInput<T, K>> {
  readonly start: Timestamp;
  /** The greatest clock that a receiver ever had. */
  clock: Timestamp;
  payload: readonly K[] = [];
  readonly #options: WatermarkOrderOptions;
  readonly #lead: LeadRule | undefined;
  readonly #frontiers = new Frontiers<T, K>();
  /** Sources that are there, in the order of joining. */
  readonly #sources = new Set<FrontierInput<T, K>>();
  readonly #present = new PresentSources();
  #seats = 0;
  #arrivals = 0;
  #ranks = 0;

  constructor(options: WatermarkOrderOptions = {}) {
    this.#options = options;
    this.clock = this.start = options.seed ?? -Infinity;
    const { maxLead, resyncAfter = 3 } = options;
    this.#lead = maxLead === undefined ? undefined : new LeadRule(maxLead, resyncAfter);
  }

  /** Nothing is settled for whoever comes: a new receiver begins at the start. See `settledOf`. */
  get settled(): Timestamp {
    return this.start;
  }

  get unique(): boolean {
    return this.#present.unique;
  }

  get strict(): boolean {
    return this.#present.strict;
  }

  get held(): number {
    return this.#frontiers.held;
  }

  /** Messages that wait for their turn, each counted once. */
  get messages(): number {
    return this.#frontiers.messages;
  }

  /** The least of all frontiers; `Infinity` where nobody is waited for. */
  get frontier(): Timestamp {
    let least = Infinity;
    for (const { order } of this.#frontiers.byKey.values()) least = Math.min(least, order.frontier);
    return least;
  }

  /** Whose promise is the least frontier. */
  get holder(): FrontierInput<T, K> | undefined {
    const { frontier } = this;
    for (const { order, holder } of this.#frontiers.byKey.values()) if (order.frontier === frontier) return holder;
    return undefined;
  }

  /** Whose promises are the frontiers of the receivers that have changed, or were looked at, since the last call. */
  holders(): readonly FrontierInput<T, K>[] {
    return this.#frontiers.changed.holders();
  }

  /** `holders` tells of this receiver, too. */
  look(key: K): void {
    const frontier = this.#frontiers.byKey.get(key);
    if (frontier !== undefined) this.#frontiers.changed.ask(frontier);
  }

  /** The receivers where the clock moved, or more is settled, since the last call. */
  moved(): readonly K[] {
    return this.#frontiers.changed.moved();
  }

  clockOf(key: K): Timestamp {
    return this.#frontiers.byKey.get(key)?.order.clock ?? this.start;
  }

  settledOf(key: K): Timestamp {
    return this.#frontiers.byKey.get(key)?.settled ?? this.start;
  }

  strictOf(key: K): boolean {
    return this.#frontiers.byKey.get(key)?.order.strict ?? false;
  }

  uniqueOf(key: K): boolean {
    return this.#frontiers.byKey.get(key)?.order.unique ?? false;
  }

  /** How many messages wait for this receiver. */
  heldAt(key: K): number {
    return this.#frontiers.byKey.get(key)?.held.size ?? 0;
  }

  // -- what comes in

  judge(input: FrontierInput<T, K>, ts: Timestamp, payload: readonly K[]): Refusal | undefined {
    const refusal = input.own.refuses(ts, this.#lateUpTo(input, payload));
    return this.#lead === undefined ? refusal : this.#lead.judge(input.own, ts, this.leadBase(input), refusal);
  }

  judgeTick(input: FrontierInput<T, K>, ts: Timestamp): TickRefusal | undefined {
    const refusal = input.own.isPast(ts, this.#lateUpTo(input, undefined)) ? 'past' : undefined;
    return this.#lead === undefined ? refusal : this.#lead.judge(input.own, ts, this.leadBase(input), refusal);
  }

  /** What a lead is counted from, with `maxLead`: the least, among the receivers that it can write to. */
  leadBase(input: FrontierInput<T, K>): Timestamp {
    let least = Infinity;
    for (const [key, part] of input.parts) least = Math.min(least, this.#frontiers.at(key).order.leadBase(part));
    return least;
  }

  /** At which of these receivers the message is late; `insert` leaves them out. */
  lateAt(input: FrontierInput<T, K>, ts: Timestamp, keys: readonly K[]): readonly K[] {
    return keys.filter((key) => {
      const frontier = this.#frontiers.byKey.get(key);
      return frontier !== undefined && input.parts.has(key) && ts <= frontier.settled;
    });
  }

  /** Where it is for everybody, whoever comes before it went out anywhere gets it, too. */
  insert(
    input: FrontierInput<T, K>,
    item: Clocked<T>,
    payload: readonly K[],
    everybody: boolean = input.everybody,
  ): void {
    const message = { item, source: input, arrival: this.#arrivals++, rank: undefined, places: 0 };
    const targets = new Set(payload);
    for (const [key, part] of input.parts) {
      const frontier = this.#frontiers.at(key);
      if (targets.has(key) && item[1] > frontier.settled) this.#frontiers.hold(message, frontier);
      else frontier.order.bring(part, item[1]);
      this.#frontiers.changed.add(frontier);
    }
    input.own.bring(item[1]);
    // What is late everywhere is for nobody.
    if (everybody && (payload.length === 0 || message.places > 0)) this.#frontiers.broadcast(message);
  }

  /** There is no short way. */
  append(): 0 {
    return 0;
  }

  bring(input: FrontierInput<T, K>, ts: Timestamp): void {
    input.own.bring(ts);
    this.#each(input, (frontier, part) => {
      frontier.order.bring(part, ts);
    });
  }

  reach(input: FrontierInput<T, K>, ts: Timestamp): void {
    input.own.reach(ts);
    this.#each(input, (frontier, part) => {
      frontier.order.reach(part, ts);
    });
  }

  hold(input: FrontierInput<T, K>, ts: Timestamp | undefined): void {
    input.own.hold(ts);
    this.#each(input, (frontier, part) => {
      frontier.order.hold(part, ts);
    });
  }

  awaits(input: FrontierInput<T, K>, ts: Timestamp): boolean {
    if (input.unclaimed > input.disorder) return false;
    for (const [key, part] of input.parts) if (this.#frontiers.at(key).order.awaits(part, ts)) return true;
    return false;
  }

  /** Whether this receiver waits for the message, so that it may come in where there is no room. */
  awaitsAt(input: FrontierInput<T, K>, ts: Timestamp, key: K): boolean {
    const frontier = this.#frontiers.byKey.get(key);
    const part = frontier && input.parts.get(key);
    return part !== undefined && frontier?.order.awaits(part, ts) === true;
  }

  heldOf(input: FrontierInput<T, K>): number {
    return input.held;
  }

  // -- what goes out

  take(): Clocked<T> | undefined {
    const { changed } = this.#frontiers;
    for (let frontier = changed.next; frontier !== undefined; frontier = changed.next) {
      const message = frontier.take(() => this.#ranks++);
      this.clock = Math.max(this.clock, frontier.order.clock);
      changed.look(frontier);
      if (message !== undefined) {
        this.#frontiers.released(message);
        this.payload = frontier.alone;
        return message.item;
      }
      changed.rest(frontier);
    }
    return undefined;
  }

  /** Whether another message is due at this timestamp, at this receiver or at any. */
  dueAt(ts: Timestamp, key?: K): boolean {
    if (key !== undefined) return this.#frontiers.byKey.get(key)?.dueAt(ts) === true;
    for (const frontier of this.#frontiers.byKey.values()) if (frontier.dueAt(ts)) return true;
    return false;
  }

  evict(without: Without<readonly K[]>): HeldMessage<T, readonly K[]> | undefined {
    return this.#frontiers.remove(without, 1)[0];
  }

  remove(without: Without<readonly K[]>, count: number): HeldMessage<T, readonly K[]>[] {
    return this.#frontiers.remove(without, count);
  }

  // -- who is there

  /**
   * A receiver comes: it begins at its own clock, and waits for whoever can write to everybody. It gets what is held for
   * everybody and went out nowhere yet: the answer is these messages.
   */
  open(key: K): readonly Clocked<T>[] {
    return this.#frontiers.open(new ReceiverFrontier<T, K>(key, this.#options), this.#sources);
  }

  /** A receiver goes, and with it what is held for it. */
  close(key: K): HeldMessage<T, readonly K[]>[] {
    return this.#frontiers.close(key);
  }

  /** What is held for whoever comes is held no longer. */
  letGo(): void {
    this.#frontiers.letGo();
  }

  join(owner: object, { keys, strict, disorder, like }: FrontierJoining<T, K>): FrontierInput<T, K> {
    const promising = { strict, disorder, like: like?.own };
    const input = new FrontierInput<T, K>(owner, this.#seats++, keys === 'all', promising);
    if (this.start > -Infinity) input.own.raise(this.start);
    this.#sources.add(input);
    this.#present.add(input.own);
    for (const key of keys === 'all' ? this.#frontiers.byKey.keys() : keys) {
      const frontier = this.#frontiers.byKey.get(key);
      if (frontier === undefined || input.parts.has(key)) continue;
      frontier.connect(input);
      this.#frontiers.changed.add(frontier);
    }
    return input;
  }

  leave(input: FrontierInput<T, K>): void {
    if (input.gone) return;
    this.#sources.delete(input);
    this.#present.delete(input.own);
    input.own.gone = true;
    input.own.setSilent(true);
    for (const key of [...input.parts.keys()]) {
      const frontier = this.#frontiers.at(key);
      frontier.disconnect(input);
      this.#frontiers.changed.add(frontier);
    }
  }

  setSilent(input: FrontierInput<T, K>, silent: boolean): void {
    if (input.gone) return;
    this.#present.delete(input.own);
    input.own.setSilent(silent);
    this.#present.add(input.own);
    this.#each(input, (frontier, part) => {
      frontier.order.setSilent(part, silent);
    });
  }

  setStrict(input: FrontierInput<T, K>, strict = true): void {
    if (input.gone) return;
    this.#present.delete(input.own);
    input.own.strict = strict;
    this.#present.add(input.own);
    this.#each(input, (frontier, part) => {
      frontier.order.setStrict(part, strict);
    });
  }

  #each(input: FrontierInput<T, K>, act: (frontier: ReceiverFrontier<T, K>, part: FrontierPart<T, K>) => void): void {
    for (const [key, part] of input.parts) {
      const frontier = this.#frontiers.at(key);
      act(frontier, part);
      this.#frontiers.changed.add(frontier);
    }
  }

  /** Up to where a message for these, or a tick, is late everywhere. */
  #lateUpTo(input: FrontierInput<T, K>, payload: readonly K[] | undefined): Timestamp {
    const targets = payload && new Set(payload);
    let least = Infinity;
    for (const key of input.parts.keys()) {
      if (targets?.has(key) !== false) least = Math.min(least, this.#frontiers.at(key).settled);
    }
    return least === Infinity ? this.start : least;
  }
}
