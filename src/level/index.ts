export {
  CheckpointDamagedError,
  LogDamagedError,
  LogFolderError,
  LogFormatError,
  LogFullError,
  LogLockedError,
  LogStoreError,
  MissingPeerError,
} from '../log/store-errors.js';
export { openLevelLog, type LevelLogOptions } from './open-level-log.js';
