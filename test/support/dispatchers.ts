import { createDispatcher } from 'rxjs-clocked-dispatch';
import type {
  ClockedReceiver,
  Drop,
  Forwarder,
  ForwardingDispatcher,
  Overflow,
  ReceiverOptions,
  Sender,
  SerializingDispatcher,
} from 'rxjs-clocked-dispatch';

export type Mode = 'serialize' | 'watermark' | 'sequence';

export const MODES: readonly Mode[] = ['serialize', 'watermark', 'sequence'];

/** For tests that do the same in every mode. */
export type AnyDispatcher = SerializingDispatcher<string> | ForwardingDispatcher<string>;
export type AnySender = Sender<string> | Forwarder<string>;

interface Options {
  readonly seed?: number;
  readonly bound?: number;
  readonly overflow?: Overflow;
  readonly onDrop?: (drop: Drop<string>) => void;
  readonly maxWaiting?: number;
}

export function dispatcherOf(mode: Mode, options: Options = {}): AnyDispatcher {
  return mode === 'serialize'
    ? createDispatcher<string>({ ...options, mode })
    : createDispatcher<string>({ ...options, mode, window: 100_000 });
}

export function receiverOf(
  dispatcher: AnyDispatcher,
  name: string,
  options?: ReceiverOptions<string>,
): ClockedReceiver<string> {
  return (dispatcher as SerializingDispatcher<string>).receiver(name, options);
}
