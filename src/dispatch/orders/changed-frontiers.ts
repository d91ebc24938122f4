import type { FrontierInput } from './frontier-input.js';
import type { ReceiverFrontier } from './receiver-frontier.js';

/** Receivers where something has changed: what may be due there, how far their time is, and who holds it back. */
export class ChangedFrontiers<T, K extends object> {
  readonly #changed = new Set<ReceiverFrontier<T, K>>();
  readonly #moved = new Set<ReceiverFrontier<T, K>>();
  readonly #heldBack = new Set<ReceiverFrontier<T, K>>();

  /** A receiver where something may be due. */
  get next(): ReceiverFrontier<T, K> | undefined {
    for (const frontier of this.#changed) return frontier;
    return undefined;
  }

  /** Something has changed there: a message may be due, and somebody else may hold it back. */
  add(frontier: ReceiverFrontier<T, K>): void {
    this.#changed.add(frontier);
    this.#heldBack.add(frontier);
  }

  /** Nothing is due there until it changes again. */
  rest(frontier: ReceiverFrontier<T, K>): void {
    this.#changed.delete(frontier);
  }

  /** To be called when its clock may have moved. */
  look(frontier: ReceiverFrontier<T, K>): void {
    const { seen, settled, order } = frontier;
    if (seen[0] === order.clock && seen[1] === settled) return;
    frontier.seen = [order.clock, settled];
    this.#moved.add(frontier);
  }

  /** Its holder is asked for. */
  ask(frontier: ReceiverFrontier<T, K>): void {
    this.#heldBack.add(frontier);
  }

  moved(): readonly K[] {
    const moved = Array.from(this.#moved, ({ key }) => key);
    this.#moved.clear();
    return moved;
  }

  holders(): readonly FrontierInput<T, K>[] {
    const holders = new Set<FrontierInput<T, K>>();
    for (const { holder } of this.#heldBack) if (holder !== undefined) holders.add(holder);
    this.#heldBack.clear();
    return [...holders];
  }

  forget(frontier: ReceiverFrontier<T, K>): void {
    this.#changed.delete(frontier);
    this.#moved.delete(frontier);
    this.#heldBack.delete(frontier);
  }
}
