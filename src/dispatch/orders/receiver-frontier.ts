import type { Timestamp } from '../../types.js';
import type { FrontierInput, FrontierMessage, FrontierPart } from './frontier-input.js';
import { inOrder } from './frontier-input.js';
import type { WatermarkOrderOptions } from './watermark-options.js';
import { WatermarkOrder } from './watermark-order.js';

/** The frontier of one receiver: an order by watermark of the sources that can write to it. */
export class ReceiverFrontier<T, K extends object> {
  readonly key: K;
  /** The payload of what goes out here. */
  readonly alone: readonly K[];
  readonly order: WatermarkOrder<T, FrontierMessage<T, K> | undefined>;
  /** The sources that can write here. */
  readonly sources: Set<FrontierInput<T, K>> = new Set();
  /** What waits here. */
  readonly held: Set<FrontierMessage<T, K>> = new Set();
  /** Clock and settled, as they were seen last. */
  seen: readonly [clock: Timestamp, settled: Timestamp];
  /** What is due at the clock, in the order in which all receivers get it. */
  #due: FrontierMessage<T, K>[] = [];

  constructor(key: K, options: WatermarkOrderOptions) {
    this.key = key;
    this.alone = [key];
    this.order = new WatermarkOrder(options);
    this.seen = [this.order.clock, this.order.settled];
  }

  get settled(): Timestamp {
    const { settled, clock } = this.order;
    return this.#due.length === 0 ? settled : Math.min(settled, clock - 1);
  }

  /** Whose promise is the frontier here. */
  get holder(): FrontierInput<T, K> | undefined {
    return this.#due.length === 0 ? (this.order.holder?.owner as FrontierInput<T, K> | undefined) : undefined;
  }

  dueAt(ts: Timestamp): boolean {
    return this.#due[0]?.item[1] === ts || this.order.dueAt(ts);
  }

  connect(input: FrontierInput<T, K>): void {
    const { own, strict, disorder, silent, spoken } = input;
    const part = this.order.join(input, { usual: undefined, strict, disorder, like: own as FrontierPart<T, K> });
    if (own.waitsAt !== undefined) this.order.hold(part, own.waitsAt);
    if (spoken) this.order.reach(part, own.said);
    this.order.setSilent(part, silent);
    input.parts.set(this.key, part);
    this.sources.add(input);
  }

  disconnect(input: FrontierInput<T, K>): void {
    const part = input.parts.get(this.key);
    if (part !== undefined) this.order.leave(part);
    input.parts.delete(this.key);
    this.sources.delete(input);
  }

  hold(message: FrontierMessage<T, K>): void {
    const part = message.source.parts.get(this.key) as FrontierPart<T, K>;
    this.order.insert(part, message.item, message);
    this.held.add(message);
    message.places++;
    message.source.held++;
  }

  /** The next message that goes out; where there is none, the clock is as far as it can be. */
  take(rank: () => number): FrontierMessage<T, K> | undefined {
    if (this.#due.length === 0) this.#gather(rank);
    const message = this.#due.shift();
    if (message !== undefined) this.#letGo(message);
    return message;
  }

  /** Takes out messages that are held here. */
  drop(messages: ReadonlySet<FrontierMessage<T, K> | undefined>): void {
    this.order.remove((message) => (messages.has(message) ? undefined : message), Infinity);
    this.#due = this.#due.filter((message) => !messages.has(message));
    for (const message of messages) if (message !== undefined) this.#letGo(message);
  }

  /** Takes all that is due at the next timestamp, and fixes its order for everybody. */
  #gather(rank: () => number): void {
    let item = this.order.take();
    // What was taken out has left a tick.
    while (item?.[0] === null) item = this.order.take();
    if (item === undefined) return;
    const [, ts] = item;
    for (; item !== undefined; item = this.order.dueAt(ts) ? this.order.take() : undefined) {
      if (item[0] !== null) this.#due.push(this.order.payload as FrontierMessage<T, K>);
    }
    this.#due.sort(inOrder);
    for (const message of this.#due) message.rank ??= rank();
  }

  #letGo(message: FrontierMessage<T, K>): void {
    this.held.delete(message);
    message.places--;
    message.source.held--;
  }
}
