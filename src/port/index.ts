export type { Line } from './line.js';
export { lineInMemory } from './line-in-memory.js';
export { LineClosedError, UnsendableValueError } from './lines/errors.js';
export { acceptPorts, dialPort, type SharedScope } from './lines/dial-port.js';
export { portLine } from './lines/port-line.js';
export type { PortLike } from './lines/port-like.js';
export { socketLine, type SocketLike, type SocketLineOptions } from './lines/socket-line.js';
export { transportLine, type Transport, type TransportEvents } from './lines/transport-line.js';
