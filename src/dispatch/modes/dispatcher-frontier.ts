import type { Engine, Targets } from '../engine.js';
import { WatermarkOrder } from '../orders/watermark-order.js';
import type { WatermarkInput } from '../orders/watermark-input.js';
import type { Time } from '../receivers/host.js';
import type { Held } from '../release/held-places.js';
import type { SourceMember } from './stamped-mode.js';
import { WatermarkMode } from './watermark-mode.js';
import type { WatermarkSettings } from './watermark-mode.js';

const NOBODY: readonly never[] = [];

type Input<T> = WatermarkInput<T, Held<T>>;

/** By watermark, with one frontier: every receiver waits for every source. */
export class DispatcherFrontier<T> extends WatermarkMode<T, Input<T>> {
  declare readonly order: WatermarkOrder<T, Held<T>>;

  constructor(engine: Engine<T>, settings: WatermarkSettings) {
    super(engine, new WatermarkOrder<T, Held<T>>(settings, NOBODY), settings);
  }

  protected timeOf(): Time {
    return this.order;
  }

  lateAt(): Targets<T> {
    return NOBODY;
  }

  protected createInput(sender: SourceMember<T>, like: Input<T> | undefined): Input<T> {
    return this.order.join(sender, { usual: sender.writesTo ?? NOBODY, keys: sender.writesTo, ...sender.traits, like });
  }
}
