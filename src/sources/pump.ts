import { Subscription } from 'rxjs';
import type { Inlet } from '../dispatch/senders/inlet.js';
import { InvalidSourceError } from '../errors/inputs.js';
import { isThenable } from '../options/guards.js';
import type { Pullable } from './pull.js';

/** Where a pump tells how it ended. */
export interface PumpEnd {
  complete(): void;
  error(error: unknown): void;
}

/**
 * Pulls one item after the other, each only when there is room where the last one went.
 *
 * What is there at once goes on at once, by a loop; only real waiting goes through promises. Ends with `parent`, and
 * closes the input then, so that a generator's `finally` runs.
 */
export function pump<T>(name: string, input: Pullable<T>, inlet: Inlet<T>, parent: Subscription, end: PumpEnd): void {
  new Pump(name, input, inlet, end).start(parent);
}

const RESOLVED = Promise.resolve();

class Pump<T> {
  readonly #name: string;
  readonly #input: Pullable<T>;
  readonly #inlet: Inlet<T>;
  readonly #end: PumpEnd;
  /** An input that has ended, or has thrown, has closed itself. */
  #exhausted = false;
  /** It runs, asked for its next item. */
  #isPulling = false;
  /** An item that is not decided. */
  #inHand: { readonly item: T } | undefined;
  readonly #subscription = new Subscription(() => this.#stop());

  constructor(name: string, input: Pullable<T>, inlet: Inlet<T>, end: PumpEnd) {
    this.#name = name;
    this.#input = input;
    this.#inlet = inlet;
    this.#end = end;
  }

  start(parent: Subscription): void {
    // Before anything is pulled, so that an endless input that comes at once can be stopped.
    parent.add(this.#subscription);
    this.#run();
  }

  readonly #run = (): void => {
    try {
      while (this.#goesOn()) {
        if (!this.#inlet.hasRoom) return this.#inlet.whenRoom(!this.#input.isAsync, this.#runSoon);
        const result = this.#pull();
        if (isThenable(result)) {
          result.then(this.#resume, this.#breakDown);
          return;
        }
        if (this.#subscription.closed) return this.#refuse(result);
        if (!this.#take(result)) return;
      }
    } catch (error) {
      this.#fail(error);
    }
  };

  /** In a turn of its own: whoever made the room goes on first. */
  readonly #runSoon = (): void => void RESOLVED.then(this.#run);

  readonly #resume = (result: IteratorResult<T, unknown>): void => {
    if (this.#subscription.closed) return this.#refuse(result);
    try {
      if (this.#take(result)) this.#run();
    } catch (error) {
      this.#fail(error);
    }
  };

  readonly #breakDown = (error: unknown): void => {
    this.#exhausted = true;
    this.#input.ended();
    this.#fail(error);
  };

  #pull(): ReturnType<Pullable<T>['next']> {
    this.#isPulling = true;
    try {
      return this.#input.next();
    } catch (error) {
      this.#exhausted = true;
      throw error;
    } finally {
      this.#isPulling = false;
      if (this.#subscription.closed) this.#close();
    }
  }

  /** What comes after teardown. */
  #refuse(result: IteratorResult<T, unknown>): void {
    if (isResult(result) && !result.done) this.#input.putBack(result.value);
  }

  /** Gives the item its place; false where that takes time, or there is no item. */
  #take(result: IteratorResult<T, unknown>): boolean {
    if (!isResult(result)) throw new InvalidSourceError(this.#name, result);
    // As a loop sees it, `done` need only be truthy.
    if (result.done) {
      this.#exhausted = true;
      this.#input.ended();
      this.#subscription.unsubscribe();
      this.#end.complete();
      return false;
    }
    const item = result.value;
    this.#inHand = { item };
    const placed = this.#offer(item);
    if (placed === undefined) return true;
    placed.then(
      this.#run,
      // The sender has left: its input is stopped by whoever let it leave.
      () => this.#goesOn(),
    );
    return false;
  }

  #offer(item: T): Promise<unknown> | undefined {
    try {
      return this.#inlet.offer(item, this.#decided);
    } catch (error) {
      this.#inHand = undefined;
      throw error;
    }
  }

  readonly #decided = (): void => {
    this.#inHand = undefined;
  };

  /** Nobody is there to take anything, or the sender has failed over what it was given: there is no use in more. */
  #goesOn(): boolean {
    if (this.#inlet.closed && !this.#subscription.closed) {
      this.#subscription.unsubscribe();
      this.#end.complete();
    }
    return !this.#subscription.closed;
  }

  #fail(error: unknown): void {
    if (this.#subscription.closed) return;
    this.#subscription.unsubscribe();
    this.#end.error(error);
  }

  #stop(): void {
    this.#inlet.giveUp();
    if (this.#exhausted) return;
    // A generator can't be closed while it runs.
    if (!this.#isPulling) this.#close();
    const inHand = this.#inHand;
    this.#inHand = undefined;
    if (inHand !== undefined) this.#input.putBack(inHand.item);
  }

  /** On teardown nobody is left to be told of an error in it. */
  #close(): void {
    if (this.#exhausted) return;
    try {
      Promise.resolve(this.#input.return()).catch(() => undefined);
    } catch {
      // As above.
    }
  }
}

function isResult(result: unknown): boolean {
  return typeof result === 'object' && result !== null;
}
