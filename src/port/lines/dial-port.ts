import { InvalidArgumentError } from '../../errors/inputs.js';
import { isUsable } from '../../options/guards.js';
import type { Line } from '../line.js';
import { MARK } from './mark.js';
import { isOfNode, type PortLike } from './port-like.js';
import { checkedPort, isPort, portLine } from './port-line.js';

type Dial = readonly [mark: typeof MARK, kind: 'dial', port: PortLike];

/**
 * Lines to a worker, or whoever else is behind a port: a new one for each call, over a `MessageChannel` of its own, so that
 * who has lost one can connect again. At the other side is `acceptPorts`.
 *
 *     const worker = new Worker('worker.js', { type: 'module' });
 *     const connection = connect(dialPort(worker));
 *
 * Throws `InvalidArgumentError` for what is no port.
 */
export function dialPort(port: PortLike): () => Line {
  const checked = checkedPort('dialPort', port);
  return () => {
    const { port1, port2 } = new MessageChannel();
    checked.postMessage([MARK, 'dial', port2] satisfies Dial, [port2]);
    return portLine(port1);
  };
}

/**
 * Calls `accept` with each line that `dialPort` opens from the other side of a port, such as the scope inside a worker
 * (`self`), or `parentPort` of `node:worker_threads`; inside a `SharedWorker`, with a line for each page that connects.
 *
 *     const server = serve(dispatcher);
 *     acceptPorts(self, (line) => server.accept(line));
 *
 * Call it before the script of the worker waits for anything: a browser keeps no messages for later. Returns how to stop;
 * lines stay. Throws `InvalidArgumentError` for what is no port, or no function.
 */
export function acceptPorts(port: PortLike | SharedScope, accept: (line: Line) => void): () => void {
  if (typeof accept !== 'function') {
    throw new InvalidArgumentError('acceptPorts', 'accept', accept, 'a function that takes a line');
  }
  if (isSharedScope(port)) {
    return heard(port, 'connect', (event: ConnectEvent) => {
      for (const connected of event.ports) accept(portLine(connected));
    });
  }
  const checked = checkedPort('acceptPorts', port);
  const take = (data: unknown): void => {
    if (isDial(data)) accept(portLine(data[2]));
  };
  if (isOfNode(checked)) {
    checked.on?.('message', take);
    return () => void checked.off?.('message', take);
  }
  const stop = heard(checked, 'message', ({ data }: { readonly data: unknown }) => take(data));
  checked.start?.();
  return stop;
}

/** The global scope inside a `SharedWorker`. */
export interface SharedScope {
  /** Only that of a `SharedWorker` has it. */
  onconnect: unknown;
  /** Listens. */
  addEventListener(type: string, listener: unknown): void;
  /** Listens no more. */
  removeEventListener(type: string, listener: unknown): void;
}

interface ConnectEvent {
  readonly ports: readonly PortLike[];
}

function heard(
  scope: Pick<PortLike, 'addEventListener' | 'removeEventListener'>,
  type: string,
  listener: (event: never) => void,
): () => void {
  scope.addEventListener?.(type, listener);
  return () => scope.removeEventListener?.(type, listener);
}

function isSharedScope(port: PortLike | SharedScope): port is SharedScope {
  return isUsable(port) && 'onconnect' in (Object(port) as object);
}

function isDial(data: unknown): data is Dial {
  return Array.isArray(data) && data[0] === MARK && data[1] === 'dial' && data.length === 3 && isPort(data[2]);
}
