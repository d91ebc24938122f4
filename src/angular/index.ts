export {
  alignedSignals,
  type AlignedSignals,
  type AlignedSignalsOptions,
  type AlignedSources,
} from './aligned-signals.js';
export type { AnyDispatcher, AnyDurable, ByMode, MaybeOpening, ValuesOf } from './any-dispatcher.js';
export type { ContextOptions } from './context.js';
export { injectProjection, type InjectProjectionOptions } from './inject-projection.js';
export {
  injectReceiver,
  type InjectLogReceiverOptions,
  type InjectReceiverOptions,
  type ReceiverOf,
  type ReceiverOptionsOf,
} from './inject-receiver.js';
export { injectSender, type InjectForwarderOptions, type InjectSenderOptions } from './inject-sender.js';
export { provideDispatcher, type OnCleanup, type ProvidedDispatcher } from './provide-dispatcher.js';
export { signalSource, type SignalSourceOptions } from './signal-source.js';
export {
  toClockedSignal,
  type ClockedSignal,
  type ClockedSignalOptions,
  type ClockedSource,
} from './to-clocked-signal.js';
