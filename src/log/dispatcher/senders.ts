import { DuplicateNameError, type To } from '../../index.js';
import { reportError } from '../report-error.js';
import type { KnownNames } from './addressees.js';
import { LogSender, type SenderHost } from './log-sender.js';
import type { Outbox } from './outbox.js';

/** What became of a sender that could not go on. */
export interface SenderFailure {
  /** The sender, by name. */
  readonly sender: string;
  /** Why. */
  readonly error: unknown;
}

/** The senders that have not left, by name. */
export class Senders implements SenderHost {
  readonly outbox: Outbox;
  readonly names: KnownNames;
  readonly byName: Map<string, LogSender<never>> = new Map();
  readonly #onFailure: ((failure: SenderFailure) => void) | undefined;

  constructor(outbox: Outbox, names: KnownNames, onFailure: ((failure: SenderFailure) => void) | undefined) {
    this.outbox = outbox;
    this.names = names;
    this.#onFailure = onFailure;
  }

  sender<T>(name: string, to: To<T>): LogSender<T> {
    if (this.byName.has(name)) throw new DuplicateNameError('sender', name);
    const sender = new LogSender<T>(this, name, to);
    this.byName.set(name, sender);
    return sender;
  }

  left(sender: LogSender<never>): void {
    if (this.byName.get(sender.name) === sender) this.byName.delete(sender.name);
  }

  failed(sender: string, error: unknown): void {
    try {
      this.#onFailure?.({ sender, error });
    } catch (thrown) {
      reportError(thrown);
    }
  }
}
