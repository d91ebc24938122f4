import { Subscriber, from } from 'rxjs';
import type { Observable, ObservableInput } from 'rxjs';
import type { Inlet } from '../dispatch/senders/inlet.js';
import { InvalidSourceError } from '../errors/inputs.js';
import { isUsable } from '../options/guards.js';
import { traitsOf } from '../progress/carry.js';
import { pullable } from './pull.js';
import { pump } from './pump.js';

/**
 * Lets an input write to a sender until one of them ends, or nobody is left whom it could write to; `onEnd` is called
 * once, then. Ends with `destination`.
 *
 * What goes wrong in the input, or with what it brings, is an error of this sender alone.
 */
export function connect(
  name: string,
  input: ObservableInput<unknown>,
  inlet: Inlet<unknown>,
  destination: Subscriber<never>,
  onEnd: () => void,
): void {
  const subscriber = new InputSubscriber(inlet, onEnd);
  destination.add(subscriber);
  inlet.onDeserted(() => subscriber.complete());
  try {
    if (!isUsable(input)) throw new InvalidSourceError(name, input);
    inlet.follow(traitsOf(input));
    const pulled = pulledFrom(name, input);
    if (pulled !== undefined) pump(name, pulled, inlet, subscriber, subscriber);
    else inputOf(name, input).subscribe(subscriber);
  } catch (error) {
    subscriber.error(error);
  }
}

/** A stream that somebody else reads is no source. */
function pulledFrom(name: string, input: ObservableInput<unknown>): ReturnType<typeof pullable<unknown>> {
  try {
    return pullable(name, input);
  } catch (error) {
    throw error instanceof TypeError ? new InvalidSourceError(name, input) : error;
  }
}

function inputOf(name: string, input: ObservableInput<unknown>): Observable<unknown> {
  try {
    return from(input);
  } catch {
    throw new InvalidSourceError(name, input);
  }
}

/** Gives what is pushed to a sender, without a layer in between. */
class InputSubscriber extends Subscriber<unknown> {
  readonly #inlet: Inlet<unknown>;
  readonly #onEnd: () => void;

  constructor(inlet: Inlet<unknown>, onEnd: () => void) {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- `from(input).subscribe` takes a Subscriber as it is
    super();
    this.#inlet = inlet;
    this.#onEnd = onEnd;
  }

  override next(item: unknown): void {
    if (this.closed) return;
    try {
      this.#inlet.next(item);
    } catch (error) {
      this.error(error);
    }
    // The sender has failed over what it was given, so that there is no use in more.
    if (this.#inlet.closed) this.complete();
  }

  override error(error: unknown): void {
    if (this.closed) return;
    this.unsubscribe();
    this.#inlet.error(error);
    this.#onEnd();
  }

  override complete(): void {
    if (this.closed) return;
    this.unsubscribe();
    this.#inlet.complete();
    this.#onEnd();
  }
}
