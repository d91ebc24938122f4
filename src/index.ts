// Dispatchers
export { createDispatcher } from './dispatch/dispatcher.js';
export { sequence } from './dispatch/modes/sequence.js';
export type { SequenceOptions } from './dispatch/modes/sequence.js';
export { serialize } from './dispatch/modes/serialize.js';
export type { SerializeOptions } from './dispatch/modes/serialize.js';
export { watermark } from './dispatch/modes/watermark.js';
export type { WatermarkOptions } from './dispatch/modes/watermark.js';
export type { Mode, ModeName } from './dispatch/modes/mode.js';
export { ALL } from './dispatch/route.js';
export type { Route, To } from './dispatch/route.js';
export type {
  DispatcherBase,
  ForwardingDispatcher,
  SequencingDispatcher,
  SerializingDispatcher,
} from './dispatch/api/dispatchers.js';
export type { Forwarder, Sender, SenderBase, SequenceForwarder } from './dispatch/api/senders.js';
export type { DispatcherView } from './dispatch/api/view.js';
export type { NameOf, PerReceiver, SharedValueOf, Value, ValueOf } from './dispatch/api/values.js';
export type { ClockedReceiver } from './dispatch/receivers/receiver.js';
export type { Delivery } from './dispatch/receivers/deliveries.js';
export type { DispatcherOptions, ReceiverOptions, SenderOptions } from './dispatch/options.js';
export type { Scheduler } from './dispatch/scheduler.js';
export { frameScheduler } from './operators/frame-scheduler.js';
export type { HeldBy, OrderStats, ReceiverStats, SourceStats, Stats } from './dispatch/stats/stats.js';

// From sources to receivers
export { clockedDispatch } from './operators/clocked-dispatch.js';
export type { ClockedDispatchOptions } from './operators/clocked-dispatch.js';
export { source } from './sources/source.js';
export type { ItemOf, RoutedBy, Source, SourceInput, SourceOptions, ValueIn } from './sources/source.js';

// From plain streams to clocked ones, and into one order
export { mergeClocked } from './operators/merge-clocked.js';
export type { ClockedInputs, MergeClockedOptions } from './operators/merge-clocked.js';
export { reorder } from './operators/reorder.js';
export type { ReorderOptions } from './operators/reorder.js';
export type { IdleOptions } from './operators/idle.js';
export type { OnLate } from './operators/late.js';
export { stamp } from './operators/stamp.js';
export type { StampOptions } from './operators/stamp.js';

// Operators that keep the clock
export { concatMapValue } from './operators/concat-map-value.js';
export type { ConcatMapValueOptions } from './operators/concat-map-value.js';
export { filterValue } from './operators/filter-value.js';
export { mapValue } from './operators/map-value.js';
export { scanValue } from './operators/scan-value.js';
export { switchMapValue } from './operators/switch-map-value.js';
export { tapValue } from './operators/tap-value.js';

// Operators that compare clocks
export { alignLatest } from './operators/align-latest.js';
export type { AlignInputs, AlignLatestOptions, Aligned, ClockedValue } from './operators/align-latest.js';
export { holdUntil } from './operators/hold-until.js';
export type { HoldUntilOptions } from './operators/hold-until.js';
export { whenClock } from './operators/when-clock.js';
export type { WhenClockOptions, WhenClockReceivers } from './operators/when-clock.js';

// States, and what is under way
export { optimistic } from './operators/optimistic.js';
export type {
  OptimisticOptions,
  OptimisticSender,
  OptimisticSendOptions,
  OptimisticView,
} from './operators/optimistic.js';
export { projection } from './operators/projection.js';
export type { Projection, ProjectionOptions } from './operators/projection.js';

// From clocked streams to plain ones, and to consumers that ask
export { clock } from './operators/clock.js';
export { consume } from './operators/consume.js';
export type { ConsumeOptions } from './operators/consume.js';
export { toReadableStream } from './operators/to-readable-stream.js';
export type { ToReadableStreamOptions } from './operators/to-readable-stream.js';
export type { NotNull } from './operators/value.js';
export { values } from './operators/values.js';

export * from './errors/index.js';
export type * from './types.js';
