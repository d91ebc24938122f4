import type { ClockedReceiver } from '../../dispatch/receivers/receiver.js';
import type {
  DurableDispatcher,
  DurableSendOptions,
  LogReceiverOptions,
} from '../../log/dispatcher/durable-dispatcher.js';
import { LOG_ID, type KnowsLog } from '../../log/dispatcher/log-id.js';
import { LogPositionError } from '../../log/errors.js';
import type { Timestamp } from '../../types.js';
import type { Names, Open } from '../protocol/frames.js';
import { routeOf, Served, type ServedSender } from './served.js';

/** A dispatcher with a log: receivers go on from any position, and what is stored is known by its id. */
export class LoggedDispatcher extends Served {
  readonly id: string;
  readonly isLog = true;
  readonly #dispatcher: DurableDispatcher<unknown>;

  constructor(dispatcher: DurableDispatcher<unknown>) {
    super();
    this.#dispatcher = dispatcher;
    this.id = (dispatcher as DurableDispatcher<unknown> & KnowsLog)[LOG_ID];
  }

  get clock(): Timestamp {
    return this.#dispatcher.clock;
  }

  get behind(): Timestamp {
    const { head, waiting } = this.#dispatcher.stats();
    return head + waiting;
  }

  receiver({ reads, from, of, orNow }: Open, unique: string): ClockedReceiver<unknown> {
    const rest: LogReceiverOptions = { addressedTo: routeOf(reads) };
    if (from === null) return this.#dispatcher.receiver(unique, rest);
    try {
      return this.#dispatcher.receiver(unique, { ...rest, from: of === null ? from : { log: of, ts: from } });
    } catch (error) {
      const isTrimmed = error instanceof LogPositionError && (of ?? this.id) === this.id && from < error.trimmed;
      if (!orNow || !isTrimmed) throw error;
      return this.#dispatcher.receiver(unique, rest);
    }
  }

  sender(name: string, to: Names): ServedSender {
    const sender = this.#dispatcher.sender(name, routeOf(to));
    return {
      send: (message) => {
        const { value, id, meta } = message;
        const accepted = (ts: Timestamp): void => message.accepted(ts);
        const options = { id, ...(meta !== undefined && { meta }), onTimestamp: accepted } as DurableSendOptions;
        sender.send(value, options).then(accepted, (error: unknown) => message.refused(error));
      },
      complete: () => sender.complete(),
    };
  }
}
