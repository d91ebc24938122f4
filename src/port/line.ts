import { hasMethods } from '../options/guards.js';

/**
 * A connection that carries frames between two peers, such as a MessagePort or a WebSocket: whole, in order, or not at
 * all once it is closed.
 *
 * A transport of your own implements this. `describeLine` of `rxjs-clocked-dispatch/testing` tests it.
 */
export interface Line {
  /** Sends a frame. Never throws: a line that cannot send closes. After the line has closed it does nothing. */
  post(frame: unknown): void;
  /** Is called with each frame that arrives. Frames that arrive before it is set wait for it. */
  onframe: ((frame: unknown) => void) | undefined;
  /** Is called once when the line is gone, whoever closed it, with what is known of the reason. */
  onclose: ((reason?: unknown) => void) | undefined;
  /** Closes the line on both sides. Calling it again does nothing. */
  close(reason?: unknown): void;
  /** Bytes that were posted and have not been sent yet, where the transport can tell. */
  readonly buffered?: number;
  /** Throws for a value that would not arrive as it is, in a frame. Left out where every value does. */
  check?(value: unknown): void;
  /**
   * How many bytes a frame may have that comes to this end: the other side is told, and sends none that is longer. Left out
   * where any will do.
   */
  readonly maxFrame?: number;
  /** How many bytes a frame has as it is sent. Never throws. Left out where nobody limits them. */
  size?(frame: unknown): number;
}

/** Whether it can be used as a line. */
export function isLine(given: unknown): given is Line {
  return hasMethods(given, ['post', 'close']);
}
