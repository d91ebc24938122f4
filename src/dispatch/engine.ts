import { InvalidOptionError } from '../errors/options.js';
import { Core } from './core.js';
import { ForwardMember } from './forward-member.js';
import { DEFAULT_BOUND, count, milliseconds, oneOf } from './options.js';
import type {
  Merged,
  MergedForwarding,
  SenderOptions,
  MergedSequence,
  MergedSerialize,
  MergedWatermark,
} from './options.js';
import type { To } from './route.js';
import type { Scheduler } from './scheduler.js';
import { SequenceOrder } from './sequence-order.js';
import { SerialMember } from './serial-member.js';
import { SerialOrder } from './serial-order.js';
import { WatermarkOrder } from './watermark-order.js';

/** The engine of a serializing dispatcher: its order, and with it the core. */
export function serializing<T>(options: MergedSerialize<T>): SerialOrder<T> {
  return new SerialOrder(new Core(options));
}

/** The engine of a forwarding dispatcher. Timers run on `scheduler`, unless the options name one. */
export function forwarding<T>(
  options: MergedForwarding<T>,
  scheduler: Scheduler,
): WatermarkOrder<T> | SequenceOrder<T> {
  const order = orderBy(options, new Core(options), options.scheduler ?? scheduler);
  order.core.latePolicy = oneOf('late', options.late, ['error', 'drop', 'divert']);
  return order;
}

/** Any engine, and how sources join it. */
export function open<T>(
  options: Merged<T>,
  scheduler: Scheduler,
): {
  readonly core: Core<T>;
  readonly join: (name: string, to: To<T>, options: SenderOptions) => SerialMember<T> | ForwardMember<T>;
} {
  if (options.mode === 'serialize') {
    const order = serializing(options);
    return { core: order.core, join: (name, to) => new SerialMember(order, name, to) };
  }
  const order = forwarding(options, scheduler);
  return { core: order.core, join: (name, to, own) => new ForwardMember(order, name, to, own) };
}

function orderBy<T>(
  options: MergedForwarding<T>,
  core: Core<T>,
  scheduler: Scheduler,
): WatermarkOrder<T> | SequenceOrder<T> {
  switch (options.mode) {
    case 'watermark':
      return watermark(options, core, scheduler);
    case 'sequence':
      return sequence(options, core, scheduler);
    default:
      throw new InvalidOptionError(
        'mode',
        (options as { mode: unknown }).mode,
        "'serialize', 'watermark' or 'sequence'",
      );
  }
}

function watermark<T>(options: MergedWatermark<T>, core: Core<T>, scheduler: Scheduler): WatermarkOrder<T> {
  const idleAfter = options.idleAfter === undefined ? undefined : milliseconds('idleAfter', options.idleAfter);
  const perReceiver = oneOf('frontier', options.frontier, ['dispatcher', 'receiver']) === 'receiver';
  return new WatermarkOrder(core, perReceiver, idleAfter, scheduler);
}

function sequence<T>(options: MergedSequence<T>, core: Core<T>, scheduler: Scheduler): SequenceOrder<T> {
  const { gap = 'wait' } = options;
  if (typeof gap === 'object') milliseconds('gap.skipAfter', gap.skipAfter);
  else oneOf('gap', gap, ['wait', 'error']);
  const window = count('window', options.window, DEFAULT_BOUND, 1, false);
  return new SequenceOrder(core, window, gap, scheduler);
}
