export {
  LogDamagedError,
  LogFolderError,
  LogFormatError,
  LogFullError,
  LogLockedError,
  LogStoreError,
  MissingPeerError,
} from '../log/store-errors.js';
