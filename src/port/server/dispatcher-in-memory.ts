import type { DispatcherView } from '../../dispatch/api/view.js';
import type { Sender } from '../../dispatch/api/senders.js';
import type { SerializingDispatcher } from '../../dispatch/api/dispatchers.js';
import type { ClockedReceiver } from '../../dispatch/receivers/receiver.js';
import type { Posted, TakesPosts } from '../../dispatch/senders/post.js';
import type { Timestamp } from '../../types.js';
import { NoReceiverError } from '../../errors/life.js';
import { PastGoneError, RefusedError } from '../errors.js';
import { finite, type Names, type Open } from '../protocol/frames.js';
import { routeOf, Served, type ServedMessage, type ServedSender } from './served.js';

/** What all dispatchers in memory have; only serializing ones have senders of plain values. */
export interface InMemory extends DispatcherView<unknown> {
  receiver(name: string): ClockedReceiver<unknown>;
}

/** A dispatcher in memory: receivers begin now, under their own names, and its past is gone. */
export class DispatcherInMemory extends Served {
  readonly id: string;
  readonly isLog = false;
  readonly #dispatcher: InMemory;

  constructor(dispatcher: InMemory, id: string) {
    super();
    this.#dispatcher = dispatcher;
    this.id = id;
  }

  get clock(): Timestamp {
    return this.#dispatcher.clock;
  }

  get behind(): Timestamp {
    return this.clock;
  }

  receiver({ name, reads, from, of, orNow }: Open): ClockedReceiver<unknown> {
    if (reads === '*' || reads.length !== 1 || reads[0] !== name) {
      throw new RefusedError('receiver', name, 'a dispatcher in memory has only messages to its own name for it');
    }
    if (from !== null) this.#assertNothingMissed(name, from, of, orNow);
    return this.#dispatcher.receiver(name);
  }

  sender(name: string, to: Names): ServedSender {
    if (this.#dispatcher.mode !== 'serialize') {
      throw new RefusedError(
        'sender',
        name,
        `the dispatcher is in ${this.#dispatcher.mode} mode, and takes only stamped messages`,
      );
    }
    const dispatcher = this.#dispatcher as SerializingDispatcher<unknown>;
    return new SenderInMemory(name, (own) => dispatcher.sender<string, unknown>(own, routeOf(to)) as PostingSender);
  }

  /** Where its clock stands at what a receiver has, nothing was missed. */
  #assertNothingMissed(name: string, from: Timestamp, of: string | null, orNow: boolean): void {
    if (of !== null && of !== this.id) throw new PastGoneError(name, from, null);
    const { clock } = this.#dispatcher;
    if (clock === -Infinity)
      throw new RefusedError('receiver', name, `nothing is after ${from} yet: the clock has not begun`);
    if (clock === from || (orNow && clock > from)) return;
    throw new PastGoneError(name, from, finite(clock));
  }
}

type PostingSender = Sender<unknown> & TakesPosts<unknown>;

/** Its receivers may have come again, by another line: then it writes to those. */
class SenderInMemory implements ServedSender {
  readonly #name: string;
  readonly #join: (name: string) => PostingSender;
  #sender: PostingSender;
  #joined = 1;

  constructor(name: string, join: (name: string) => PostingSender) {
    this.#name = name;
    this.#join = join;
    this.#sender = join(name);
  }

  send(message: ServedMessage): void {
    this.#sender.post(message.value, new FirstTry(message, this.#sender, this));
  }

  complete(): void {
    this.#sender.complete();
  }

  /** Nobody is there any more to whom this sender could write. */
  sendAgain(message: ServedMessage, sender: PostingSender): void {
    try {
      if (this.#sender === sender) {
        this.#sender = this.#join(`${this.#name}.${++this.#joined}`);
        sender.complete();
      }
      this.#sender.post(message.value, message);
    } catch (error) {
      message.refused(error);
    }
  }
}

class FirstTry implements Posted {
  readonly #message: ServedMessage;
  readonly #sender: PostingSender;
  readonly #host: SenderInMemory;

  constructor(message: ServedMessage, sender: PostingSender, host: SenderInMemory) {
    this.#message = message;
    this.#sender = sender;
    this.#host = host;
  }

  accepted(ts: Timestamp): void {
    this.#message.accepted(ts);
  }

  refused(error: unknown): void {
    if (error instanceof NoReceiverError) this.#host.sendAgain(this.#message, this.#sender);
    else this.#message.refused(error);
  }
}
