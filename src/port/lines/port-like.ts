/**
 * What a line needs of a port: a `MessagePort`, a `Worker`, the global scope inside a worker, or what
 * `node:worker_threads` has of these. Only the methods are looked at.
 */
export interface PortLike {
  /** Sends a copy; what is in `transfer` goes over to the other side. */
  postMessage(message: unknown, transfer?: unknown): void;
  /** Listens, in browsers. */
  addEventListener?(type: string, listener: unknown): void;
  /** Listens no more, in browsers. */
  removeEventListener?(type: string, listener: unknown): void;
  /** Listens, in Node. */
  on?(type: string, listener: unknown): unknown;
  /** Listens no more, in Node. */
  off?(type: string, listener: unknown): unknown;
  /** Only a `MessagePort` has it: it delivers nothing before. */
  start?(): void;
  /** Only that of a `MessagePort` is called: that of a worker's scope ends the worker. */
  close?(): void;
}

/** What is heard of a port. */
export interface PortEvents {
  readonly message: (data: unknown) => void;
  /** The other side is gone, or can't be understood. */
  readonly gone: (reason: string) => void;
}

/** Listens to a port of a browser or of Node; returns how to stop. */
export function listen(port: PortLike, events: PortEvents): () => void {
  return isOfNode(port) ? listenInNode(port, events) : listenInBrowser(port, events);
}

/** Node has Web Locks as well, from version 24 on; it needs none, for it tells when a port is gone. */
export function isOfNode(port: PortLike): boolean {
  return typeof port.on === 'function';
}

function listenInNode(port: PortLike, { message, gone }: PortEvents): () => void {
  const listeners = {
    message,
    messageerror: () => gone(UNREADABLE),
    // Of a port.
    close: () => gone('the port was closed'),
    // Of a Worker. Its `error` is left to whoever started it: unheard, it has to end the process.
    exit: (code: number) => gone(`the worker has ended with code ${code}`),
  };
  const all = Object.entries<unknown>(listeners);
  for (const [type, listener] of all) port.on?.(type, listener);
  return () => {
    for (const [type, listener] of all) port.off?.(type, listener);
  };
}

function listenInBrowser(port: PortLike, { message, gone }: PortEvents): () => void {
  const listeners = {
    message: ({ data }: { readonly data: unknown }) => message(data),
    messageerror: () => gone(UNREADABLE),
    // Newer browsers only.
    close: () => gone('the port was closed'),
    // An exception inside a worker has a message, and the worker goes on; a script that can't be loaded has none.
    error: (event: object) => {
      if (!('message' in event)) gone('the script of the worker could not be loaded');
    },
  };
  const all = Object.entries<unknown>(listeners);
  for (const [type, listener] of all) port.addEventListener?.(type, listener);
  port.start?.();
  return () => {
    for (const [type, listener] of all) port.removeEventListener?.(type, listener);
  };
}

const UNREADABLE = 'a message could not be read';
