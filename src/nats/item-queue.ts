import type { Timestamp } from '../types.js';

/** An entry and its position, or a position that was passed. */
export type Item<E> = readonly [entry: E | null, ts: Timestamp];

interface Taker<E> {
  readonly resolve: (result: IteratorResult<Item<E>, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

const DONE = { done: true, value: undefined } as const;

/** Items between one who adds and one who takes. */
export class ItemQueue<E> implements AsyncIterator<Item<E>, undefined> {
  #items: Item<E>[] = [];
  #next = 0;
  readonly #takers: Taker<E>[] = [];
  #end: { readonly failure: { readonly error: unknown } | undefined } | undefined;
  #onRoom: (() => void) | undefined;
  readonly #onEnd: () => void;

  /** `onEnd` is called once, when nothing more is to be added. */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  get length(): number {
    return this.#items.length - this.#next;
  }

  get ended(): boolean {
    return this.#end !== undefined;
  }

  add(item: Item<E>): void {
    if (this.ended) return;
    const taker = this.#takers.shift();
    if (taker === undefined) this.#items.push(item);
    else taker.resolve({ done: false, value: item });
  }

  /** Of positions that were passed one after the other, the last stands for all. */
  pass(ts: Timestamp): void {
    if (this.length > 0 && this.#items[this.#items.length - 1]![0] === null) this.#items.pop();
    this.add([null, ts]);
  }

  /** What was added before is taken first, unless it has failed. */
  end(failure?: { readonly error: unknown }): void {
    if (this.ended) return;
    this.#end = { failure };
    for (const taker of this.#takers.splice(0)) this.#tellEnd(taker);
    this.#onRoom?.();
    this.#onEnd();
  }

  /** Resolves when everything has been taken, or it has ended. */
  room(): Promise<void> {
    if (this.length === 0 || this.ended) return Promise.resolve();
    return new Promise((resolve) => (this.#onRoom = resolve));
  }

  next(): Promise<IteratorResult<Item<E>, undefined>> {
    if (this.#next < this.#items.length) return Promise.resolve({ done: false, value: this.#take() });
    return new Promise((resolve, reject) => {
      const taker = { resolve, reject };
      if (this.ended) this.#tellEnd(taker);
      else this.#takers.push(taker);
    });
  }

  /** What is there already, at most so many. */
  ready(most: number): readonly Item<E>[] {
    const items: Item<E>[] = [];
    while (items.length < most && this.#next < this.#items.length) items.push(this.#take());
    return items;
  }

  return(): Promise<IteratorResult<Item<E>, undefined>> {
    this.end();
    this.#items = [];
    this.#next = 0;
    return Promise.resolve(DONE);
  }

  #take(): Item<E> {
    const item = this.#items[this.#next++]!;
    if (this.#next === this.#items.length) {
      this.#items = [];
      this.#next = 0;
      this.#onRoom?.();
    }
    return item;
  }

  /** A failure is told once. */
  #tellEnd({ resolve, reject }: Taker<E>): void {
    const failure = this.#end?.failure;
    this.#end = { failure: undefined };
    if (failure === undefined) resolve(DONE);
    else reject(failure.error);
  }
}
