export type { JetStreamConnection, JetStreamMessage, JetStreamSubscription } from './connection.js';
export {
  ForeignMessageError,
  PayloadTooLargeError,
  StreamAccessError,
  StreamMissingError,
  StreamReplacedError,
  StreamUnfitError,
} from './errors.js';
export { openJetStreamLog, type JetStreamLogOptions } from './open-jetstream-log.js';
