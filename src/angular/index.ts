export {
  alignedSignals,
  type AlignedSignals,
  type AlignedSignalsOptions,
  type AlignedSources,
} from './aligned-signals.js';
export type { AnyDispatcher, ByMode, ValuesOf } from './any-dispatcher.js';
export type { ContextOptions } from './context.js';
export { injectReceiver, type InjectReceiverOptions } from './inject-receiver.js';
export { injectSender, type InjectForwarderOptions, type InjectSenderOptions } from './inject-sender.js';
export { provideDispatcher } from './provide-dispatcher.js';
export { signalSource, type SignalSourceOptions } from './signal-source.js';
export {
  toClockedSignal,
  type ClockedSignal,
  type ClockedSignalOptions,
  type ClockedSource,
} from './to-clocked-signal.js';
