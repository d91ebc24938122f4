import { ChangedFrontiers } from './changed-frontiers.js';
import { inOrder } from './frontier-input.js';
import type { FrontierInput, FrontierMessage } from './frontier-input.js';
import type { Clocked } from '../../types.js';
import type { HeldMessage, Without } from './order.js';
import type { ReceiverFrontier } from './receiver-frontier.js';

/** The frontiers of all receivers, and what is held at them or for those who will come. */
export class Frontiers<T, K extends object> {
  readonly byKey: Map<K, ReceiverFrontier<T, K>> = new Map();
  readonly changed: ChangedFrontiers<T, K> = new ChangedFrontiers();
  /** A message of several receivers counts at each, one that is for nobody yet once. */
  held = 0;
  /** Each message counts once. */
  messages = 0;
  /** What is for everybody, is held, and went out nowhere yet: whoever comes gets it, too. */
  readonly #broadcasts = new Set<FrontierMessage<T, K>>();

  hold(message: FrontierMessage<T, K>, frontier: ReceiverFrontier<T, K>): void {
    if (message.places === 0) this.messages++;
    frontier.hold(message);
    this.held++;
  }

  /** The message is for those who come later, too. */
  broadcast(message: FrontierMessage<T, K>): void {
    this.#broadcasts.add(message);
    if (message.places === 0) this.#countUnclaimed(message, 1);
  }

  /** The frontier of a receiver that is there. */
  at(key: K): ReceiverFrontier<T, K> {
    return this.byKey.get(key) as ReceiverFrontier<T, K>;
  }

  /** A message went out at one of its receivers. */
  released(message: FrontierMessage<T, K>): void {
    this.held--;
    if (message.places === 0) this.messages--;
    this.#broadcasts.delete(message);
  }

  /** A receiver comes: it gets what is held for everybody. The answer is these. */
  open(frontier: ReceiverFrontier<T, K>, sources: Iterable<FrontierInput<T, K>>): readonly Clocked<T>[] {
    this.byKey.set(frontier.key, frontier);
    // Those who have left and still hold something are there for as long as it takes to hand it over.
    const senders = new Set(Array.from(this.#broadcasts, ({ source }) => source));
    for (const source of sources) if (source.everybody) senders.add(source);
    for (const source of [...senders].sort((a, b) => a.seat - b.seat)) frontier.connect(source);
    for (const message of this.#broadcasts) {
      if (message.places === 0) this.#countUnclaimed(message, -1);
      this.hold(message, frontier);
    }
    for (const source of senders) if (source.gone) frontier.disconnect(source);
    this.changed.add(frontier);
    return Array.from(frontier.held, ({ item }) => item);
  }

  close(key: K): HeldMessage<T, readonly K[]>[] {
    const frontier = this.byKey.get(key);
    if (frontier === undefined) return [];
    const held = [...frontier.held].sort(inOrder);
    this.#drop(new Set(held), frontier, true);
    this.byKey.delete(key);
    this.changed.forget(frontier);
    for (const source of frontier.sources) source.parts.delete(key);
    return held.map(({ item }) => ({ item, payload: frontier.alone }));
  }

  /** Takes out the first messages that `without` concerns, `count` at most; each receiver's by themselves. */
  remove(without: Without<readonly K[]>, count: number): HeldMessage<T, readonly K[]>[] {
    const found: { message: FrontierMessage<T, K>; frontier?: ReceiverFrontier<T, K> }[] = [];
    for (const frontier of this.byKey.values()) {
      if (frontier.held.size === 0 || without(frontier.alone) === frontier.alone) continue;
      for (const message of frontier.held) found.push({ message, frontier });
    }
    if (without(NOBODY) !== NOBODY) {
      for (const message of this.#broadcasts) if (message.places === 0) found.push({ message });
    }
    const taken = found.sort((a, b) => inOrder(a.message, b.message)).slice(0, count);
    for (const frontier of new Set(taken.map((each) => each.frontier))) {
      const messages = taken.filter((each) => each.frontier === frontier).map(({ message }) => message);
      this.#drop(new Set(messages), frontier, false);
    }
    return taken.map(({ message: { item }, frontier }) => ({ item, payload: frontier?.alone ?? NOBODY }));
  }

  /** `isForLater`: what nobody has a place for any more, and is for everybody, is for whoever comes. */
  #drop(
    messages: ReadonlySet<FrontierMessage<T, K>>,
    frontier: ReceiverFrontier<T, K> | undefined,
    isForLater: boolean,
  ): void {
    if (frontier === undefined) {
      for (const message of messages) this.#countUnclaimed(message, -1);
    } else {
      frontier.drop(messages);
      this.held -= messages.size;
      this.changed.add(frontier);
      this.changed.look(frontier);
    }
    for (const message of messages) {
      if (message.places > 0) continue;
      if (frontier !== undefined) this.messages--;
      if (!this.#broadcasts.has(message)) continue;
      // It went out nowhere yet.
      if (isForLater) this.#countUnclaimed(message, 1);
      else this.#broadcasts.delete(message);
    }
  }

  /** What is for nobody yet is held no longer. */
  letGo(): void {
    for (const message of this.#broadcasts) {
      if (message.places > 0) continue;
      this.#countUnclaimed(message, -1);
      this.#broadcasts.delete(message);
    }
  }

  #countUnclaimed(message: FrontierMessage<T, K>, by: 1 | -1): void {
    this.held += by;
    this.messages += by;
    message.source.held += by;
    message.source.unclaimed += by;
  }
}

const NOBODY: readonly never[] = [];
