import { DuplicateNameError } from '../../errors/names.js';
import { name as checkName } from '../../options/check.js';
import type { Endpoint } from '../receivers/endpoint.js';
import { Group } from '../structures/group.js';

/** A sender, as far as it is a member. */
export interface Participant<T> {
  readonly name: string;
  /** The receivers that it writes to by name; `undefined` where that may be any. */
  readonly writesTo: readonly Endpoint<T>[] | undefined;
  /** How many of them have not ended. */
  reach: number;
  /** Leaves, without ending the operation. */
  leave(): void;
  /** Nobody whom it writes to is left. */
  deserted(): void;
}

/** So many names of receivers that have left are remembered. */
const REMEMBERED = 1024;

/** Who is there: names, senders, receivers, and who writes to whom. */
export class Membership<T> {
  readonly receivers: Map<string, Endpoint<T>> = new Map();
  readonly everybody: Group<Endpoint<T>> = new Group();
  readonly senders: Map<string, Participant<T>> = new Map();
  /** The number of the receiver that joined last. */
  joined = 0;
  /** Senders that may write to any receiver, and others that keep all open. */
  broadcasters = 0;
  /** Who writes to a receiver by name. */
  readonly #writers = new Map<Endpoint<T>, Set<Participant<T>>>();
  /** Receivers that nobody writes to by name: they end with the last broadcaster. */
  readonly #unwritten = new Set<Endpoint<T>>();
  readonly #departed = new Set<string>();
  #forgotten = false;

  checkReceiver(name: string): void {
    if (this.receivers.has(name)) throw new DuplicateNameError('receiver', name);
  }

  checkSender(name: string): void {
    checkName('sender', name);
    if (this.senders.has(name)) throw new DuplicateNameError('sender', name);
  }

  /**
   * Whether a receiver of this name may have been there: a route to it is no mistake. Names are forgotten after 1,024
   * others; from then on any unknown name may be one of those.
   */
  mayHaveDeparted(name: string): boolean {
    return this.#forgotten || this.#departed.has(name);
  }

  addReceiver(endpoint: Endpoint<T>): void {
    endpoint.written = this.broadcasters > 0;
    this.joined = endpoint.joined;
    this.receivers.set(endpoint.name, endpoint);
    this.everybody.add(endpoint);
    this.#unwritten.add(endpoint);
  }

  /** A receiver has ended; `onDeserted` is called for each sender that wrote to nobody else. */
  removeReceiver(endpoint: Endpoint<T>, onDeserted: (sender: Participant<T>) => void): void {
    const { name } = endpoint;
    this.receivers.delete(name);
    this.everybody.delete(endpoint);
    this.#unwritten.delete(endpoint);
    this.#departed.delete(name);
    this.#departed.add(name);
    if (this.#departed.size > REMEMBERED) {
      this.#departed.delete(this.#departed.values().next().value as string);
      this.#forgotten = true;
    }
    const writers = this.#writers.get(endpoint);
    this.#writers.delete(endpoint);
    for (const sender of writers ?? []) {
      // One that is leaving is no member any more.
      if (--sender.reach === 0 && this.senders.get(sender.name) === sender) onDeserted(sender);
    }
  }

  addSender(sender: Participant<T>): void {
    this.senders.set(sender.name, sender);
    if (sender.writesTo === undefined) return this.keepOpen();
    for (const endpoint of sender.writesTo) {
      if (endpoint.life === 'ended') continue;
      const writers = this.#writers.get(endpoint);
      if (writers === undefined) this.#writers.set(endpoint, new Set([sender]));
      else writers.add(sender);
      endpoint.writers++;
      endpoint.written = true;
      sender.reach++;
      this.#unwritten.delete(endpoint);
    }
  }

  /** A sender leaves: whoever it was the last for may end. */
  removeSender(sender: Participant<T>): void {
    this.senders.delete(sender.name);
    if (sender.writesTo === undefined) return this.letClose();
    for (const endpoint of sender.writesTo) {
      if (this.#writers.get(endpoint)?.delete(sender) !== true) continue;
      if (--endpoint.writers > 0) continue;
      this.#unwritten.add(endpoint);
      endpoint.mayEnd();
    }
  }

  /** No receiver completes for lack of senders until `letClose`. */
  keepOpen(): void {
    // Only receivers that nobody writes to by name can have been without anybody so far.
    if (this.broadcasters++ === 0) for (const endpoint of this.#unwritten) endpoint.written = true;
  }

  letClose(): void {
    if (--this.broadcasters === 0) for (const endpoint of [...this.#unwritten]) endpoint.mayEnd();
  }

  isUnwritten(endpoint: Endpoint<T>): boolean {
    return endpoint.written && endpoint.writers === 0 && this.broadcasters === 0;
  }
}
