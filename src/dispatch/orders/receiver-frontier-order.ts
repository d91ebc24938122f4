import type { Clocked, Timestamp } from '../../types.js';
import { ChangedFrontiers } from './changed-frontiers.js';
import { FrontierInput, inOrder } from './frontier-input.js';
import type { FrontierMessage, FrontierPart } from './frontier-input.js';
import { LeadRule } from './lead.js';
import type { HeldMessage, Refusal, StampedOrder, Without } from './order.js';
import { PresentSources } from './present-sources.js';
import { ReceiverFrontier } from './receiver-frontier.js';
import type { Promising, WatermarkOrderOptions } from './watermark-options.js';
import { refusalOf } from './watermark-order.js';

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
  held = 0;
  payload: readonly K[] = [];
  readonly #options: WatermarkOrderOptions;
  readonly #lead: LeadRule | undefined;
  readonly #frontiers = new Map<K, ReceiverFrontier<T, K>>();
  /** Sources that are there, in the order of joining. */
  readonly #sources = new Set<FrontierInput<T, K>>();
  readonly #present = new PresentSources();
  /** What is for everybody, is held, and went out nowhere yet: whoever comes gets it, too. */
  readonly #broadcasts = new Set<FrontierMessage<T, K>>();
  readonly #changed = new ChangedFrontiers<T, K>();
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

  /** The least of all frontiers; `Infinity` where nobody is waited for. */
  get frontier(): Timestamp {
    let least = Infinity;
    for (const { order } of this.#frontiers.values()) least = Math.min(least, order.frontier);
    return least;
  }

  /** Whose promise is the least frontier. */
  get holder(): FrontierInput<T, K> | undefined {
    const { frontier } = this;
    for (const { order, holder } of this.#frontiers.values()) if (order.frontier === frontier) return holder;
    return undefined;
  }

  /** Whose promises are the frontiers of the receivers that have changed, or were looked at, since the last call. */
  holders(): readonly FrontierInput<T, K>[] {
    return this.#changed.holders();
  }

  /** `holders` tells of this receiver, too. */
  look(key: K): void {
    const frontier = this.#frontiers.get(key);
    if (frontier !== undefined) this.#changed.ask(frontier);
  }

  /** The receivers where the clock moved, or more is settled, since the last call. */
  moved(): readonly K[] {
    return this.#changed.moved();
  }

  clockOf(key: K): Timestamp {
    return this.#frontiers.get(key)?.order.clock ?? this.start;
  }

  settledOf(key: K): Timestamp {
    return this.#frontiers.get(key)?.settled ?? this.start;
  }

  strictOf(key: K): boolean {
    return this.#frontiers.get(key)?.order.strict ?? false;
  }

  uniqueOf(key: K): boolean {
    return this.#frontiers.get(key)?.order.unique ?? false;
  }

  /** How many messages wait for this receiver. */
  heldAt(key: K): number {
    return this.#frontiers.get(key)?.held.size ?? 0;
  }

  // -- what comes in

  judge(input: FrontierInput<T, K>, ts: Timestamp, payload: readonly K[] | undefined): Refusal | undefined {
    const { own } = input;
    const refusal = refusalOf(own, ts, payload === undefined, this.#lateUpTo(input, payload));
    if (this.#lead === undefined) return refusal;
    own.leadRun = refusal === undefined ? this.#lead.next(own.leadRun, ts, leadBase(input)) : undefined;
    return refusal ?? (this.#lead.refuses(own.leadRun) ? 'ahead' : undefined);
  }

  /** What a lead is counted from, with `maxLead`. */
  leadBase(input: FrontierInput<T, K>): Timestamp {
    return leadBase(input);
  }

  /** At which of these receivers the message is late; `insert` leaves them out. */
  lateAt(input: FrontierInput<T, K>, ts: Timestamp, keys: readonly K[]): readonly K[] {
    return keys.filter((key) => {
      const frontier = this.#frontiers.get(key);
      return frontier !== undefined && input.parts.has(frontier) && ts <= frontier.settled;
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
    for (const [frontier, part] of input.parts) {
      if (targets.has(frontier.key) && item[1] > frontier.settled) {
        frontier.hold(message);
        this.held++;
      } else frontier.order.bring(part, item[1]);
      this.#changed.stir(frontier);
    }
    input.own.bring(item[1]);
    if (!everybody || (payload.length > 0 && message.places === 0)) return;
    this.#broadcasts.add(message);
    if (message.places > 0) return;
    this.held++;
    input.held++;
  }

  /** There is no short way. */
  append(): 0 {
    return 0;
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

  awaits(input: FrontierInput<T, K>): boolean {
    for (const [frontier, part] of input.parts) if (frontier.order.awaits(part)) return true;
    return false;
  }

  /** Whether this receiver waits for the message, so that it may come in where there is no room. */
  awaitsAt(input: FrontierInput<T, K>, _ts: Timestamp, key: K): boolean {
    const frontier = this.#frontiers.get(key);
    const part = frontier && input.parts.get(frontier);
    return part !== undefined && frontier?.order.awaits(part) === true;
  }

  heldOf(input: FrontierInput<T, K>): number {
    return input.held;
  }

  // -- what goes out

  take(): Clocked<T> | undefined {
    for (let frontier = this.#changed.next; frontier !== undefined; frontier = this.#changed.next) {
      const message = frontier.take(() => this.#ranks++);
      this.clock = Math.max(this.clock, frontier.order.clock);
      this.#changed.look(frontier);
      if (message !== undefined) {
        this.held--;
        this.#broadcasts.delete(message);
        this.payload = frontier.alone;
        return message.item;
      }
      this.#changed.rest(frontier);
    }
    return undefined;
  }

  /** Whether another message is due at this timestamp, at this receiver or at any. */
  dueAt(ts: Timestamp, key?: K): boolean {
    if (key !== undefined) return this.#frontiers.get(key)?.dueAt(ts) === true;
    for (const frontier of this.#frontiers.values()) if (frontier.dueAt(ts)) return true;
    return false;
  }

  evict(without: Without<readonly K[]>): HeldMessage<T, readonly K[]> | undefined {
    return this.remove(without, 1)[0];
  }

  remove(without: Without<readonly K[]>, count: number): HeldMessage<T, readonly K[]>[] {
    const found: { message: FrontierMessage<T, K>; frontier?: ReceiverFrontier<T, K> }[] = [];
    for (const frontier of this.#frontiers.values()) {
      if (frontier.held.size === 0 || without(frontier.alone) === frontier.alone) continue;
      for (const message of frontier.held) found.push({ message, frontier });
    }
    if (without(NOBODY) !== NOBODY) {
      for (const message of this.#broadcasts) if (message.places === 0) found.push({ message });
    }
    const taken = found.sort((a, b) => inOrder(a.message, b.message)).slice(0, count);
    for (const frontier of new Set(taken.map((each) => each.frontier))) {
      const messages = new Set(taken.filter((each) => each.frontier === frontier).map(({ message }) => message));
      this.#drop(messages, frontier);
    }
    return taken.map(({ message: { item }, frontier }) => ({ item, payload: frontier?.alone ?? NOBODY }));
  }

  // -- who is there

  /**
   * A receiver comes: it begins at its own clock, and waits for whoever can write to everybody. It gets what is held for
   * everybody and went out nowhere yet: the answer is how many messages that are.
   */
  open(key: K): number {
    const frontier = new ReceiverFrontier<T, K>(key, this.#options);
    this.#frontiers.set(key, frontier);
    const senders = new Set(Array.from(this.#broadcasts, ({ source }) => source));
    for (const source of this.#sources) if (source.everybody) senders.add(source);
    for (const source of [...senders].sort((a, b) => a.seat - b.seat)) frontier.connect(source);
    for (const message of this.#broadcasts) {
      if (message.places === 0) {
        this.held--;
        message.source.held--;
      }
      frontier.hold(message);
      this.held++;
    }
    for (const source of senders) if (source.gone) frontier.disconnect(source);
    this.#changed.stir(frontier);
    return frontier.held.size;
  }

  /** A receiver goes, and with it what is held for it. */
  close(key: K): HeldMessage<T, readonly K[]>[] {
    const frontier = this.#frontiers.get(key);
    if (frontier === undefined) return [];
    const held = [...frontier.held].sort(inOrder);
    this.#drop(new Set(held), frontier);
    this.#frontiers.delete(key);
    this.#changed.forget(frontier);
    for (const source of frontier.sources) source.parts.delete(frontier);
    return held.map(({ item }) => ({ item, payload: frontier.alone }));
  }

  join(owner: object, { keys, strict, disorder, like }: FrontierJoining<T, K>): FrontierInput<T, K> {
    const promising = { strict, disorder, like: like?.own };
    const input = new FrontierInput<T, K>(owner, this.#seats++, keys === 'all', promising);
    if (this.start > -Infinity) input.own.raise(this.start);
    this.#sources.add(input);
    this.#present.add(input.own);
    for (const key of keys === 'all' ? this.#frontiers.keys() : keys) {
      const frontier = this.#frontiers.get(key);
      if (frontier === undefined || input.parts.has(frontier)) continue;
      frontier.connect(input);
      this.#changed.stir(frontier);
    }
    return input;
  }

  leave(input: FrontierInput<T, K>): void {
    if (input.gone) return;
    this.#sources.delete(input);
    this.#present.delete(input.own);
    input.own.gone = true;
    input.own.setSilent(true);
    for (const frontier of [...input.parts.keys()]) {
      frontier.disconnect(input);
      this.#changed.stir(frontier);
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

  setStrict(input: FrontierInput<T, K>): void {
    if (input.gone) return;
    this.#present.delete(input.own);
    input.own.strict = true;
    this.#present.add(input.own);
    this.#each(input, (frontier, part) => {
      frontier.order.setStrict(part);
    });
  }

  #each(input: FrontierInput<T, K>, act: (frontier: ReceiverFrontier<T, K>, part: FrontierPart<T, K>) => void): void {
    for (const [frontier, part] of input.parts) {
      act(frontier, part);
      this.#changed.stir(frontier);
    }
  }

  /** Up to where a message for these, or a tick, is late everywhere. */
  #lateUpTo(input: FrontierInput<T, K>, payload: readonly K[] | undefined): Timestamp {
    const targets = payload && new Set(payload);
    let least = Infinity;
    for (const frontier of input.parts.keys()) {
      if (targets?.has(frontier.key) !== false) least = Math.min(least, frontier.settled);
    }
    return least === Infinity ? this.start : least;
  }

  #drop(messages: ReadonlySet<FrontierMessage<T, K>>, frontier: ReceiverFrontier<T, K> | undefined): void {
    this.held -= messages.size;
    if (frontier !== undefined) {
      frontier.drop(messages);
      this.#changed.stir(frontier);
      this.#changed.look(frontier);
    } else for (const { source } of messages) source.held--;
    for (const message of messages) if (message.places === 0) this.#broadcasts.delete(message);
  }
}

const NOBODY: readonly never[] = [];

/** What a lead is counted from: the least, among the receivers that it can write to. */
function leadBase<T, K extends object>({ parts }: FrontierInput<T, K>): Timestamp {
  let least = Infinity;
  for (const [{ order }, part] of parts) least = Math.min(least, order.leadBase(part));
  return least;
}
