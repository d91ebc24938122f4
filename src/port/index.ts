export { connect } from './client/connect.js';
export type {
  Connection,
  ConnectionStats,
  RemoteReceiver,
  RemoteReceiverOptions,
  RemoteSenderStats,
} from './client/connection.js';
export type { ConnectOptions } from './client/options.js';
export type { ConnectionState } from './client/states.js';
export {
  FrameTooLargeError,
  LineSilentError,
  PastGoneError,
  ProtocolError,
  ProtocolVersionError,
  RefusedError,
  RemoteError,
  SendUnknownError,
} from './errors.js';
export { serve, type Server, type ServerStats } from './server/serve.js';
export type { AuthorizeRequest, ServeOptions } from './server/options.js';
export type { Line } from './line.js';
export { lineInMemory } from './line-in-memory.js';
export { LineClosedError, UnsendableValueError } from './lines/errors.js';
export { acceptPorts, dialPort, type SharedScope } from './lines/dial-port.js';
export { portLine } from './lines/port-line.js';
export type { PortLike } from './lines/port-like.js';
export { socketLine, type SocketLike, type SocketLineOptions } from './lines/socket-line.js';
export { transportLine, type Transport, type TransportEvents } from './lines/transport-line.js';
