import type { Engine } from '../engine.js';
import { integer, named } from '../../options/check.js';
import { knownOptions } from '../../options/known-options.js';
import { Delivery } from '../notify/delivery.js';
import { SerialOrder } from '../orders/serial-order.js';
import type { Ordering } from '../ordering.js';
import type { Time } from '../receivers/host.js';
import { SerialSender } from '../senders/serial-sender.js';
import { transact } from '../senders/transaction.js';
import type { Observed, SourceState } from '../stats/snapshot.js';
import type { OrderStats } from '../stats/stats.js';
import type { Timestamp, WaitOptions } from '../../types.js';
import { OF_THE_DISPATCHER, type SenderOptions } from '../options.js';
import type { Mode, StartedMode } from './mode.js';

/** Options of {@link serialize}. */
export interface SerializeOptions {
  /** The timestamp before the first, such as the last one of an earlier run. Default: 0. */
  readonly seed?: Timestamp | undefined;
}

/**
 * Each message gets the next timestamp when it is accepted.
 *
 *     sender a   x ---- y --      receiver of a   x1 _2 - y3
 *     sender b   -- z ------      receiver of b   _1 z2 - _3
 *
 * Throws `InvalidOptionError` and `UnknownOptionError`.
 */
export function serialize(options?: SerializeOptions): Mode<'serialize'> {
  const read = knownOptions('serialize', options, ['seed'], OF_THE_DISPATCHER);
  const seed = integer('serialize', 'seed', read.seed, 0);
  return Object.freeze({ name: 'serialize', start: <T>(engine: Engine<T>) => start(engine, new SerialOrder(seed)) });
}

function start<T>(engine: Engine<T>, order: SerialOrder): StartedMode<T> {
  const serializing = { engine, order, delivery: new Delivery(engine) };
  const checkSender = (name: string, options: SenderOptions | undefined): void => {
    // What is to be known of a source in the forwarding modes means nothing here.
    knownOptions(named('sender', name), options, []);
    engine.checkSender(name);
  };
  return {
    ordering: new SerialOrdering<T>(order),
    checkSender,
    sender: (name, to, options) => {
      checkSender(name, options);
      return new SerialSender(serializing, name, to);
    },
    onLate: () => NOTHING,
    onGap: () => NOTHING,
    methods: { transact: (messages: unknown, options?: WaitOptions) => transact(serializing, messages, options) },
  };
}

const NOTHING = (): void => {};

/** Nothing is ever held, and nobody is waited for. */
class SerialOrdering<T> implements Ordering<T>, Observed<T> {
  readonly #order: SerialOrder;

  constructor(order: SerialOrder) {
    this.#order = order;
  }

  get clock(): Timestamp {
    return this.#order.clock;
  }

  open(): Time {
    return this.#order;
  }

  freed(): void {}
  ended(): void {}
  join(): void {}
  leave(): void {}
  release(): void {}
  finish(): void {}
  stop(): void {}

  deserted(): boolean {
    return true;
  }

  stats(): OrderStats {
    return { frontier: this.clock, held: 0, heldMost: 0, heldBy: null, gaps: [], skipped: 0 };
  }

  sourceState(): SourceState {
    return { promise: this.clock, idle: false, held: 0 };
  }
}
