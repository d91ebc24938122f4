export { LogLostError, LogOutdatedError, LogUnavailableError } from './errors.js';
export { openIndexedDbLog, type IndexedDbLogOptions } from './open-indexeddb-log.js';
export { requestPersistence } from './request-persistence.js';
