import { acceptPorts } from 'rxjs-clocked-dispatch/port';
import { ASK, type Answer } from '../app/log/states';
import { openDeskLog } from './desk-log';

// The log and its dispatcher live here, once for all tabs; pages are clients. In a Worker, where there is no SharedWorker,
// each tab has its own dispatcher, and the log is the same.

/** The scope of a worker, as far as it is used; the types of pages don't know it. */
interface WorkerScope {
  addEventListener(type: 'message', listen: (event: MessageEvent) => void): void;
  addEventListener(type: 'connect', listen: (event: { readonly ports: readonly MessagePort[] }) => void): void;
  close(): void;
}

const scope = globalThis as unknown as WorkerScope;
// A page that is loaded again gets a new worker, also while other tabs are open.
const opened = openDeskLog(() => scope.close());

// Before anything is waited for: a browser keeps no messages for later.
acceptPorts(self, (line) => {
  opened.then(
    ({ accept }) => accept(line),
    (error: unknown) => line.close(error),
  );
});
scope.addEventListener('message', answer);
scope.addEventListener('connect', ({ ports }) => {
  for (const port of ports) port.addEventListener('message', answer);
});

/** A page asks where to go on from. */
function answer({ data, ports: [reply] }: MessageEvent): void {
  if (data !== ASK || reply === undefined) return;
  const say = (what: Answer): void => reply.postMessage(what);
  opened.then(
    ({ states }) => say({ states: states() }),
    (error: unknown) => say({ problem: error instanceof Error ? error.message : String(error) }),
  );
}
