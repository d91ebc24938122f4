import { createDispatcher, sequence, serialize, watermark } from 'rxjs-clocked-dispatch';
import type {
  ClockedReceiver,
  DispatcherOptions,
  Forwarder,
  ForwardingDispatcher,
  ReceiverOptions,
  Sender,
  SerializingDispatcher,
  Value,
} from 'rxjs-clocked-dispatch';

export type Mode = 'serialize' | 'watermark' | 'sequence';
export type ForwardingMode = Exclude<Mode, 'serialize'>;

export const MODES: readonly Mode[] = ['serialize', 'watermark', 'sequence'];
export const FORWARDING: readonly ForwardingMode[] = ['watermark', 'sequence'];

/** The modes as values, with their defaults. */
export const MODE = { serialize: serialize(), watermark: watermark(), sequence: sequence() } as const;

/** For tests that do the same in every mode. */
export type AnyDispatcher = SerializingDispatcher<string> | ForwardingDispatcher<string>;
export type AnySender = Sender<string> | Forwarder<string>;

interface Options extends DispatcherOptions<string> {
  readonly seed?: number;
}

/** A dispatcher of any mode; in sequence mode with a window in which everything has room. */
export function dispatcherOf(mode: Mode, { seed, ...options }: Options = {}): AnyDispatcher {
  if (mode === 'serialize') return createDispatcher<string>(serialize({ seed }), options);
  if (mode === 'watermark') return createDispatcher<string>(watermark({ seed }), options);
  return createDispatcher<string>(sequence({ seed, window: 100_000 }), options);
}

/** A dispatcher of either forwarding mode. */
export function forwardingOf<T extends Value = string>(
  mode: ForwardingMode,
  { seed, ...options }: DispatcherOptions<T> & { readonly seed?: number } = {},
): ForwardingDispatcher<T> {
  return mode === 'watermark'
    ? createDispatcher<T>(watermark({ seed }), options)
    : createDispatcher<T>(sequence({ seed }), options);
}

export function receiverOf(
  dispatcher: AnyDispatcher,
  name: string,
  options?: ReceiverOptions<string>,
): ClockedReceiver<string> {
  return (dispatcher as SerializingDispatcher<string>).receiver(name, options);
}
