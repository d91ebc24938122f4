export { createDispatcher } from './dispatch/dispatcher.js';
export { ALL } from './dispatch/route.js';
export { clockedDispatch } from './operators/clocked-dispatch.js';
export { source } from './sources/source.js';
export * from './errors.js';
export type * from './types.js';
export type * from './dispatch/api.js';
export type { ClockedReceiver } from './dispatch/receiver.js';
export type {
  DispatcherOptions,
  ForwardingOptions,
  ReceiverOptions,
  SenderOptions,
  SequenceOptions,
  SerializeOptions,
  WatermarkOptions,
} from './dispatch/options.js';
export type { Route, To } from './dispatch/route.js';
export type { Scheduler } from './dispatch/scheduler.js';
export type { DispatcherStats, ReceiverStats, SourceStats } from './dispatch/stats.js';
export type { ReceiversOption } from './operators/clocked-dispatch.js';
export type { Source, SourceOptions, ValueIn } from './sources/source.js';
export { consume } from './operators/consume.js';
export type { ConsumeOptions } from './operators/consume.js';
export { toReadableStream } from './operators/to-readable-stream.js';
export type { ToReadableStreamOptions } from './operators/to-readable-stream.js';
