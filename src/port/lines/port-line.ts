import { InvalidArgumentError } from '../../errors/inputs.js';
import { randomId } from '../../log/random-id.js';
import { isUsable } from '../../options/guards.js';
import type { Line } from '../line.js';
import { checkCloneable, notCloneable } from './cloneable.js';
import { LineClosedError } from './errors.js';
import { holdLock, type Locks, watchLock, webLocks } from './peer-lock.js';
import { isOfNode, listen, type PortLike } from './port-like.js';
import { MARK } from './mark.js';
import { QueuedLine } from './queued-line.js';
import { textOf } from './reason-text.js';

/** A frame; the name of the lock that the sender of this message holds; the end, with a reason. */
type Kind = 'frame' | 'lock' | 'close';
type Message = readonly [mark: typeof MARK, kind: unknown, content: unknown];

/** Milliseconds. What a peer sent before it went is on its way still when its lock is free already. */
const GRACE = 100;
/** Milliseconds. So long a lock is kept after its line: that it was closed is told before that it is gone. */
const FAREWELL = 1000;

/**
 * A line over a port: a `MessagePort` (that of a `SharedWorker` or of a frame, too), a `Worker`, the global scope inside
 * one (`self`), or what `node:worker_threads` has of these.
 *
 *     const connection = connect(() => portLine(new SharedWorker('shared.js').port));
 *
 * Frames are copied by structured clone. Messages that are not of the line are left alone. A port is good for one line: see
 * `dialPort` for how to connect again to a worker, after a line has broken; a `SharedWorker` has a new port for each
 * `new SharedWorker(…)`.
 *
 * The line closes when the port says that it was closed, when the worker has ended (Node), and, in browsers, when the page
 * or worker at the other side is gone: each side holds a Web Lock as long as it lives, and waits for that of the other.
 * Closing it closes a `MessagePort`; it never ends a worker.
 *
 * Throws `InvalidArgumentError` for what is no port.
 */
export function portLine(port: PortLike): Line {
  return new PortLine(checkedPort('portLine', port));
}

class PortLine extends QueuedLine {
  readonly #port: PortLike;
  readonly #locks: Locks | undefined;
  readonly #forget: () => void;
  readonly #release: (() => void) | undefined;
  #unwatch: (() => void) | undefined;

  constructor(port: PortLike) {
    super();
    this.#port = port;
    this.#forget = listen(port, {
      message: (data) => this.#take(data),
      gone: (reason) => this.#gone(reason),
    });
    this.#locks = isOfNode(port) ? undefined : webLocks();
    if (this.#locks !== undefined) {
      const name = `${MARK} ${randomId()}`;
      this.#release = holdLock(this.#locks, name, () => this.#say('lock', name));
    }
  }

  post(frame: unknown): void {
    this.#say('frame', frame);
  }

  /** Throws `UnsendableValueError` for what can't be cloned. */
  check(value: unknown): void {
    checkCloneable(value);
  }

  close(reason?: unknown): void {
    if (!this.ended) this.#say('close', textOf(reason));
    if (this.endHere(reason)) this.#leave();
  }

  #say(kind: Kind, content: unknown): void {
    if (this.ended) return;
    try {
      this.#port.postMessage([MARK, kind, content] satisfies Message);
    } catch (error) {
      this.close(kind === 'frame' ? notCloneable(error) : error);
    }
  }

  #take(data: unknown): void {
    if (!isMessage(data)) return;
    const [, kind, content] = data;
    if (kind === 'frame') this.deliver(content);
    else if (kind === 'close') this.#gone(typeof content === 'string' ? content : undefined);
    else if (kind === 'lock' && typeof content === 'string') this.#watch(content);
  }

  #watch(name: string): void {
    // Of one that says more than one name, the first counts.
    if (this.#locks === undefined || this.#unwatch !== undefined || this.ended) return;
    const stop = watchLock(this.#locks, name, () => {
      const timer = setTimeout(() => this.#gone('the page or worker at the other side is gone'), GRACE);
      this.#unwatch = () => clearTimeout(timer);
    });
    this.#unwatch = stop;
  }

  #gone(reason: string | undefined): void {
    if (this.endByPeer(reason === undefined ? undefined : new LineClosedError(reason))) this.#leave();
  }

  #leave(): void {
    this.#forget();
    this.#unwatch?.();
    if (this.#release !== undefined) setTimeout(this.#release, FAREWELL);
    if (typeof this.#port.start === 'function') this.#port.close?.();
  }
}

function isMessage(data: unknown): data is Message {
  return Array.isArray(data) && data.length === 3 && data[0] === MARK;
}

/** Refuses what can't be used as a port. */
export function checkedPort(called: string, port: PortLike): PortLike {
  if (isPort(port)) return port;
  throw new InvalidArgumentError(called, 'port', port, 'a MessagePort, a Worker, or the global scope inside one');
}

export function isPort(port: unknown): port is PortLike {
  const given = (isUsable(port) ? Object(port) : {}) as Record<string, unknown>;
  const listens = typeof given.on === 'function' || typeof given.addEventListener === 'function';
  // What a window posts, it gets itself.
  return typeof given.postMessage === 'function' && listens && given.document === undefined;
}
