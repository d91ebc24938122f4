export type { Codec } from './codec.js';
export { jsonCodec } from './json-codec.js';
export { structuredCodec } from './structured-codec.js';
export { memoryLog, type MemoryLogOptions } from './memory-log.js';
export type {
  Addressed,
  AppendOptions,
  Checkpoint,
  CheckpointName,
  Entry,
  EventLog,
  LogHead,
  Position,
} from './event-log.js';
export {
  CheckpointError,
  LogBusyError,
  LogClosedError,
  LogFencedError,
  LogOutcomeUnknownError,
  LogPositionError,
  type Stored,
  UnstorableValueError,
} from './errors.js';
export {
  CheckpointDamagedError,
  LogDamagedError,
  LogFolderError,
  LogFormatError,
  LogFullError,
  LogLockedError,
  LogStoreError,
  MissingPeerError,
} from './store-errors.js';
export { openDispatcher, type OpenDispatcherOptions } from './dispatcher/open-dispatcher.js';
export type { SenderFailure } from './dispatcher/senders.js';
export type { AddressedTo } from './dispatcher/addressees.js';
export type {
  DurableDispatcher,
  DurableSender,
  DurableSendOptions,
  DurableStats,
  LogReceiver,
  LogReceiverOptions,
  LogReceiverStats,
} from './dispatcher/durable-dispatcher.js';
export type {
  DurableProjection,
  DurableProjectionOptions,
  FoldFailure,
  ProjectionProgress,
} from './projection/durable-projection.js';
export { FoldError } from './projection/fold-error.js';
