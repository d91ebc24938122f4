import { Observable, Subject, asyncScheduler } from 'rxjs';
import type { Gap, Late, Timestamp } from '../types.js';
import type { ForwardingDispatcher, SequencingDispatcher, SerializingDispatcher, Value } from './api.js';
import type { Mode } from './modes.js';
import type { Core } from './core.js';
import { forwarding, serializing } from './engine.js';
import { Forwarder } from './forwarder.js';
import { merge, milliseconds } from './options.js';
import type {
  DispatcherOptions,
  Merged,
  MergedForwarding,
  MergedSerialize,
  ReceiverOptions,
  SenderOptions,
} from './options.js';
import type { Order } from './order.js';
import { ClockedReceiver } from './receiver.js';
import { ALL } from './route.js';
import type { To } from './route.js';
import type { Scheduler } from './scheduler.js';
import { SerialSender } from './sender.js';
import { SequenceOrder } from './sequence-order.js';
import type { SerialOrder } from './serial-order.js';
import { snapshot } from './stats.js';
import type { DispatcherStats } from './stats.js';
import type { WatermarkOrder } from './watermark-order.js';

/**
 * Puts all messages into one total order and tells every receiver about every timestamp.
 *
 *     serialize   sender a   x ---- y --      receiver of a   x1 _2 - y3
 *                 sender b   -- z ------      receiver of b   _1 z2 - _3
 *
 * `serialize` stamps messages as they come; `watermark` and `sequence` take stamped ones in any order: by what each
 * source has promised not to send any more, or by consecutive numbers. Throws `InvalidOptionError`.
 *
 * After the Rust crate `clocked-dispatch` by Jon Gjengset.
 */
export function createDispatcher<T extends Value>(
  mode: Mode<'serialize'>,
  options?: DispatcherOptions<T>,
): SerializingDispatcher<T>;
export function createDispatcher<T extends Value>(
  mode: Mode<'watermark'>,
  options?: DispatcherOptions<T>,
): ForwardingDispatcher<T>;
export function createDispatcher<T extends Value>(
  mode: Mode<'sequence'>,
  options?: DispatcherOptions<T>,
): SequencingDispatcher<T>;
export function createDispatcher<T extends Value>(
  mode: Mode,
  options?: DispatcherOptions<T>,
): SerializingDispatcher<T> | ForwardingDispatcher<T> {
  return openDispatcher(merge(mode, options)) as unknown as SerializingDispatcher<T> | ForwardingDispatcher<T>;
}

/** `createDispatcher` for those inside who need more of it than its interface shows. */
export function openDispatcher<T>(options: Merged<T>): Serializing<T> | Forwarding<T> {
  return options.mode === 'serialize' ? new Serializing(options) : new Forwarding(options);
}

abstract class Dispatcher<T, O extends Order<T>> {
  readonly mode: Merged['mode'];
  readonly core: Core<T>;
  protected readonly order: O;

  constructor(mode: Merged['mode'], order: O) {
    this.mode = mode;
    this.core = order.core;
    this.order = order;
    // Not in the type, so that it can be used without `lib: esnext.disposable`.
    const { dispose } = Symbol as { dispose?: symbol };
    if (dispose !== undefined) Object.defineProperty(this, dispose, { value: () => this.close() });
  }

  get clock(): Timestamp {
    return this.order.clock;
  }

  get closed(): boolean {
    return this.core.closed;
  }

  receiver(name: string, options?: ReceiverOptions<T>): ClockedReceiver<T> {
    return new ClockedReceiver(this.core.openChannel(name, options), this.order);
  }

  close(): void {
    this.core.close();
  }

  stats(): DispatcherStats {
    return snapshot(this.mode, this.core);
  }

  stats$(period = 1000, scheduler: Scheduler = asyncScheduler): Observable<DispatcherStats> {
    milliseconds('period', period);
    return new Observable((subscriber) => {
      let timer: { unsubscribe(): void } | undefined;
      const tell = (): void => {
        subscriber.next(this.stats());
        if (this.closed) subscriber.complete();
        else timer = scheduler.schedule(tell, period);
      };
      tell();
      return () => timer?.unsubscribe();
    });
  }
}

class Serializing<T> extends Dispatcher<T, SerialOrder<T>> {
  constructor(options: MergedSerialize<T>) {
    super(options.mode, serializing(options));
  }

  channel(sender: string, receiver: string, options?: ReceiverOptions<T>): [SerialSender<T>, ClockedReceiver<T>] {
    this.core.checkSender(sender);
    const receives = this.receiver(receiver, options);
    return [this.sender(sender, receiver), receives];
  }

  sender(name: string, to: To<T>): SerialSender<T> {
    return new SerialSender(this.order, name, to);
  }

  broadcaster(name: string): SerialSender<T> {
    return this.sender(name, ALL);
  }
}

class Forwarding<T> extends Dispatcher<T, WatermarkOrder<T> | SequenceOrder<T>> {
  readonly late$: Observable<Late<T>>;
  readonly gaps$: Observable<Gap>;
  readonly #late = new Subject<Late<T>>();
  readonly #gaps = new Subject<Gap>();

  constructor(options: MergedForwarding<T>) {
    super(options.mode, forwarding(options, asyncScheduler));
    this.core.onLate = (late) => this.#late.next(late);
    this.late$ = this.#late.asObservable();
    this.gaps$ = new Observable((subscriber) => {
      if (this.order instanceof SequenceOrder) this.order.watch((gap) => this.#gaps.next(gap));
      return this.#gaps.subscribe(subscriber);
    });
  }

  channel(
    sender: string,
    receiver: string,
    options?: ReceiverOptions<T> & SenderOptions,
  ): [Forwarder<T>, ClockedReceiver<T>] {
    this.core.checkSender(sender);
    const receives = this.receiver(receiver, options);
    return [this.sender(sender, receiver, options), receives];
  }

  sender(name: string, to: To<T>, options?: SenderOptions): Forwarder<T> {
    return new Forwarder(this.order, name, to, options);
  }

  broadcaster(name: string, options?: SenderOptions): Forwarder<T> {
    return this.sender(name, ALL, options);
  }

  override close(): void {
    super.close();
    this.#late.complete();
    this.#gaps.complete();
  }
}
