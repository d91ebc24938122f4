import type { Engine, Targets } from '../engine.js';
import { EVERYBODY } from '../membership/audience.js';
import type { FrontierInput } from '../orders/frontier-input.js';
import { ReceiverFrontierOrder } from '../orders/receiver-frontier-order.js';
import type { Endpoint } from '../receivers/endpoint.js';
import type { Time } from '../receivers/host.js';
import { ReceiverPlaces } from '../release/receiver-places.js';
import type { OrderStats } from '../stats/stats.js';
import type { Clocked, Timestamp } from '../../types.js';
import type { SourceMember } from './stamped-mode.js';
import { WatermarkMode } from './watermark-mode.js';
import type { WatermarkSettings } from './watermark-mode.js';

type Input<T> = FrontierInput<T, Endpoint<T>>;

/** By watermark, with a frontier for each receiver: each waits for the sources that can write to it. */
export class FrontierPerReceiver<T> extends WatermarkMode<T, Input<T>> {
  readonly #order: ReceiverFrontierOrder<T, Endpoint<T>>;
  declare readonly places: ReceiverPlaces<T>;

  constructor(engine: Engine<T>, settings: WatermarkSettings) {
    const order = new ReceiverFrontierOrder<T, Endpoint<T>>(settings);
    const places = new ReceiverPlaces<T>(engine, () => order.messages);
    super(engine, order, settings, places, true);
    this.#order = order;
    this.isPlain = false;
  }

  /** What is held for everybody, and went out nowhere yet, comes here, too. */
  protected override timeOf(endpoint: Endpoint<T>): Time {
    const order = this.#order;
    this.places.addUnplaced(endpoint, order.open(endpoint));
    return {
      start: order.start,
      get clock() {
        return order.clockOf(endpoint);
      },
      get settled() {
        return order.settledOf(endpoint);
      },
      get unique() {
        return order.uniqueOf(endpoint);
      },
      get strict() {
        return order.strictOf(endpoint);
      },
    };
  }

  override ended(endpoint: Endpoint<T>): void {
    for (const message of this.#order.close(endpoint)) this.places.drop(message, endpoint, 'closed');
    this.places.forget(endpoint);
    this.engine.admission.freed(this.places.unattended);
  }

  /** A receiver's queue may have become empty: whoever holds it back may be awaited now. */
  override freed(endpoint: Endpoint<T>): void {
    this.#order.look(endpoint);
  }

  override awaitsAt(input: Input<T>, ts: Timestamp, endpoint: Endpoint<T>): boolean {
    return this.#order.awaitsAt(input, ts, endpoint);
  }

  lateAt(input: Input<T>, ts: Timestamp, targets: Targets<T>): Targets<T> {
    return this.#order.lateAt(input, ts, targets);
  }

  override insert(input: Input<T>, item: Clocked<T>, targets: Targets<T>, taking: Targets<T>): void {
    this.engine.accounts.accepted++;
    for (const endpoint of taking) endpoint.queue.reserved++;
    this.#order.insert(input, item, taking, targets === EVERYBODY);
  }

  /** No source is left: what is held for whoever comes goes out to nobody. */
  override finish(): void {
    this.#order.letGo();
  }

  /** Each receiver is told of its own time. */
  override release(): void {
    super.release();
    this.engine.admission.freed(this.places.unattended);
    for (const endpoint of this.#order.moved()) this.engine.ticks.passFor(endpoint, this.#order.clockOf(endpoint));
  }

  override stats(): OrderStats {
    return { ...super.stats(), held: this.#order.messages };
  }

  protected createInput(sender: SourceMember<T>, like: Input<T> | undefined): Input<T> {
    return this.#order.join(sender, { keys: sender.writesTo ?? 'all', ...sender.traits, like });
  }
}
