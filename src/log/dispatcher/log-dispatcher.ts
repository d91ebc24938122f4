import {
  ALL,
  ClosedError,
  DuplicateNameError,
  type Mode,
  type Scheduler,
  type SerializingDispatcher,
  type Timestamp,
  type To,
} from '../../index.js';
import type { Engine } from '../../dispatch/engine.js';
import { orderedElsewhere, type PlaceHost } from '../../dispatch/modes/ordered-elsewhere.js';
import { name as checkName } from '../../options/check.js';
import { knownOptions } from '../../options/known-options.js';
import type { Codec } from '../codec.js';
import type { Entry, EventLog } from '../event-log.js';
import type { CheckpointSaver } from '../projection/checkpoint-saver.js';
import type { DurableProjection, DurableProjectionOptions } from '../projection/durable-projection.js';
import { project } from '../projection/project.js';
import { readsFor, type KnownNames } from './addressees.js';
import type { Cursor } from './cursor.js';
import { Cursors } from './cursors.js';
import type { DurableDispatcher, DurableSendOptions, LogReceiver, LogReceiverOptions } from './durable-dispatcher.js';
import type { Feed } from './feed.js';
import { FollowingFeed } from './following-feed.js';
import { LOG_ID } from './log-id.js';
import type { LogSender } from './log-sender.js';
import { logStats } from './log-stats.js';
import { Outbox } from './outbox.js';
import { Pages } from './pages.js';
import { ReadingFeed } from './reading-feed.js';
import { Receivers, type MakeReceiver } from './receivers.js';
import { Senders, type SenderFailure } from './senders.js';
import { transact } from './transact.js';
import { trim } from './trim.js';

/** Options of the dispatcher, as they were read. */
export interface LogDispatcherOptions {
  readonly names: KnownNames;
  readonly bound: number;
  readonly maxWaiting: number;
  readonly batch: number;
  readonly page: number;
  readonly scheduler: Scheduler | undefined;
  readonly each: boolean;
  readonly codec: Codec;
  /** For states; none where they are saved as they are. */
  readonly stateCodec: Codec | undefined;
  readonly upcast: ((entry: Entry) => Entry) | undefined;
  readonly onSenderFailure: ((failure: SenderFailure) => void) | undefined;
}

/** Makes the dispatcher inside. */
export type MakeDispatcher = (mode: Mode<'serialize'>) => SerializingDispatcher<never>;

/** Puts together what stores and what tells, around a dispatcher whose receivers are cursors. */
export class LogDispatcher<T> implements PlaceHost<T> {
  readonly #log: EventLog;
  readonly #last: Timestamp;
  readonly #options: LogDispatcherOptions;
  readonly #pages: Pages;
  readonly #outbox: Outbox;
  readonly #senders: Senders;
  readonly #savers = new Map<string, CheckpointSaver>();
  #engine!: Engine<T>;
  #cursors!: Cursors<T>;
  #feed!: Feed;
  #receivers!: Receivers<T>;
  #closing: Promise<void> | undefined;

