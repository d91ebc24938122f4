import { ClosedError, type Timestamp, type To } from '../../index.js';
import { NEW_ID } from '../../operators/message-ids.js';
import * as check from '../../options/check.js';
import { CommitChain } from '../commit-chain.js';
import { randomId } from '../random-id.js';
import { addresseesOf, type Addressees, type KnownNames } from './addressees.js';
import type { DurableSender, DurableSendOptions } from './durable-dispatcher.js';
import type { Outbox, Outgoing, OutgoingOptions } from './outbox.js';
import { readStorableOptions } from './send-options.js';

/** What a sender needs of its dispatcher. */
export interface SenderHost {
  readonly outbox: Outbox;
  readonly names: KnownNames;
  left(sender: LogSender<never>): void;
  failed(sender: string, error: unknown): void;
}

/** A sender whose messages are stored. */
export class LogSender<T> implements DurableSender<T> {
  readonly name: string;
  readonly host: SenderHost;
  /** What it sends by `next`: nothing behind what could not be stored (law 50). */
  readonly chain: CommitChain = new CommitChain();
  readonly #behind: OutgoingOptions = { behind: [this.chain] };
  failure: unknown;
  #left = false;
  readonly #to: To<T>;
  readonly #fixed: Addressees | undefined;

  constructor(host: SenderHost, name: string, to: To<T>) {
    this.host = host;
    this.name = check.name('sender', name);
    this.#to = to;
    if (typeof to !== 'function') this.#fixed = addresseesOf(name, to, host.names);
    Object.defineProperty(this, NEW_ID, { value: randomId });
  }

  get closed(): boolean {
    return this.#left || this.host.outbox.closed;
  }

  next(value: T): void {
    if (this.closed) return this.host.outbox.refuse();
    const failed = (error: unknown): void => this.#fail(error);
    try {
      this.host.outbox.submit([this.outgoing(value)], { chain: this.chain }).catch(failed);
    } catch (error) {
      this.chain.refuse(error);
      failed(error);
      throw error;
    }
  }

  error(error: unknown): void {
    if (this.#left) return;
    this.#fail(error);
  }

  complete(): void {
    if (this.#left) return;
    this.#left = true;
    this.host.left(this);
  }

  send(value: T, options?: DurableSendOptions): Promise<Timestamp> {
    try {
      const read = options === undefined ? this.#behind : { ...readStorableOptions('send', options), ...this.#behind };
      this.assertOpen();
      return this.host.outbox.submit([this.outgoing(value)], read);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  assertOpen(): void {
    const { refusal } = this.chain;
    if (refusal === undefined && !this.closed) return;
    this.host.outbox.refuse();
    throw refusal === undefined ? new ClosedError('sender', this.name) : refusal.error;
  }

  /** Runs the routing function. */
  outgoing(value: T): Outgoing {
    const to = this.#fixed ?? addresseesOf(this.name, (this.#to as (value: T) => unknown)(value), this.host.names);
    return { sender: this.name, value, to };
  }

  #fail(error: unknown): void {
    if (this.failure !== undefined) return;
    this.failure = error;
    this.complete();
    this.host.failed(this.name, error);
  }
}
