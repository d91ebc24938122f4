import { Accounts } from './accounts.js';
import { Admission } from './admission/admission.js';
import { Effects } from './effects/effects.js';
import { ClosedError } from '../errors/life.js';
import { name as checkName } from '../options/check.js';
import { EVERYBODY } from './membership/audience.js';
import { Membership } from './membership/membership.js';
import type { Participant } from './membership/membership.js';
import { Ticks } from './notify/ticks.js';
import type { TickListener } from './notify/ticks.js';
import { dispatcherSettings, receiverSettings } from './options.js';
import type { DispatcherOptions, DispatcherSettings, ReceiverOptions } from './options.js';
import type { Ordering } from './ordering.js';
import { Queue } from './queue/queue.js';
import type { HeldBroadcasts } from './queue/queue.js';
import { Endpoint } from './receivers/endpoint.js';
import type { Host } from './receivers/host.js';

/** The receivers that a message is for. */
export type Targets<T> = readonly Endpoint<T>[];

/** What a short way has not committed yet. */
export interface Unsettled {
  settle(): void;
}

/**
 * What every operation goes through: `begin`, then it decides and commits, then `end`.
 *
 * It owns who is there and what is due; the order of the mode owns what comes next, admission who waits, each endpoint
 * its queue and consumers, and effects what is to be told.
 */
export class Engine<T> implements Host<Endpoint<T>> {
  readonly effects: Effects = new Effects();
  readonly ticks: Ticks;
  readonly admission: Admission = new Admission();
  readonly membership: Membership<T> = new Membership();
  readonly accounts: Accounts = new Accounts();
  readonly broadcasts: HeldBroadcasts = { count: 0 };
  readonly settings: DispatcherSettings<T>;
  /** Set once, by the mode. */
  ordering!: Ordering<T>;
  closed = false;
  /** No receiver joins any more: without any, no source is of use. */
  sealed = false;
  /** Sources may still come, though no sender is there. */
  keptOpen = false;
  /** How many receivers take nothing more, and have not ended yet. */
  draining = 0;
  /** Torn down: nothing is told any more. */
  silent = false;
  /** Those of the draining receivers that still wait for something that is held. */
  readonly #pending = new Set<Endpoint<T>>();
  /**
   * A short way that is telling, and has not committed what follows. An operation that is called from within begins by
   * committing the rest.
   */
  unsettled: Unsettled | undefined;
  readonly #onClose = new Set<() => void>();
  /** Somebody has left, so that more may be due. */
  #membershipChanged = false;
  #joined = 0;

  constructor(options: DispatcherOptions<T> | undefined) {
    this.settings = dispatcherSettings(options);
    this.ticks = new Ticks(this, this.settings.ticks);
  }

  // -- an operation

  begin(): void {
    if (this.unsettled === undefined) return;
    const { unsettled } = this;
    this.unsettled = undefined;
    unsettled.settle();
  }

