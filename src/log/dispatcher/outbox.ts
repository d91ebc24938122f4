import { ClosedError, NullValueError, type AbortSignalLike, type Timestamp } from '../../index.js';
import type { Codec } from '../codec.js';
import type { CommitChain } from '../commit-chain.js';
import { Committer } from '../committer.js';
import { LogBusyError } from '../errors.js';
import type { Addressed, Entry, EventLog } from '../event-log.js';
import type { Addressees } from './addressees.js';
import type { Sent } from './feed.js';
import { handled } from './handled.js';
import { isThenable } from '../../options/guards.js';

/** A message that is to be stored. */
export interface Outgoing {
  readonly sender: string;
  readonly value: unknown;
  readonly to: Addressees;
}

/** What is said of an entry that is to be stored. */
export interface OutgoingOptions {
  readonly id?: string | undefined;
  readonly meta?: Readonly<Record<string, unknown>> | undefined;
  readonly signal?: AbortSignalLike | undefined;
  readonly onTimestamp?: ((ts: Timestamp) => void) | undefined;
  readonly chain?: CommitChain | undefined;
  readonly behind?: readonly CommitChain[] | undefined;
}

/** How the outbox works. */
export interface OutboxOptions {
  readonly codec: Codec;
  readonly maxWaiting: number;
  readonly batch: number;
  readonly onStored: (entries: readonly Entry[], positions: readonly Timestamp[], sent: readonly Sent[]) => void;
  readonly onSettled: () => void;
}

/** Entries on their way to the log: encoded, then stored, in the order of the calls. */
export class Outbox {
  closed = false;
  /** How many entries were stored, and how many submitted. */
  stored = 0;
  #submitted = 0;
  readonly #codec: Codec;
  readonly #maxWaiting: number;
  readonly #committer: Committer<Entry>;
  /** Entries whose codec takes its time, and the end of the last of them. */
  #encoding = 0;
  #encoded: Promise<unknown> = Promise.resolve();

  constructor(log: EventLog, { codec, maxWaiting, batch, onStored, onSettled }: OutboxOptions) {
    this.#codec = codec;
    this.#maxWaiting = maxWaiting;
    this.#committer = new Committer<Entry>(log, {
      maxWaiting,
      batch,
      onStored: (entries, positions, tags) => {
        this.stored += entries.length;
        onStored(entries, positions, tags as readonly Sent[]);
      },
      onSettled,
    });
  }

  get waiting(): number {
    return this.#committer.waiting + this.#encoding;
  }

  /** Whether an append is under way, or about to be. */
  get isStoring(): boolean {
    return this.#committer.waiting > 0;
  }

  /** Entries that were submitted, and are neither stored nor wait. */
  get refused(): number {
    return this.#submitted - this.stored - this.waiting;
  }

  /** An entry is refused before it is one, as that of a sender that has left: it counts. */
  refuse(): void {
    this.#submitted++;
  }

  /** Throws what the codec throws, unless it takes its time. */
  submit(messages: readonly Outgoing[], options: OutgoingOptions): Promise<Timestamp> {
    this.#submitted++;
    if (this.closed) return Promise.reject(new ClosedError('dispatcher', messages[0]!.sender));
    // One message, and a codec that takes no time, is what nearly every entry is.
    if (messages.length > 1 || this.#encoding > 0) return this.#submit(messages, this.#encodeAll(messages), options);
    const encoded = this.#encode(messages[0]!);
    if (isThenable(encoded)) return this.#submit(messages, [encoded], options);
    return this.#append(messages, [encoded], options);
  }

  /** Everything that was submitted before is stored, or has failed. */
  async flush(): Promise<void> {
    await this.#encoded;
    await this.#committer.flush();
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.#encoded;
    await this.#committer.close();
  }

  #encode({ sender, value }: Outgoing): unknown {
    if (value === null) throw new NullValueError(sender);
    return handled(this.#codec.encode(value));
  }

  #encodeAll(messages: readonly Outgoing[]): readonly unknown[] {
    return messages.map((message) => this.#encode(message));
  }

  #submit(messages: readonly Outgoing[], encoded: readonly unknown[], options: OutgoingOptions): Promise<Timestamp> {
    if (this.#encoding === 0 && !encoded.some(isThenable)) return this.#append(messages, encoded, options);
    if (this.waiting >= this.#maxWaiting) {
      const error = new LogBusyError(this.#maxWaiting);
      options.chain?.refuse(error);
      return Promise.reject(error);
    }
    return this.#encodeLater(messages, handled(Promise.all(encoded)), options);
  }

  /** In the order of the calls, however long each one takes. */
  #encodeLater(
    messages: readonly Outgoing[],
    encoding: Promise<readonly unknown[]>,
    options: OutgoingOptions,
  ): Promise<Timestamp> {
    this.#encoding++;
    const appended = this.#encoded.then(async () => {
      try {
        const encoded = await encoding;
        return { stored: this.#append(messages, encoded, options) };
      } catch (error) {
        options.chain?.refuse(error);
        throw error;
      } finally {
        this.#encoding--;
      }
    });
    this.#encoded = appended.catch(() => undefined);
    return appended.then(({ stored }) => stored);
  }

  #append(
    messages: readonly Outgoing[],
    encoded: readonly unknown[],
    { id, meta, signal, onTimestamp, chain, behind }: OutgoingOptions,
  ): Promise<Timestamp> {
    // Of the right length at once: one that grows keeps room for sixteen more.
    const addressed = messages.map(({ to }, i): Addressed => ({ value: encoded[i], to }));
    const at = Date.now();
    const entry: Entry =
      id === undefined && meta === undefined
        ? { messages: addressed, at }
        : { messages: addressed, ...(id !== undefined && { id }), at, ...(meta !== undefined && { meta }) };
    const tag: Sent = { messages, onTimestamp };
    return this.#committer.append(entry, { id, signal, chain, behind, tag });
  }
}
