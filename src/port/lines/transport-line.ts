import { InvalidArgumentError } from '../../errors/inputs.js';
import { reportError } from '../../log/report-error.js';
import type { Line } from '../line.js';
import { QueuedLine } from './queued-line.js';

/** What a transport of your own tells its line. */
export interface TransportEvents {
  /** A frame has arrived: whole, behind those that were sent before it. */
  readonly frame: (frame: unknown) => void;
  /** The other side is gone, and nothing more will arrive. Calling it again does nothing. */
  readonly closed: (reason?: unknown) => void;
}

/** What a line asks of a transport of your own. */
export interface Transport {
  /** Sends a frame. Where it throws, the line closes with the error. It is not called after `close`. */
  readonly post: (frame: unknown) => void;
  /**
   * Ends the connection, behind what was posted. It is called once, and not where the other side was first. What it throws
   * is reported as an uncaught error.
   */
  readonly close: (reason?: unknown) => void;
  /** Bytes that were posted and have not been sent yet. */
  readonly buffered?: () => number;
  /** How many bytes a frame may have that arrives here: the other side is told, and sends none that is longer. */
  readonly maxFrame?: number;
  /** How many bytes a frame has as it is sent; without it, frames that go out have no limit. */
  readonly size?: (frame: unknown) => number;
}

/**
 * A line over a transport of your own: frames wait for `onframe` and the end for `onclose`, as a line has to have it.
 *
 *     transportLine(({ frame, closed }) => {
 *       pipe.on('data', frame).on('close', closed);
 *       return { post: (frame) => pipe.write(frame), close: () => pipe.end() };
 *     });
 *
 * `open` is called once, at once. Throws what it throws, and `InvalidArgumentError` where it is no function.
 */
export function transportLine(open: (events: TransportEvents) => Transport): Line {
  if (typeof open !== 'function') {
    throw new InvalidArgumentError('transportLine', 'open', open, 'a function that answers with { post, close }');
  }
  return new TransportLine(open);
}

class TransportLine extends QueuedLine {
  readonly #transport: Transport;

  constructor(open: (events: TransportEvents) => Transport) {
    super();
    this.#transport = open({
      frame: (frame) => this.deliver(frame),
      closed: (reason) => void this.endByPeer(reason),
    });
  }

  get buffered(): number {
    return this.#transport.buffered?.() ?? 0;
  }

  get maxFrame(): number {
    return this.#transport.maxFrame ?? Infinity;
  }

  size(frame: unknown): number {
    try {
      return this.#transport.size?.(frame) ?? 0;
    } catch {
      // As it is posted, the line closes with what is wrong.
      return 0;
    }
  }

  post(frame: unknown): void {
    if (this.ended) return;
    try {
      this.#transport.post(frame);
    } catch (error) {
      this.close(error);
    }
  }

  close(reason?: unknown): void {
    if (!this.endHere(reason)) return;
    try {
      this.#transport.close(reason);
    } catch (error) {
      // Whoever closes lines has more to do, also for others.
      reportError(error);
    }
  }
}
