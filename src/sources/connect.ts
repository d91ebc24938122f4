import { Subscriber, from } from 'rxjs';
import type { ObservableInput } from 'rxjs';
import type { ForwardMember } from '../dispatch/forward-member.js';
import { ClockedReceiver } from '../dispatch/receiver.js';
import type { SerialMember } from '../dispatch/serial-member.js';
import { pullable } from './pull.js';
import { pump } from './pump.js';
import type { Sink } from './pump.js';

/** A sender as its input sees it. */
export type Inlet = SerialMember<unknown> | ForwardMember<unknown>;

/**
 * Lets an input write to a sender until one of them ends; `onEnd` is called once, then. Ends with `destination`.
 *
 * What goes wrong in the input, or with what it brings, is an error of this sender alone.
 */
export function connect(
  input: ObservableInput<unknown>,
  sender: Inlet,
  destination: Subscriber<never>,
  onEnd: () => void,
): void {
  const sink: Sink<unknown> = {
    get closed() {
      return sender.closed || sender.deserted;
    },
    offer: (item) => sender.offer(item as never),
    room: () => sender.room(),
    error: (error) => {
      sender.error(error);
      onEnd();
    },
    complete: () => {
      sender.complete();
      onEnd();
    },
  };
  try {
    const pulled = pullable(input);
    if (pulled !== undefined) pump(pulled, sink, destination);
    else push(input, sender, destination, sink);
  } catch (error) {
    sink.error(error);
  }
}

/** For inputs that can't wait. */
function push(
  input: ObservableInput<unknown>,
  sender: Inlet,
  destination: Subscriber<never>,
  sink: Sink<unknown>,
): void {
  if (input instanceof ClockedReceiver && 'follow' in sender) sender.follow(input);
  const subscriber = new PushSubscriber(sender, sink);
  destination.add(subscriber);
  from(input).subscribe(subscriber);
}

/** Gives what is pushed to a sender, without a layer in between. */
class PushSubscriber extends Subscriber<unknown> {
  readonly #sender: Inlet;
  readonly #sink: Sink<unknown>;

  constructor(sender: Inlet, sink: Sink<unknown>) {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- `from(input).subscribe` takes a Subscriber as it is
    super();
    this.#sender = sender;
    this.#sink = sink;
  }

  override next(item: unknown): void {
    if (this.closed) return;
    try {
      this.#sender.next(item as never);
    } catch (error) {
      this.error(error);
    }
    // The sender has failed over what it was given, so that there is no use in more.
    if (this.#sender.closed) this.complete();
  }

  override error(error: unknown): void {
    if (this.closed) return;
    this.unsubscribe();
    this.#sink.error(error);
  }

  override complete(): void {
    if (this.closed) return;
    this.unsubscribe();
    this.#sink.complete();
  }
}