  end(): void {
    do {
      this.#releaseDue();
      if (this.admission.waiting > 0) this.admission.serve();
      if (this.#pending.size > 0) this.#lookAtPending();
    } while (this.#membershipChanged);
    this.effects.run();
  }

  /** What waited for somebody who has left. */
  #releaseDue(): void {
    if (!this.#membershipChanged) return;
    this.#membershipChanged = false;
    if (this.membership.senders.size === 0 && !this.keptOpen) this.ordering.finish();
    this.ordering.release();
  }

  /** Draining receivers end when nothing that is held comes before their end any more. */
  #lookAtPending(): void {
    for (const endpoint of this.#pending) {
      if (!endpoint.isOver) continue;
      this.#pending.delete(endpoint);
      endpoint.mayEnd();
    }
  }

  /** No receiver takes anything, and none will come. */
  get isDeserted(): boolean {
    return this.sealed && !this.membership.everybody.list.some(({ life }) => life === 'open');
  }

  // -- receivers

  addReceiver(name: string, options: ReceiverOptions<T> | undefined): Endpoint<T> {
    checkName('receiver', name);
    const { bound, overflow, onDrop } = receiverSettings(name, options, this.settings);
    this.begin();
    if (this.closed) throw new ClosedError('dispatcher', name);
    this.membership.checkReceiver(name);
    const queue = new Queue<T>(bound, overflow, this.broadcasts);
    const endpoint = new Endpoint<T>(this, name, ++this.#joined, queue, onDrop);
    endpoint.time = this.ordering.open(endpoint);
    this.membership.addReceiver(endpoint);
    this.#membershipChanged = true;
    this.end();
    return endpoint;
  }

  isUnwritten(endpoint: Endpoint<T>): boolean {
    return this.membership.isUnwritten(endpoint);
  }

  drained(endpoint: Endpoint<T>): void {
    this.draining++;
    if (endpoint.queue.held > 0) this.#pending.add(endpoint);
  }

  ended(endpoint: Endpoint<T>, wasDraining: boolean): void {
    if (wasDraining) this.draining--;
    this.#pending.delete(endpoint);
    this.membership.removeReceiver(endpoint, (sender) => {
      if (this.ordering.deserted(sender)) sender.deserted();
    });
    if (this.sealed && this.membership.everybody.size === 0) {
      for (const sender of this.membership.senders.values()) sender.deserted();
    }
    this.ordering.ended(endpoint);
    if (!endpoint.hasSubscribers) this.ticks.unlisten(endpoint);
    this.freed(endpoint);
    this.#membershipChanged = true;
  }

  freed(endpoint: Endpoint<T>): void {
    if (endpoint.hasWaiters) this.admission.freed(endpoint.waiters);
    if (this.admission.waiting > 0) this.ordering.freed(endpoint);
  }

  listen(listener: TickListener): void {
    this.ticks.listen(listener);
  }

  unlisten(listener: TickListener): void {
    this.ticks.unlisten(listener);
  }

  // -- senders

  checkSender(name: string): void {
    if (this.closed) throw new ClosedError('dispatcher', name);
    this.membership.checkSender(name);
  }

  addSender(sender: Participant<T>, like: Participant<T> | undefined): void {
    this.membership.addSender(sender);
    this.ordering.join(sender, like);
  }

  removeSender(sender: Participant<T>): void {
    this.ordering.leave(sender);
    this.membership.removeSender(sender);
    this.#membershipChanged = true;
  }

  /** The receivers behind targets, now. */
  list(targets: Targets<T>): Targets<T> {
    return targets === EVERYBODY ? this.membership.everybody.list : targets;
  }

  // -- the end

  /** All senders leave, what is held goes out, and receivers end once they are empty. */
  close(): void {
    if (this.closed) return;
    this.begin();
    this.closed = true;
    this.keptOpen = false;
    this.#removeAllSenders();
    this.#membershipChanged = true;
    // Before they drain: then they take no more in.
    this.#releaseDue();
    for (const endpoint of this.membership.everybody.list) endpoint.ending.drain();
    this.ordering.stop();
    this.#tellClosed();
    this.end();
    for (const endpoint of this.membership.everybody.list) endpoint.giveUpWaiting();
    this.end();
  }

  /** Everybody fails, and it closes. */
  fail(error: unknown): void {
    this.begin();
    for (const endpoint of this.membership.everybody.list) endpoint.ending.fail(error);
    this.close();
  }

  /** Lets go of everything at once: nothing is emitted afterwards, and every promise settles. */
  silence(): void {
    this.begin();
    this.closed = this.silent = true;
    this.ordering.stop();
    this.ticks.stop();
    for (const endpoint of this.membership.everybody.list) endpoint.silence();
    this.#removeAllSenders();
    this.#tellClosed();
    this.effects.run();
  }

  /** Told, in its turn, when it is closed or torn down. Returns how to stop. */
  whenClosed(tell: () => void): () => void {
    if (!this.closed) this.#onClose.add(tell);
    else {
      this.effects.call(tell);
      this.effects.run();
    }
    return () => this.#onClose.delete(tell);
  }

  #removeAllSenders(): void {
    for (const sender of [...this.membership.senders.values()]) sender.leave();
  }

  #tellClosed(): void {
    for (const tell of this.#onClose) this.effects.call(tell);
    this.#onClose.clear();
  }
}
