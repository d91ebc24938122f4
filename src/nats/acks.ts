import type { PubAck } from '@nats-io/jetstream';
import { randomId } from '../log/random-id.js';
import type { JetStreamConnection, JetStreamMessage, JetStreamSubscription } from './connection.js';

interface Waiting {
  readonly resolve: (ack: PubAck) => void;
  readonly reject: (error: unknown) => void;
}

interface Answer extends PubAck {
  readonly error?: { readonly code: number; readonly err_code: number; readonly description: string };
}

const NO_RESPONDERS = 503;
const decoder = new TextDecoder();

/**
 * Publishes, and gives each message its answer. The client's own requests make two errors and a timer for each message,
 * in case it fails, which takes a third of the time.
 */
export class Acks {
  readonly #connection: JetStreamConnection;
  readonly #inbox: string;
  readonly #waiting = new Map<string, Waiting>();
  #subscription: JetStreamSubscription | undefined;
  #count = 0;

  constructor(connection: JetStreamConnection) {
    // Set by whom permissions allow one prefix only; the client shows it to its own packages.
    const { options } = connection as { readonly options?: { readonly inboxPrefix?: string } };
    this.#connection = connection;
    this.#inbox = `${options?.inboxPrefix ?? '_INBOX'}.${randomId()}`;
  }

  /** Throws where the connection is closed. Stands until an answer comes, or `forget` is called. */
  publish(subject: string, payload: Uint8Array): Promise<PubAck> {
    this.#subscription ??= this.#connection.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => {
        if (error === null) return this.#answer(message);
        // The user of the connection may not listen here.
        this.#subscription = undefined;
        this.forget(error);
      },
    });
    const reply = `${this.#inbox}.${this.#count++}`;
    return new Promise((resolve, reject) => {
      this.#connection.publish(subject, payload, { reply });
      this.#waiting.set(reply, { resolve, reject });
    });
  }

  /** No answer is waited for any more; those who still wait are told why. */
  forget(error: unknown): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  close(): void {
    this.#subscription?.unsubscribe();
  }

  #answer({ subject, data, headers }: JetStreamMessage): void {
    const waiting = this.#waiting.get(subject);
    if (waiting === undefined) return;
    this.#waiting.delete(subject);
    if (data.length === 0 && headers?.code === NO_RESPONDERS) return waiting.reject(noResponders());
    try {
      const { error, ...ack } = JSON.parse(decoder.decode(data)) as Answer;
      if (error === undefined) waiting.resolve(ack);
      else waiting.reject(Object.assign(new Error(error.description), { code: error.err_code, status: error.code }));
    } catch (error) {
      waiting.reject(error);
    }
  }
}

/** As the client says it. */
function noResponders(): Error {
  return Object.assign(new Error('nobody answers'), { name: 'NoRespondersError' });
}
