import { Observable, asyncScheduler } from 'rxjs';
import { InvalidModeError } from '../errors/options.js';
import { milliseconds, name as checkName, scheduler as checkScheduler } from '../options/check.js';
import { isUsable } from '../options/guards.js';
import { knownOptions } from '../options/known-options.js';
import type { ForwardingDispatcher, SequencingDispatcher, SerializingDispatcher } from './api/dispatchers.js';
import type { Value } from './api/values.js';
import type { DispatcherView } from './api/view.js';
import { Engine } from './engine.js';
import type { Mode, ModeName, StartedMode } from './modes/mode.js';
import { RECEIVER_OPTIONS, SENDER_OPTIONS } from './options.js';
import type { DispatcherOptions, ReceiverOptions, SenderOptions } from './options.js';
import { ClockedReceiver } from './receivers/receiver.js';
import { ALL } from './route.js';
import type { To } from './route.js';
import type { Scheduler } from './scheduler.js';
import type { Inlet } from './senders/inlet.js';
import { snapshot } from './stats/snapshot.js';
import type { Stats } from './stats/stats.js';
import { statsEvery } from './stats/stats-every.js';
import type { Gap, Late, Timestamp } from '../types.js';

/**
 * Puts all messages into one total order and tells every receiver about every timestamp.
 *
 *     serialize   sender a   x ---- y --      receiver of a   x1 _2 - y3
 *                 sender b   -- z ------      receiver of b   _1 z2 - _3
 *
 * `serialize()` stamps messages as they come; `watermark()` and `sequence()` take stamped ones in any order: by what each
 * source has promised not to send any more, or by consecutive numbers. Throws `InvalidModeError`, `InvalidOptionError`
 * and `UnknownOptionError`.
 *
 * After the Rust crate `clocked-dispatch` by Jon Gjengset.
 */
export function createDispatcher<T extends Value>(
  mode: Mode<'serialize'>,
  options?: DispatcherOptions<T>,
): SerializingDispatcher<T>;
export function createDispatcher<T extends Value>(
  mode: Mode<'sequence'>,
  options?: DispatcherOptions<T>,
): SequencingDispatcher<T>;
export function createDispatcher<T extends Value>(
  mode: Mode<'watermark' | 'sequence'>,
  options?: DispatcherOptions<T>,
): ForwardingDispatcher<T>;
export function createDispatcher<T extends Value>(
  mode: Mode,
  options?: DispatcherOptions<T>,
): SerializingDispatcher<T> | ForwardingDispatcher<T>;
export function createDispatcher<T extends Value>(
  mode: Mode,
  options?: DispatcherOptions<T>,
): SerializingDispatcher<T> | ForwardingDispatcher<T> {
  return new Dispatcher<T>(checkMode('createDispatcher', mode), options) as unknown as SerializingDispatcher<T>;
}

/** Refuses what is no mode. */
export function checkMode(owner: string, mode: unknown): Mode {
  const given = mode as Partial<Mode> | null | undefined;
  if (typeof given !== 'object' || given === null || !isUsable(given) || typeof given.start !== 'function') {
    throw new InvalidModeError(owner, mode);
  }
  return mode as Mode;
}

/** A dispatcher of any mode; its interface shows what fits the mode. */
export class Dispatcher<T> implements DispatcherView<T> {
  readonly mode: ModeName;
  readonly late$: Observable<Late<T>>;
  readonly gaps$: Observable<Gap>;
  readonly engine: Engine<T>;
  readonly #started: StartedMode<T>;

  constructor(mode: Mode, options: DispatcherOptions<T> | undefined) {
    this.mode = mode.name;
    this.engine = new Engine(options);
    this.#started = mode.start(this.engine);
    this.engine.ordering = this.#started.ordering;
    this.late$ = new Observable((subscriber) =>
      this.#notified(subscriber, (listener) => this.#started.onLate(listener)),
    );
    this.gaps$ = new Observable((subscriber) =>
      this.#notified(subscriber, (listener) => this.#started.onGap(listener)),
    );
    for (const [name, value] of Object.entries(this.#started.methods)) Object.defineProperty(this, name, { value });
    // Not in the type, so that it can be used without `lib: esnext.disposable`.
    const { dispose } = Symbol as { dispose?: symbol };
    if (dispose !== undefined) Object.defineProperty(this, dispose, { value: () => this.close() });
  }

  get clock(): Timestamp {
    this.engine.begin();
    return this.#started.ordering.clock;
  }

  get closed(): boolean {
    return this.engine.closed;
  }

  receiver(name: string, options?: ReceiverOptions<T>): ClockedReceiver<T> {
    return new ClockedReceiver(this.engine.addReceiver(name, options), this);
  }

  channel(
    sender: string,
    receiver: string,
    options?: ReceiverOptions<T> & SenderOptions,
  ): readonly [Inlet<T>, ClockedReceiver<T>] {
    const owner = `channel '${checkName('sender', sender)}'`;
    const { bound, overflow, onDrop, ...own } = knownOptions(owner, options, [...RECEIVER_OPTIONS, ...SENDER_OPTIONS]);
    this.#started.checkSender(sender, own);
    const receives = this.receiver(receiver, { bound, overflow, onDrop });
    return [this.sender(sender, receiver, own), receives];
  }

  sender(name: string, to: To<T>, options?: SenderOptions): Inlet<T> {
    return this.#started.sender(name, to, options);
  }

  broadcaster(name: string, options?: SenderOptions): Inlet<T> {
    return this.sender(name, ALL, options);
  }

  close(): void {
    this.engine.close();
  }

  stats(): Stats {
    return snapshot(this.mode, this.engine, this.#started.ordering);
  }

  stats$(period = 1000, scheduler: Scheduler = asyncScheduler): Observable<Stats> {
    milliseconds('stats$', 'period', period);
    checkScheduler('stats$', 'scheduler', scheduler);
    return new Observable((subscriber) => statsEvery(this, this.engine, period, scheduler, subscriber));
  }

  /** Subscribes to something that is told from the effects, until the dispatcher is closed. */
  #notified<E>(
    subscriber: { next(event: E): void; complete(): void },
    listen: (listener: { next(event: E): void }) => () => void,
  ): () => void {
    const { engine } = this;
    engine.begin();
    const stop = listen(subscriber);
    const forget = engine.whenClosed(() => subscriber.complete());
    engine.end();
    return () => {
      stop();
      forget();
    };
  }
}