  constructor(log: EventLog, last: Timestamp, options: LogDispatcherOptions) {
    const { codec, maxWaiting, batch, upcast, page, names, onSenderFailure } = options;
    this.#log = log;
    this.#last = last;
    this.#options = options;
    this.#pages = new Pages(log, codec, upcast, page);
    this.#outbox = new Outbox(log, {
      codec,
      maxWaiting,
      batch,
      onStored: (entries, positions, sent) => this.#feed.stored(entries, positions, sent),
      onSettled: () => this.#feed.settled(),
    });
    this.#senders = new Senders(this.#outbox, names, onSenderFailure);
  }

  // -- as the host of the mode

  get clock(): Timestamp {
    return this.#feed.clock;
  }

  get frontier(): Timestamp {
    return this.clock;
  }

  get opening(): Cursor<T> | undefined {
    return this.#receivers.opening;
  }

  start(engine: Engine<T>): void {
    this.#engine = engine;
    this.#cursors = new Cursors(engine);
    const Kind = this.#log.follow === undefined ? ReadingFeed<T> : FollowingFeed<T>;
    this.#feed = new Kind(this.#log, this.#pages, this.#cursors, {
      last: this.#last,
      each: this.#options.each,
      page: this.#options.page,
      isStoring: () => this.#outbox.isStoring,
    });
  }

  endedReceiver(name: string): void {
    this.#receivers.ended(name);
  }

  /** The public face: the dispatcher inside, so that its receivers know it, with what a log adds or does otherwise. */
  open(make: MakeDispatcher): DurableDispatcher<T> {
    const inner = make(orderedElsewhere(this));
    const statsOfInner = inner.stats.bind(inner);
    const end = inner.close.bind(inner);
    this.#receivers = new Receivers<T>(
      { log: this.#log, names: this.#options.names, engine: this.#engine, cursors: this.#cursors, source: this.#feed },
      inner.receiver.bind(inner) as MakeReceiver<T>,
    );
    this.#feed.open();
    const close = (): Promise<void> => (this.#closing ??= this.#close(end));
    const { asyncDispose = 'close' } = Symbol as { asyncDispose?: symbol };
    return extend(inner, {
      receiver: (name: string, options?: LogReceiverOptions) => this.#receiver(name, options),
      sender: (name: string, to: To<T>) => this.#sender(name, to),
      broadcaster: (name: string) => this.#sender(name, ALL),
      channel: (sender: string, receiver: string) => this.#channel(sender, receiver),
      transact: async (messages: unknown, options?: DurableSendOptions) => transact(this.#senders, messages, options),
      projection: <S>(name: string, options: DurableProjectionOptions<S, T>) => this.#projection(name, options),
      trim: (upTo: Timestamp, options?: { force?: boolean }) => trim(this.#log, upTo, options, this),
      flush: () => this.#outbox.flush(),
      stats: () =>
        logStats(statsOfInner(), {
          head: this.#feed.head,
          outbox: this.#outbox,
          senders: this.#senders.byName.keys(),
          cursors: this.#receivers.byName,
        }),
      close,
      [asyncDispose]: close,
      [LOG_ID]: this.#log.id,
    }) as unknown as DurableDispatcher<T>;
  }

  // -- for trim: what is still to be read

  save(): Promise<unknown> {
    return Promise.allSettled(Array.from(this.#savers.values(), (saver) => saver.save()));
  }

  *done(checkpoints: ReadonlySet<string>): Iterable<Timestamp> {
    yield* this.#receivers.done();
    // One that was forgotten meanwhile is of no use.
    for (const [name, { saved }] of this.#savers) yield checkpoints.has(name) ? saved : 0;
  }

  // -- what the face is made of

  #receiver(name: string, options?: LogReceiverOptions): LogReceiver<T> {
    this.#assertOpen(name);
    return this.#receivers.receiver(name, options);
  }

  #sender(name: string, to: To<T>): LogSender<T> {
    this.#assertOpen(name);
    return this.#senders.sender(name, to);
  }

  #channel(sender: string, receiver: string): readonly [LogSender<T>, LogReceiver<T>] {
    const receives = this.#receiver(receiver);
    try {
      return [this.#sender(sender, receiver), receives];
    } catch (error) {
      // A failed registration leaves nothing behind (law 31).
      receives.close();
      throw error;
    }
  }

  #projection<S>(name: string, options: DurableProjectionOptions<S, T>): DurableProjection<S> {
    const owner = `projection '${checkName('projection', name)}'`;
    const known = ['addressedTo', 'initial', 'apply', 'version', 'saveEvery', 'onFailure'] as const;
    const read = knownOptions(owner, options, known) as typeof options;
    const reads = readsFor(owner, name, read.addressedTo, this.#options.names);
    this.#assertOpen(name);
    const reader = `projection:${name}`;
    if (this.#receivers.byName.has(reader)) throw new DuplicateNameError('projection', name);
    return project<S, T>(name, read, {
      log: this.#log,
      codec: this.#options.stateCodec,
      open: () => this.#receivers.open(reader, reads),
      head: () => this.#feed.clock,
      started: (saver) => this.#savers.set(name, saver),
      closed: (saver) => {
        if (this.#savers.get(name) === saver) this.#savers.delete(name);
      },
    });
  }

  async #close(end: () => void): Promise<void> {
    await this.#outbox.close();
    await this.#feed.close();
    await this.save();
    end();
  }

  #assertOpen(name: string): void {
    if (this.#closing !== undefined) throw new ClosedError('dispatcher', name);
  }
}

/** Properties of its own stand before those of its class. */
function extend<O extends object>(target: O, own: Readonly<Record<string | symbol, unknown>>): O {
  for (const key of Reflect.ownKeys(own)) Object.defineProperty(target, key, { value: own[key] });
  return target;
}
