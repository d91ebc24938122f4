import { InvalidOptionError } from '../errors.js';
import { Core } from './core.js';
import { ForwardMember } from './forward-member.js';
import { DEFAULT_BOUND, count, milliseconds, oneOf } from './options.js';
import type {
  DispatcherOptions,
  ForwardingOptions,
  SenderOptions,
  SequenceOptions,
  SerializeOptions,
  WatermarkOptions,
} from './options.js';
import type { Order } from './order.js';
import type { To } from './route.js';
import type { Scheduler } from './scheduler.js';
import { SequenceOrder } from './sequence-order.js';
import { SerialMember } from './serial-member.js';
import { SerialOrder } from './serial-order.js';
import { WatermarkOrder } from './watermark-order.js';

/** What a dispatcher consists of. */
export interface Engine<T, O extends Order<T>> {
  readonly core: Core<T>;
  readonly order: O;
}

export function serializing<T>(options: SerializeOptions<T>): Engine<T, SerialOrder<T>> {
  return withOrder(options, (core) => new SerialOrder(core));
}

/** Timers run on `scheduler`, unless the options name one. */
export function forwarding<T>(
  options: ForwardingOptions<T>,
  scheduler: Scheduler,
): Engine<T, WatermarkOrder<T> | SequenceOrder<T>> {
  const engine = withOrder(options, (core) => orderBy(options, core, options.scheduler ?? scheduler));
  engine.core.latePolicy = oneOf('late', options.late, ['error', 'drop', 'divert']);
  return engine;
}

/** A core, and how sources join it, whatever the mode. */
export function open<T>(
  options: DispatcherOptions<T>,
  scheduler: Scheduler,
): {
  core: Core<T>;
  join: (name: string, to: To<T>, options: SenderOptions) => SerialMember<T> | ForwardMember<T>;
} {
  if (options.mode === 'serialize') {
    const { core, order } = serializing(options);
    return { core, join: (name, to) => new SerialMember(core, order, name, to) };
  }
  const { core, order } = forwarding(options, scheduler);
  return { core, join: (name, to, own) => new ForwardMember(core, order, name, to, own) };
}

function withOrder<T, O extends Order<T>>(options: DispatcherOptions<T>, make: (core: Core<T>) => O): Engine<T, O> {
  const core = new Core(options);
  const order = make(core);
  core.order = order;
  return { core, order };
}

function orderBy<T>(
  options: ForwardingOptions<T>,
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

function watermark<T>(options: WatermarkOptions<T>, core: Core<T>, scheduler: Scheduler): WatermarkOrder<T> {
  const idleAfter = options.idleAfter === undefined ? undefined : milliseconds('idleAfter', options.idleAfter);
  const perReceiver = oneOf('frontier', options.frontier, ['dispatcher', 'receiver']) === 'receiver';
  return new WatermarkOrder(core, perReceiver, idleAfter, scheduler);
}

function sequence<T>(options: SequenceOptions<T>, core: Core<T>, scheduler: Scheduler): SequenceOrder<T> {
  const { gap = 'wait' } = options;
  if (typeof gap === 'object') milliseconds('gap.skipAfter', gap.skipAfter);
  else oneOf('gap', gap, ['wait', 'error']);
  const window = count('window', options.window, DEFAULT_BOUND, 1, false);
  return new SequenceOrder(core, window, gap, scheduler);
}
