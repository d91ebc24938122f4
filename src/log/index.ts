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
